/** Text to tree and back. Start at `parse.ts`. */
export type * from "./ast.ts";
export type * from "./diagnostic.ts";
export { editDistance } from "./edit-distance.ts";
export { createReader, type Read } from "./create-reader.ts";
export { limitDeclarations } from "./limit-declarations.ts";
export { parse } from "./parse.ts";
export { printParameter } from "./print/action.ts";
export { printExpression } from "./print/expression.ts";
export { print } from "./print/print.ts";
export { quote } from "./print/word.ts";
export { printLimit, printRule, printSelector } from "./print/rule.ts";
export { renderDiagnostics, type RenderOptions } from "./frame/render-diagnostics.ts";
export { positionOf } from "./position.ts";

/** Tree to table, and what can be told from a policy. Start at `compile.ts`. */
export { compile, type CompileOptions } from "./compile.ts";
export { sha256Hex } from "./hash.ts";
export { serializeTable } from "./lower/lower-table.ts";
export type * from "./program.ts";
export { explainText, type ExplainTextOptions } from "./explain/explain-text.ts";
export { nearestName } from "./nearest-name.ts";
export { type Cell, type CellRule, type Matrix, matrix, type MatrixAction, type MatrixAgent } from "./matrix/matrix.ts";
export type { MatrixRule } from "./matrix/matrix.ts";
export { matrixHtml } from "./matrix/matrix-html.ts";
export { matrixJson } from "./matrix/matrix-json.ts";
export { matrixText, type MatrixTextOptions } from "./matrix/matrix-text.ts";
export type { Outcome, OutcomeTier } from "./matrix/outcomes.ts";
export { type ReadScenario, readScenario, type ScenarioText } from "./explain/scenario.ts";
export { testRunJson } from "./test-runner/render-json.ts";
export { testRunJunit } from "./test-runner/render-junit.ts";
export { testRunText, type TestTextOptions } from "./test-runner/render-text.ts";
export { runTests, type TestOptions } from "./test-runner/run-tests.ts";
export type * from "./test-runner/test-run.ts";

/** Compiling that remembers: for who compiles one policy again and again, of which little has changed. */
import { createReader } from "../dsl/index.ts";
import { createCellMemory } from "./checks/index.ts";
import { compile, type CompileOptions } from "./compile.ts";

export type Compile = typeof compile;

/** Gives what `compile` gives. Files that didn't change aren't read again, nor parts of the policy looked at again. */
export function createCompiler(): Compile {
  const kept: CompileOptions = { read: createReader(), cells: createCellMemory() };
  return (sources, options) => compile(sources, { ...kept, ...options });
}

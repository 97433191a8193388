/** Fifth stage: design mistakes in a policy that is otherwise right. One check is one file. */
import type { Program } from "../program.ts";
import type { Report } from "../report.ts";
import type { Names } from "../collect/names.ts";

export interface CheckContext {
  readonly program: Program;
  readonly names: Names;
  /** `kind name` of everything that something refers to. */
  readonly used: ReadonlySet<string>;
  /** UTC milliseconds; null where nobody said what day it is. */
  readonly today: number | null;
  readonly report: Report;
}

export type Check = (context: CheckContext) => void;

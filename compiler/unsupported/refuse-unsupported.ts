/** What the language has and this version doesn't enforce yet. Each is an error: nothing is ever passed over. */
import type { Span } from "../../dsl/index.ts";
import type { Report } from "../report.ts";

interface Unsupported {
  readonly code: string;
  readonly what: string;
  readonly help: string;
}

/** By what is met. Codes stay; an entry goes when its feature comes. */
const UNSUPPORTED = {
  prove: { code: "AP9006", what: "`prove`", help: "write `test` blocks for the cases that matter" },
} as const satisfies { readonly [what: string]: Unsupported };

export type UnsupportedKind = keyof typeof UNSUPPORTED;

/** Always null, for callers that give back what they resolved. */
export function refuseUnsupported(kind: UnsupportedKind, span: Span, report: Report): null {
  const { code, what, help } = UNSUPPORTED[kind];
  report.error(code, { span, message: `${what} is not supported yet`, label: "can't be enforced yet", help });
  return null;
}

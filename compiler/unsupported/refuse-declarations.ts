/** Third stage: declarations that parse and can't be enforced yet. */
import type { Declaration, File, Span } from "../../dsl/index.ts";
import type { Report } from "../report.ts";
import { refuseUnsupported, type UnsupportedKind } from "./refuse-unsupported.ts";

const DECLARATIONS: { readonly [kind in Declaration["kind"]]?: UnsupportedKind } = {
  Prove: "prove",
};

export function refuseDeclarations(files: readonly File[], report: Report): void {
  for (const declaration of files.flatMap((file) => [...file.declarations])) {
    const kind = DECLARATIONS[declaration.kind];
    if (kind) refuseUnsupported(kind, nameSpan(declaration), report);
  }
}

function nameSpan(declaration: Declaration): Span {
  if ("name" in declaration) return declaration.name.span;
  return "title" in declaration ? declaration.title.span : declaration.span;
}

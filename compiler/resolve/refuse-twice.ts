/** One setting that was written a second time. */
import type { Span } from "../../dsl/index.ts";
import type { Report } from "../report.ts";

export function refuseTwice(setting: { readonly span: Span }, first: Span, report: Report): void {
  report.error("AP2006", {
    span: setting.span,
    message: "this setting stands twice",
    label: "again here",
    related: [{ span: first, label: "first here" }],
    help: "keep one of them",
  });
}

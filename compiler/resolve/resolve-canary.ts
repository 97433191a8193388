/** Canaries: markers planted in data. The policy knows their hashes only, or reading it would give them away. */
import type { CanaryDeclaration, Span } from "../../dsl/index.ts";
import type { Canary } from "../../engine/index.ts";
import type { Placed } from "../program.ts";
import type { Report } from "../report.ts";
import { readSha256 } from "./read-sha256.ts";

/** Those without a mistake; two with one hash couldn't be told apart. */
export function resolveCanaries(nodes: readonly CanaryDeclaration[], report: Report): readonly Placed<Canary>[] {
  const seen = new Map<string, { readonly name: string; readonly span: Span }>();
  return nodes.flatMap((node) => {
    const sha256 = hashOf(node, report);
    if (sha256 === null) return [];
    const name = node.name.value;
    const first = seen.get(sha256);
    seen.set(sha256, first ?? { name, span: node.sha256.span });
    if (first) {
      report.error("AP5106", {
        span: node.sha256.span,
        message: `\`${first.name}\` and \`${name}\` are one canary`,
        label: "the same hash",
        related: [{ span: first.span, label: "first here" }],
        help: "remove one of them, or plant another marker",
      });
    }
    return [{ row: { name, sha256 }, span: node.name.span }];
  });
}

/** The hash; a marker that stands in its place is told apart, since it is given away by now. */
function hashOf({ name, sha256 }: CanaryDeclaration, report: Report): string | null {
  if (!sha256.value.startsWith("apc_")) return readSha256(sha256, "hash of a canary", report);
  report.error("AP5105", {
    span: sha256.span,
    message: "this is the marker itself, and a policy holds only its hash: whoever reads the policy knows it now",
    label: "given away",
    help: `make another with \`agentpolicy canary new ${name.value}\`, which prints the line with its hash`,
  });
  return null;
}

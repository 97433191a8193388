/** What the language has and this version doesn't enforce yet. Each is an error: nothing is ever passed over. */
import type { Span } from "../../dsl/index.ts";
import type { Report } from "../report.ts";

interface Unsupported {
  readonly code: string;
  readonly what: string;
  readonly help: string;
}

const REMOVE = "remove it, or keep it as a `//` comment until then";

/** By what is met. Codes stay; an entry goes when its feature comes. */
const UNSUPPORTED = {
  server: { code: "AP9001", what: "`server`", help: "declare each action with its parameters instead" },
  "live set": { code: "AP9002", what: "`live set`", help: "use a `set`, whose members stand in the policy" },
  gateway: { code: "AP9003", what: "`gateway`", help: REMOVE },
  canary: { code: "AP9004", what: "`canary`", help: REMOVE },
  breaker: { code: "AP9005", what: "`breaker`", help: "use limits, and kill switches by hand" },
  prove: { code: "AP9006", what: "`prove`", help: "write `test` blocks for the cases that matter" },
  "agent like": { code: "AP9007", what: "`agent … like …`", help: "name the same `roles` in both agents" },
  "identity oidc": { code: "AP9008", what: "`identity oidc`", help: "use `identity key ed25519`" },
  "identity mtls": { code: "AP9009", what: "`identity mtls`", help: "use `identity key ed25519`" },
  "may call": { code: "AP9010", what: "`may call`", help: REMOVE },
  "may become": { code: "AP9011", what: "`may become`", help: "grant it with `ask … via …`" },
  escalate: { code: "AP9012", what: "`escalate`", help: "name all groups under `approvers`" },
  reuse: { code: "AP9013", what: "`reuse`", help: REMOVE },
  fatigue: { code: "AP9014", what: "`fatigue`", help: REMOVE },
  decoys: { code: "AP9015", what: "`decoys`", help: REMOVE },
  "per requester": { code: "AP9016", what: "a limit `per requester`", help: "limit `per session` or `per agent`" },
  "per fleet": { code: "AP9017", what: "a limit `per fleet`", help: "limit `per agent`" },
  "contain canaries": { code: "AP9018", what: "`contain canaries`", help: "use `secrets` or `card_numbers`" },
  clears: { code: "AP9019", what: "`clears`", help: "a label stays until the session ends" },
  "session.open": { code: "AP9020", what: "`session.open`", help: "an agent opens at most 60 sessions an hour" },
  "session did session.open": { code: "AP9020", what: "`session.open`", help: "ask about `session.age` instead" },
} as const satisfies { readonly [what: string]: Unsupported };

export type UnsupportedKind = keyof typeof UNSUPPORTED;

/** Always null, for callers that give back what they resolved. */
export function refuseUnsupported(kind: UnsupportedKind, span: Span, report: Report): null {
  const { code, what, help } = UNSUPPORTED[kind];
  report.error(code, { span, message: `${what} is not supported yet`, label: "can't be enforced yet", help });
  return null;
}

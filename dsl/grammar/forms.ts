/** How each item is written: what a message shows where nothing better can be told of a mistake in one. */
import type { IToken } from "chevrotain";
import type { Unexpected } from "./explain-unexpected.ts";
import type { Landmarks } from "./landmarks.ts";
import * as t from "../lex/tokens.ts";

const forms: ReadonlyMap<string, string> = new Map(
  Object.entries({
    allow: "allow ACTION when CONDITION",
    notify: "notify ACTION when CONDITION to CHANNEL",
    ask: "ask ACTION when CONDITION via APPROVAL",
    never: "never ACTION when CONDITION",
    limit: "limit ACTION to 20 in 1h per agent",
    label: "label NAME is taint",
    set: 'set NAME = ["a", "b"]',
    live: "live set NAME editors GROUP",
    schedule: 'schedule NAME = mon-fri 09:00-17:00 "Europe/Berlin"',
    group: 'group NAME = ["ana@acme.example"]',
    channel: 'channel NAME = slack secret "SECRET_NAME"',
    server: 'server NAME mcp "https://…" tools "FILE" sha256 "…"',
    define: "define NAME(x: string) = CONDITION",
    may: "may call AGENT for ACTION` or `may become ROLE via APPROVAL for 2h",
    identity: 'identity key ed25519 "…"',
    canary: 'canary NAME sha256 "…"',
    breaker: "breaker NAME { when 5 denied in 1m per session then kill session }",
    session: "session lifetime 8h idle 30m",
    people: 'people oidc "https://…" audience "…"',
    requesters: 'requesters oidc "https://…" audience "…"',
    review: "review by 2027-01-31",
    requester: "requester required",
    task: "task from client",
    starts: "starts with LABEL",
    escalate: "escalate GROUP after 1h",
    reuse: "reuse 5 in 1h varying (ARGUMENT)",
    fatigue: "fatigue 20 in 1h",
    decoys: "decoys 1 in 20",
    repeat: "repeat 3: ACTION(NAME: value) => allow",
    given: 'given session has LABEL` or `given set NAME has "x"',
    delegate: "delegate to AGENT",
    become: "become ROLE => ask",
    after: "after 2h",
    no: "no agent can ACTION and ACTION",
  }),
);

/** More of a call than this isn't repeated. */
const longestCall = 60;

/** How the item goes on, or the form that it has, as a help; null where there is none. */
export function formOf({ expected, first, before, block, landmarks }: Unexpected): string | null {
  if (expected === "`=>` and what the answer should be") return answerBehind(first, before, landmarks);
  if (/^`[)\]}]`$/.test(expected)) return `close it with ${expected}`;
  const next = landmarks.after(first, 1).tokenType;
  if (!block.words.includes(first.image) || next === t.Dot || next === t.LParen) return null;
  const form = forms.get(first.image);
  return form === undefined ? null : `it is written \`${form}\``;
}

/** A call that ends without what should come of it. */
function answerBehind(first: IToken, last: IToken, landmarks: Landmarks): string {
  const call = landmarks.textBetween(first.startOffset, last.startOffset + last.image.length).trim();
  const answer = first.image === "become" ? "ask" : "allow";
  const shown = call.length > longestCall || /[\r\n`]/.test(call) ? `… => ${answer}` : `${call} => ${answer}`;
  return `write \`${shown}\`, or what else should come of it: ${others(answer)} or the reason of a denial`;
}

function others(answer: string): string {
  const rest = ["allow", "notify", "ask", "never"].filter((one) => one !== answer);
  return rest.map((one) => `\`${one}\``).join(", ");
}

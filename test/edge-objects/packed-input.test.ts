import * as fc from "fast-check";
import { expect, test } from "vitest";
import { type AuthorizeInput, packInput, unpackInput } from "../../edge/rpc.ts";
import { match, type Remainder } from "../../engine/index.ts";
import { choiceOf } from "../reference/choice.ts";
import { compiled, sourceOf, withoutErrors } from "../reference/compiled.ts";
import { randomPolicy } from "../reference/random-policy.ts";
import { randomQuestion } from "../reference/random-request.ts";

const RUNS = Number(process.env["PROPERTY_RUNS"] ?? 60);
const REQUESTS = 10;

const asked = (remainder: Remainder): AuthorizeInput => ({
  sequence: 3,
  session: "ses_00000000000000000000000000",
  agent: remainder.agent,
  request_id: "\u2028 r",
  request_digest: "sha256:00",
  args_sha256: "00",
  args: '{"text":"\\u0000\ud83d\ude00"}',
  canonical_args: null,
  reviewable: true,
  approval: null,
  at: 1_795_294_655_207,
  intent: null,
  confidence: 0.1,
  trace: null,
  remainder,
  classes: [],
  describe: { owner: "ops", purpose: "p", recovery: null },
  groups: [],
  settings: { lease: 10_000, idle: 3_600_000 },
});

test("what the session's object gets is what the Worker sent, whatever the policy", {
  timeout: 60_000 + RUNS * 500,
}, () => {
  fc.assert(
    fc.property(fc.gen(), (draw) => {
      const choice = choiceOf(draw);
      const plan = withoutErrors(randomPolicy(choice));
      if (plan === null) return;
      const { prepared } = compiled([sourceOf(plan.declarations)]);
      for (let number = 0; number < REQUESTS; number += 1) {
        const input = asked(match(prepared, randomQuestion(choice, plan)));
        expect(unpackInput(packInput(input))).toStrictEqual(input);
      }
    }),
    { numRuns: RUNS },
  );
});

test("amounts and limits keep every digit, and what restricts otherwise than it grants does so still", () => {
  const rule = { id: "r", tier: "allow", trial: false, block: "b", to: [], via: [], text: "", doc: null } as const;
  const rows = [
    { rule, may_grant: true, role: null, grants: true, restricts: false },
    { rule, may_grant: true, role: null, grants: false, restricts: false },
    { rule, may_grant: true, role: null, grants: { op: "session_has", label: "x" }, restricts: true },
  ] as const;
  const [amount, n] = [2n ** 70n + 1n, 10n ** 30n];
  const limit = {
    id: "l",
    counter: "c",
    trial: false,
    per: "session",
    agent: null,
    role: null,
    key: "[]",
    window: null,
  };
  const limits = [{ ...limit, per: "session", via: null, text: "", holds: true, amount, n }] as const;
  const remainder = { rows, limits } as unknown as Remainder;
  expect(unpackInput(packInput(asked(remainder))).remainder).toStrictEqual(remainder);
});

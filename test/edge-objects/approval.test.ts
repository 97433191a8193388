import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  type ApprovalState,
  type ApprovalStep,
  askApproval,
  deadlineOf,
  isLive,
  stepApproval,
} from "../../edge/approvals/approval.ts";

const ALLOWED = new Set([
  "pending>approved",
  "pending>denied",
  "pending>expired",
  "pending>cancelled",
  "approved>used",
  "approved>pending",
  "approved>expired",
  "approved>cancelled",
]);

const steps: fc.Arbitrary<ApprovalStep> = fc.oneof(
  fc.record({
    kind: fc.constant("quorum" as const),
    at: fc.integer({ min: 0, max: 100 }),
    use_within: fc.integer({ min: 1, max: 50 }),
  }),
  fc.constant({ kind: "deny" as const, reason: "no" }),
  fc.constant({ kind: "lose_standing" as const }),
  fc.constant({ kind: "use" as const }),
  fc.constant({ kind: "cancel" as const, reason: "killed" }),
  fc.record({ kind: fc.constant("pass" as const), at: fc.integer({ min: 0, max: 200 }) }),
);

test("no order of steps leaves the states that are allowed to follow one another", () => {
  fc.assert(
    fc.property(fc.array(steps, { maxLength: 30 }), (list) => {
      let state: ApprovalState = askApproval(100);
      let used = 0;
      for (const step of list) {
        const next = stepApproval(state, step);
        if (next.status !== state.status) expect(ALLOWED).toContain(`${state.status}>${next.status}`);
        else expect(next).toBe(state);
        if (next.status === "used" && state.status !== "used") used++;
        if (step.kind === "pass" && isLive(next)) expect(step.at).toBeLessThan(deadlineOf(next));
        state = next;
      }
      expect(used).toBeLessThanOrEqual(1);
    }),
  );
});

test("an approval that nobody decides in time expires, and one that is given must be used in time", () => {
  const asked = askApproval(100);
  expect(stepApproval(asked, { kind: "pass", at: 99 })).toBe(asked);
  expect(stepApproval(asked, { kind: "pass", at: 100 }).status).toBe("expired");
  const given = stepApproval(asked, { kind: "quorum", at: 99, use_within: 10 });
  expect(stepApproval(given, { kind: "pass", at: 108 }).status).toBe("approved");
  expect(stepApproval(given, { kind: "pass", at: 109 }).status).toBe("expired");
});

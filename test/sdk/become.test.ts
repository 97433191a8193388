/** Asking for a role: whatever comes back but people's yes is an error. */
import { describe, expect, test } from "vitest";
import {
  ApprovalDenied,
  ApprovalExpired,
  ApprovalPending,
  Denied,
  EdgeUnreachable,
  Killed,
  UnexpectedAnswer,
} from "../../sdk/index.ts";
import type { BecomeOptions } from "../../sdk/index.ts";
import { APPROVAL, approvalState, deny, fakeEdge, open } from "./fake-edge.ts";
import type { Answer, Handler } from "./fake-edge.ts";

const ROLE = { role: "cleaner", until: "2099-01-01T00:00:00.000Z" };
const pending = (): Answer => ({ ...(approvalState("pending") as { status: number; json: object }), status: 202 });
const gained: Handler = () => ({ status: 200, json: { roles: [ROLE] } });

async function asking(
  handlers: { elevation?: Handler; approval?: Handler; state?: Handler },
  options: BecomeOptions = {},
): Promise<{ readonly result: unknown; readonly bodies: readonly object[] }> {
  await using edge = await fakeEdge({ elevation: pending, state: gained, ...handlers });
  const session = await open(edge, 300);
  const result = await session.become("cleaner", "the disk is full", options).catch((error: unknown) => error);
  return { result, bodies: edge.seen.filter((one) => one.path === "/v1/elevations").map((one) => one.body) };
}

test("people are told, waited for, and the role comes with its end", async () => {
  const told: string[] = [];
  const { result, bodies } = await asking(
    { approval: (_, count) => approvalState(count < 2 ? "pending" : "used") },
    { onAsk: ({ id }) => told.push(id) },
  );
  expect(result).toEqual(ROLE);
  expect(bodies).toEqual([{ role: "cleaner", reason: "the disk is full" }]);
  expect(told).toEqual([APPROVAL]);
});

describe("nothing else is a yes", () => {
  const ends: readonly (readonly [string, Answer, new (...args: never[]) => Error])[] = [
    ["a no", approvalState("denied", "not today"), ApprovalDenied],
    ["a question that was called off", approvalState("cancelled"), ApprovalDenied],
    ["no answer in time", approvalState("expired"), ApprovalExpired],
    ["an approval that isn't carried out", approvalState("approved"), Denied],
    ["another approval", { status: 200, json: { id: "apr_1", status: "used", expires_at: "x" } }, UnexpectedAnswer],
  ];
  for (const [name, answer, kind] of ends)
    test(name, async () => {
      expect((await asking({ approval: () => answer })).result).toBeInstanceOf(kind);
    });

  const answers: readonly (readonly [string, Answer, new (...args: never[]) => Error])[] = [
    ["a policy's no", deny("no_rule"), Denied],
    ["a kill", deny("killed"), Killed],
    ["an allow that isn't one", { status: 200, json: { decision: "allow" } }, UnexpectedAnswer],
    ["an approval without a status", { status: 202, json: { id: APPROVAL, expires_at: "x" } }, UnexpectedAnswer],
    ["silence", "hang", EdgeUnreachable],
  ];
  for (const [name, answer, kind] of answers)
    test(`${name}, when asked`, async () => {
      expect((await asking({ elevation: () => answer })).result).toBeInstanceOf(kind);
    });

  test("a role that is over when it is looked at", async () => {
    const state = (): Answer => ({ status: 200, json: { roles: [] } });
    const { result } = await asking({ approval: () => approvalState("used"), state });
    expect(result).toBeInstanceOf(ApprovalExpired);
  });
});

test("a deadline ends the waiting and not the question", async () => {
  const { result } = await asking({ approval: () => approvalState("pending") }, { deadline: 0 });
  expect(result).toBeInstanceOf(ApprovalPending);
  expect(result).toMatchObject({ approval: { id: APPROVAL } });
});

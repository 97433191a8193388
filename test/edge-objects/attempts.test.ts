import { expect, test } from "vitest";
import { type Attempts, attempt, FLOOD, startAttempts } from "../../edge/limits/attempts.ts";

function run(times: readonly number[], start: Attempts = startAttempts(0)) {
  let attempts = start;
  return times.map((at) => {
    const step = attempt(attempts, FLOOD, at);
    attempts = step.attempts;
    return step.outcome.kind;
  });
}

test("twenty requests within any second are taken and no more", () => {
  const kinds = run(Array.from({ length: 40 }, (_, index) => index * 20));
  expect(kinds.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => "taken"));
  expect(kinds.slice(20)).toEqual(Array.from({ length: 20 }, () => "flood"));
  const across = run([...Array.from({ length: 20 }, () => 990), ...Array.from({ length: 20 }, () => 1_010)]);
  expect(across.filter((kind) => kind === "taken")).toHaveLength(20);
  expect(run([...Array.from({ length: 20 }, () => 0), 1_000])[20]).toBe("taken");
});

test("ten times more in one second freezes", () => {
  const kinds = run(Array.from({ length: 201 }, () => 5_000));
  expect(kinds[199]).toBe("flood");
  expect(kinds[200]).toBe("freeze");
});

test("the total is an end, and ten times the total freezes", () => {
  expect(run([0], startAttempts(19_999))).toEqual(["taken"]);
  expect(run([0], startAttempts(20_000))).toEqual(["flood"]);
  expect(run([0], startAttempts(200_000))).toEqual(["freeze"]);
});

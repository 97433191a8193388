import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { assignVotes } from "../../edge/approvals/assign-votes.ts";
import { type Interests, standingOf } from "../../edge/approvals/standing.ts";
import { weighVotes } from "../../edge/approvals/weigh-votes.ts";
import type { PersonRef } from "../../edge/rpc.ts";
import type { Approval, Group } from "../../engine/index.ts";

const groups: readonly Group[] = [
  { name: "finance", members: ["ana@acme.example", "li@acme.example", "kim@acme.example"], claim: null },
  { name: "legal", members: null, claim: { name: "groups", value: "legal" } },
  { name: "owners", members: ["li@acme.example"], claim: null },
];

function approval(name: string, change: Partial<Approval>): Approval {
  return {
    name,
    approvers: ["finance"],
    requester: false,
    quorum: 1,
    tell: [],
    within: 1_000,
    use_within: 900,
    reason_required: false,
    excluding_owners: false,
    escalate: [],
    reuse: null,
    fatigue: null,
    decoys: null,
    doc: null,
    ...change,
  };
}

function person(email: string, claims: PersonRef["claims"] = {}): PersonRef {
  return { iss: "https://people.example", sub: email.split("@")[0] ?? email, email, claims };
}

const nobody: Interests = { requester: null, requester_person: null, owners: ["owners"] };

function asked(requester: Interests["requester"], requester_person: Interests["requester_person"] = null): string {
  const interests = { ...nobody, requester, requester_person };
  return standingOf(person("ana@acme.example"), approval("a", {}), groups, interests).kind;
}

describe("standing", () => {
  test("a member by address and a member by claim may approve, and others never learn of it", () => {
    expect(standingOf(person("ana@acme.example"), approval("a", {}), groups, nobody).kind).toBe("may");
    const legal = approval("a", { approvers: ["legal"] });
    expect(standingOf(person("x@acme.example", { groups: ["legal"] }), legal, groups, nobody).kind).toBe("may");
    expect(standingOf(person("x@acme.example", { groups: "legal" }), legal, groups, nobody).kind).toBe("may");
    expect(standingOf(person("x@acme.example", { groups: "legals" }), legal, groups, nobody).kind).toBe("stranger");
    expect(standingOf(person("x@acme.example"), legal, [], nobody).kind).toBe("stranger");
  });

  test("whoever asked can't approve, by address, by subject and by identity", () => {
    expect(asked({ id: "ana@acme.example", email: "ana@acme.example", claims: {} })).toBe("excluded");
    expect(asked({ id: "ana", claims: {} })).toBe("excluded");
    expect(asked({ id: "77", claims: {} }, { iss: "https://people.example", sub: "ana" })).toBe("excluded");
    expect(asked({ id: "li@acme.example", email: "li@acme.example", claims: {} })).toBe("may");
  });

  test("who can't be told from whoever asked, or from an owner, counts as them", () => {
    expect(asked({ id: "00u77", claims: {} }, { iss: "https://login.example", sub: "00u77" })).toBe("excluded");
    const legal = approval("a", { approvers: ["legal"], excluding_owners: true });
    const unnamed = { ...person("", { groups: "legal" }), sub: "77", email: null };
    const by = (interests: Interests) => standingOf(unnamed, legal, groups, interests).kind;
    expect(by({ ...nobody, requester: { id: "li@acme.example", email: "li@acme.example", claims: {} } })).toBe(
      "excluded",
    );
    expect(by(nobody)).toBe("excluded");
    expect(by({ ...nobody, owners: ["ana@acme.example"] })).toBe("excluded");
    const claimed = [...groups, { name: "team", members: null, claim: { name: "groups", value: "team" } }];
    expect(standingOf(unnamed, legal, claimed, { ...nobody, owners: ["team"] }).kind).toBe("may");
  });

  test("a claim that is called like an inherited property is no claim", () => {
    const odd = [{ name: "legal", members: null, claim: { name: "constructor", value: "x" } }];
    expect(standingOf(person("x@acme.example"), approval("a", { approvers: ["legal"] }), odd, nobody).kind).toBe(
      "stranger",
    );
  });

  test("an approval that the requester confirms is open to the requester, and a mere equal subject isn't enough", () => {
    const confirm = approval("a", { approvers: [], requester: true });
    const kim = person("kim@acme.example");
    const by = (requester: Interests["requester"]) => standingOf(kim, confirm, groups, { ...nobody, requester }).kind;
    expect(by({ id: "kim@acme.example", email: "kim@acme.example", claims: {} })).toBe("may");
    expect(by({ id: "kim", claims: {} })).toBe("stranger");
    expect(by(null)).toBe("stranger");
  });

  test("owners are shut out where they are excluded, as a group and as an address", () => {
    const strict = approval("a", { excluding_owners: true });
    expect(standingOf(person("li@acme.example"), strict, groups, nobody).kind).toBe("excluded");
    const single = { ...nobody, owners: ["ana@acme.example"] };
    expect(standingOf(person("ana@acme.example"), strict, groups, single).kind).toBe("excluded");
    expect(standingOf(person("kim@acme.example"), strict, groups, nobody).kind).toBe("may");
  });
});

describe("counting votes", () => {
  test("one person can't count in two approvals of one request", () => {
    const policy = { approvals: [approval("one", {}), approval("two", {})], groups };
    const ana = person("ana@acme.example");
    expect(weighVotes(["one", "two"], [ana], policy, nobody)).toEqual({ met: false, votes: [1, 0] });
    expect(weighVotes(["one", "two"], [ana, person("kim@acme.example")], policy, nobody).met).toBe(true);
  });

  test("one address is one person, by however many ways they sign in", () => {
    const policy = { approvals: [approval("two", { quorum: 2 })], groups };
    const ana = person("ana@acme.example");
    expect(weighVotes(["two"], [ana, { ...ana, sub: "okta|9" }], policy, nobody)).toEqual({ met: false, votes: [1] });
  });

  test("a vote moves to where it is needed", () => {
    const needs = [
      { approval: "one", quorum: 1 },
      { approval: "two", quorum: 1 },
    ];
    const ballots = [["one", "two"], ["one"]];
    expect(assignVotes(needs, ballots)).toEqual({ met: true, votes: [1, 1] });
  });

  test("an approval that today's policy doesn't define is met by nobody", () => {
    const policy = { approvals: [approval("one", {})], groups };
    expect(weighVotes(["gone"], [person("ana@acme.example")], policy, nobody)).toEqual({ met: false, votes: [0] });
    expect(weighVotes([], [person("ana@acme.example")], policy, nobody).met).toBe(false);
  });

  test("votes are assigned as well as any assignment could", () => {
    const arbitrary = fc.record({
      quorums: fc.array(fc.integer({ min: 1, max: 2 }), { minLength: 1, maxLength: 3 }),
      ballots: fc.array(fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 3 }), { maxLength: 5 }),
    });
    fc.assert(
      fc.property(arbitrary, ({ quorums, ballots }) => {
        const needs = quorums.map((quorum, index) => ({ approval: `a${index}`, quorum }));
        const given = ballots.map((list) => list.map((each) => `a${each}`));
        const result = assignVotes(needs, given);
        expect(result.met).toBe(anyAssignment(quorums, ballots));
        expect(result.votes.every((votes, index) => votes <= (quorums[index] ?? 0))).toBe(true);
      }),
    );
  });
});

/** Tries everything. */
function anyAssignment(quorums: readonly number[], ballots: readonly (readonly number[])[]): boolean {
  if (quorums.every((quorum) => quorum <= 0)) return true;
  const [first, ...rest] = ballots;
  if (first === undefined) return false;
  if (anyAssignment(quorums, rest)) return true;
  return first.some(
    (choice) =>
      choice < quorums.length &&
      anyAssignment(
        quorums.map((quorum, index) => quorum - (index === choice ? 1 : 0)),
        rest,
      ),
  );
}

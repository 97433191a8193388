/** On the certification's fixture, whatever the properties: a search finds just what evaluations allow. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { startAuthzenEdge } from "./authzen-edge.ts";
import type { AuthzenEdge } from "./authzen-edge.ts";

let edge: AuthzenEdge;
beforeAll(async () => {
  edge = await startAuthzenEdge();
});
afterAll(() => edge.stop());

const SUBJECTS = ["alice", "bob"];
const RECORDS = ["record-1", "record-2"];
const ACTIONS = [{ name: "read" }, { name: "write" }, { name: "delete", properties: { soft: true } }];
const ROLES = [{}, { properties: { role: "admin" } }];
const STATUSES = [{}, { properties: { status: "archived" } }, { properties: { status: "active" } }];

async function found(kind: string, body: object): Promise<readonly unknown[]> {
  const reply = await edge.ask(`search/${kind}`, body);
  expect(reply.status, reply.text).toBe(200);
  return (reply.body["results"] as { id?: string; name?: string }[]).map(({ id, name }) => id ?? name);
}

async function allowed(subject: object, action: object, resource: object): Promise<boolean> {
  return (await edge.ask("evaluation", { subject, action, resource })).body["decision"] === true;
}

test.each(ROLES.flatMap((role) => STATUSES.map((status) => [role, status] as const)))(
  "%j and %j",
  { timeout: 60_000 },
  async (role, status) => {
    const user = (id: string) => ({ type: "user", id, ...role });
    const record = (id: string) => ({ type: "record", id, ...status });
    const allows = new Set<string>();
    for (const subject of SUBJECTS)
      for (const action of ACTIONS)
        for (const id of RECORDS)
          if (await allowed(user(subject), action, record(id))) allows.add(`${subject} ${action.name} ${id}`);
    const wanted = (all: readonly string[], key: (one: string) => string) => all.filter((one) => allows.has(key(one)));
    for (const action of ACTIONS) {
      for (const id of RECORDS)
        expect(await found("subject", { subject: { type: "user", ...role }, action, resource: record(id) })).toEqual(
          wanted(SUBJECTS, (subject) => `${subject} ${action.name} ${id}`),
        );
      for (const subject of SUBJECTS)
        expect(
          await found("resource", { subject: user(subject), action, resource: { type: "record", ...status } }),
        ).toEqual(wanted(RECORDS, (id) => `${subject} ${action.name} ${id}`));
    }
    for (const subject of SUBJECTS)
      for (const id of RECORDS)
        expect(new Set(await found("action", { subject: user(subject), resource: record(id) }))).toEqual(
          // A search for actions has no properties of the action, so that what needs one isn't found.
          new Set(wanted(["read", "write"], (name) => `${subject} ${name} ${id}`)),
        );
  },
);

import { beforeEach, describe, expect, test, vi } from "vitest";
import { shieldSwitch } from "../../edge/switches/shield.ts";

type Switches = Parameters<typeof shieldSwitch>[0];

/** A KV that is late, absent, damaged or gone: what the local one never is. */
class TestKv {
  reads = 0;
  readonly #answer: () => unknown;

  constructor(answer: () => unknown) {
    this.#answer = answer;
  }

  async get(): Promise<unknown> {
    this.reads++;
    return this.#answer();
  }
}

/** The shield calls nothing of a namespace but `get`. */
async function stops(kv: TestKv, agent: string, now = AT, asked: object = {}): Promise<string | null> {
  const what = { agents: [agent], requester: null, action: "a.do", classes: [], ...asked };
  return (await shieldSwitch(kv as object as Switches, what, now))?.scope ?? null;
}

const document = (...killed: object[]) => ({ epoch: 3, at: 1, killed });
const AT = Date.UTC(2026, 0, 5, 12);

/** What is wrong with it, what it gives, and how many lines of the log tell of it. */
const BROKEN: readonly (readonly [string, () => unknown, number])[] = [
  ["missing", () => null, 0],
  [
    "unreachable",
    () => {
      throw new Error("KV is down");
    },
    1,
  ],
  ["another document", () => ({ epoch: "x" }), 1],
  ["of an unknown scope", () => document({ scope: "galaxy", name: "*" }), 1],
];

beforeEach(() => {
  vi.spyOn(console, "log").mockImplementation(() => undefined);
  vi.spyOn(console, "error")
    .mockReset()
    .mockImplementation(() => undefined);
});

describe("the Worker's copy of the switches", () => {
  test("stops the agents that it names, and everybody for the fleet", async () => {
    const agent = new TestKv(() => document({ scope: "agent", name: "bot" }));
    expect(await stops(agent, "bot")).toBe("agent");
    expect(await stops(agent, "helper")).toBeNull();
    const fleet = new TestKv(() => document({ scope: "fleet", name: "*" }));
    expect(await stops(fleet, "helper")).toBe("fleet");
  });

  test("stops actions, classes and requesters where they are asked for, and leaves roles to the object", async () => {
    const all = () =>
      document(
        { scope: "action", name: "a.kill" },
        { scope: "class", name: "delete" },
        { scope: "requester", name: "kim@corp.example" },
        { scope: "role", name: "bot" },
      );
    const asking = async (asked: object) => stops(new TestKv(all), "bot", AT, asked);
    expect(await asking({})).toBeNull();
    expect(await asking({ action: "a.kill" })).toBe("action");
    expect(await asking({ action: "a.kill.more" })).toBeNull();
    expect(await asking({ classes: ["write", "delete"] })).toBe("class");
    expect(await asking({ requester: "kim@corp.example" })).toBe("requester");
    expect(await asking({ requester: "kimi@corp.example" })).toBeNull();
  });

  test("is read at most once a second, and again after that", async () => {
    let killed = false;
    const late = new TestKv(() => document(...(killed ? [{ scope: "agent", name: "bot" }] : [])));
    expect(await stops(late, "bot")).toBeNull();
    killed = true;
    expect(await stops(late, "bot", AT + 999)).toBeNull();
    expect(late.reads).toBe(1);
    expect(await stops(late, "bot", AT + 1000)).toBe("agent");
  });

  test.each(BROKEN)("that is %s stops nobody by itself, and says so where it can't be read", async (_, get, lines) => {
    expect(await stops(new TestKv(get), "bot")).toBeNull();
    expect(vi.mocked(console.error)).toHaveBeenCalledTimes(lines);
  });

  test("that goes on missing is told every two minutes, and one that was on its way is not", async () => {
    let there = false;
    const kv = new TestKv(() => (there ? document() : null));
    const said: number[] = [];
    for (let second = 0; second < 400; second += 10) {
      there = second === 60;
      vi.mocked(console.error).mockClear();
      await stops(kv, "bot", AT + second * 1000);
      if (vi.mocked(console.error).mock.calls.length > 0) said.push(second);
    }
    expect(said).toEqual([190, 310]);
  });
});

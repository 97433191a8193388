import { beforeEach, describe, expect, test, vi } from "vitest";
import { shieldCounts, shieldSwitch } from "../../edge/switches/shield.ts";

/** A KV that is late, absent, damaged or gone: what the local one never is. */
function kv(get: () => unknown): KVNamespace & { readonly reads: () => number } {
  let reads = 0;
  const double = {
    get: async () => {
      reads++;
      return get();
    },
    reads: () => reads,
  };
  return double as unknown as KVNamespace & { readonly reads: () => number };
}

type KVNamespace = Parameters<typeof shieldSwitch>[0];

const document = (...killed: object[]) => ({ epoch: 3, at: 1, killed });
const AT = Date.UTC(2026, 0, 5, 12);

beforeEach(() => {
  vi.spyOn(console, "log").mockImplementation(() => undefined);
  vi.spyOn(console, "error").mockImplementation(() => undefined);
});

describe("the Worker's copy of the switches", () => {
  test("stops the agents that it names, and everybody for the fleet", async () => {
    const agent = kv(() => document({ scope: "agent", name: "bot" }));
    expect(await shieldSwitch(agent, "bot", AT)).toBe("agent");
    expect(await shieldSwitch(agent, "helper", AT)).toBeNull();
    const fleet = kv(() => document({ scope: "fleet", name: "*" }));
    expect(await shieldSwitch(fleet, "helper", AT)).toBe("fleet");
  });

  test("is read at most once a second, and again after that", async () => {
    let killed = false;
    const late = kv(() => document(...(killed ? [{ scope: "agent", name: "bot" }] : [])));
    expect(await shieldSwitch(late, "bot", AT)).toBeNull();
    killed = true;
    expect(await shieldSwitch(late, "bot", AT + 999)).toBeNull();
    expect(late.reads()).toBe(1);
    expect(await shieldSwitch(late, "bot", AT + 1000)).toBe("agent");
  });

  test.each([
    ["missing", () => null, "missing"],
    [
      "unreachable",
      () => {
        throw new Error("KV is down");
      },
      "unreadable",
    ],
    ["another document", () => ({ epoch: "x" }), "unreadable"],
    ["of an unknown scope", () => document({ scope: "galaxy", name: "*" }), "unreadable"],
  ] as const)("that is %s stops nobody by itself, and is counted", async (_, get, count) => {
    const before = shieldCounts()[count];
    expect(await shieldSwitch(kv(get), "bot", AT)).toBeNull();
    expect(shieldCounts()[count]).toBe(before + 1);
  });
});

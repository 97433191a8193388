/**
 * The shield: a copy of the switches in KV that saves objects from a killed agent's flood. KV may be a minute late or
 * missing, so a "not killed" here means nothing; the objects and their leases are the guard.
 */
import * as z from "zod/mini";
import { SWITCHES_KEY } from "../rpc.ts";
import type { SwitchDocument } from "../rpc.ts";

/** How long an isolate goes by what it read. */
const KEPT = 1000;

const schema = z.looseObject({
  epoch: z.number(),
  at: z.number(),
  killed: z.array(z.looseObject({ scope: z.enum(["fleet", "agent"]), name: z.string() })),
});

interface Kept {
  readonly at: number;
  readonly document: SwitchDocument | null;
}

/** By namespace, so that two deployments in one isolate (tests) don't share one. */
const kept = new WeakMap<KVNamespace, Kept>();

const counts = { missing: 0, unreadable: 0, denied: 0 };

/** Since this isolate started: for logs, since these denials have no record. */
export function shieldCounts(): Readonly<typeof counts> {
  return { ...counts };
}

/** The switch that stops this agent as far as KV knows, or null. @param now UTC milliseconds. */
export async function shieldSwitch(
  switches: KVNamespace,
  agent: string,
  now: number,
): Promise<"fleet" | "agent" | null> {
  const document = await readDocument(switches, now);
  const found = document?.killed.find(({ scope, name }) => scope === "fleet" || name === agent);
  if (found === undefined) return null;
  counts.denied++;
  console.log(JSON.stringify({ event: "shield_denied", scope: found.scope, agent, denied: counts.denied }));
  return found.scope;
}

async function readDocument(switches: KVNamespace, now: number): Promise<SwitchDocument | null> {
  const held = kept.get(switches);
  if (held !== undefined && now - held.at < KEPT && now >= held.at) return held.document;
  const document = await fetchDocument(switches);
  kept.set(switches, { at: now, document });
  return document;
}

/** Missing or unreadable: go on, since the object refuses on its own; but say so, since the shield is down. */
async function fetchDocument(switches: KVNamespace): Promise<SwitchDocument | null> {
  try {
    const value = await switches.get<unknown>(SWITCHES_KEY, { type: "json", cacheTtl: 30 });
    if (value === null) {
      counts.missing++;
      return null;
    }
    return schema.parse(value);
  } catch (error) {
    counts.unreadable++;
    const why = error instanceof Error ? error.name : "unknown";
    console.error(JSON.stringify({ event: "shield_unreadable", why, unreadable: counts.unreadable }));
    return null;
  }
}

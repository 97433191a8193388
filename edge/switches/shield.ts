/**
 * The shield: a copy of the switches in KV that saves objects from the flood of what is killed. KV may be a minute late or
 * missing, so a "not killed" here means nothing; the objects and their leases are the guard.
 */
import * as z from "zod/mini";
import { countRefusal } from "../metrics/refusals.ts";
import { SHARED_SCOPES, SWITCHES_KEY } from "../rpc.ts";
import type { SwitchDocument } from "../rpc.ts";
import { stopsAction, stopsAgent, stopsRequester } from "./switch-reach.ts";

/** How long an isolate goes by what it read. */
const KEPT = 1000;

const schema = z.looseObject({
  epoch: z.number(),
  at: z.number(),
  killed: z.array(z.looseObject({ scope: z.enum(SHARED_SCOPES), name: z.string() })),
});

interface Kept {
  readonly at: number;
  readonly document: SwitchDocument | null;
}

/** Missing for no longer than this, the first document may still be on its way. */
const ON_ITS_WAY = 120_000;

/** Since when it is missing, or when that was last said. */
const missing = new WeakMap<KVNamespace, number>();

/** By namespace, so that two deployments in one isolate (tests) don't share one. */
const kept = new WeakMap<KVNamespace, Kept>();

/** What is about to be done, as far as the Worker knows: which roles grant it only the object can say. */
export interface Asked {
  /** From the root to the one that acts. */
  readonly agents: readonly string[];
  readonly requester: string | null;
  readonly action: string;
  readonly classes: readonly string[];
}

type Killed = SwitchDocument["killed"][number];

/** The switch that stops this as far as KV knows, or null. @param now UTC milliseconds. */
export async function shieldSwitch(switches: KVNamespace, asked: Asked, now: number): Promise<Killed | null> {
  const document = await readDocument(switches, now);
  const found = document?.killed.find((one) => stops(one, asked));
  if (found === undefined) return null;
  countRefusal("shield");
  // Who a person is has no place in a log of the platform.
  const name = found.scope === "requester" ? null : found.name;
  console.log(JSON.stringify({ event: "shield_denied", scope: found.scope, name, agent: asked.agents.at(-1) }));
  return found;
}

function stops(one: Killed, { agents, requester, action, classes }: Asked): boolean {
  if (stopsAgent(one)) return one.scope === "fleet" || agents.includes(one.name);
  return stopsRequester(one, requester) || stopsAction(one, action, classes);
}

/** The reason isn't in KV: who is killed need not be known to every Worker of the world. */
export function shieldMessage({ scope, name }: Killed): string {
  const what = scope === "fleet" || scope === "agent" ? "this agent" : `${scope} \`${name}\``;
  return `a kill switch stops ${what}; only an operator lifts it`;
}

async function readDocument(switches: KVNamespace, now: number): Promise<SwitchDocument | null> {
  const held = kept.get(switches);
  if (held !== undefined && now - held.at < KEPT && now >= held.at) return held.document;
  const document = await fetchDocument(switches, now);
  kept.set(switches, { at: now, document });
  return document;
}

/**
 * Missing, as before the first is written, or unreadable: go on, since the object refuses on its own. What can't be read
 * or goes on missing stands in the log, since the shield is down.
 */
async function fetchDocument(switches: KVNamespace, now: number): Promise<SwitchDocument | null> {
  try {
    const value = await switches.get<unknown>(SWITCHES_KEY, { type: "json", cacheTtl: 30 });
    if (value === null) return noteMissing(switches, now);
    missing.delete(switches);
    return schema.parse(value);
  } catch (error) {
    const why = error instanceof Error ? error.name : "unknown";
    console.error(JSON.stringify({ event: "shield_unreadable", why }));
    return null;
  }
}

function noteMissing(switches: KVNamespace, now: number): null {
  const since = missing.get(switches) ?? now;
  const isOverdue = now - since >= ON_ITS_WAY;
  if (isOverdue) console.error(JSON.stringify({ event: "shield_missing" }));
  missing.set(switches, isOverdue ? now : since);
  return null;
}

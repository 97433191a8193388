/** A part of the request or session that varies by itself, and the cases of it that can make a difference. */
import type { JsonValue, Request } from "../../../engine/index.ts";
import type { Said } from "./value.ts";

export interface Facet {
  readonly key: string;
  readonly cases: readonly Case[];
  /** Why a case may be missing; null where none is. */
  readonly inexact: string | null;
}

/** What one case fixes; everything else is left to the other facets. */
export interface Case {
  readonly arg?: { readonly name: string; readonly value: JsonValue | undefined };
  readonly said?: readonly Said[];
  readonly request?: Partial<Omit<Request, "action" | "agent" | "args">>;
  readonly label?: string;
  readonly role?: string;
  readonly history?: History;
  /** False: nobody vouches for a task. */
  readonly task?: boolean;
  /** A live set that can be read. */
  readonly readable?: string;
}

export interface History {
  readonly calls: number;
  /** Milliseconds. */
  readonly age: number;
  /** What was done, as `didKey` names it. */
  readonly did: readonly string[];
  /** What somebody asks about that wasn't done, named likewise. */
  readonly didnt: readonly string[];
}

export function didKey(did: {
  readonly action: string;
  readonly same: readonly string[];
  readonly within: number | null;
}): string {
  return JSON.stringify([did.action, [...did.same].sort(), did.within]);
}

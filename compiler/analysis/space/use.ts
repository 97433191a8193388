/** What conditions do with the values that a request or a session has: from it follows which values can make a difference. */
import type { Condition, Detector } from "../../../engine/index.ts";
import type { TextTest } from "./text/text-test.ts";

/**
 * A value inside a facet. A facet is a part of the request or session that varies by itself: `args.to`, `requester`,
 * `time`, `environment`, `request.ip`, `label untrusted`, `history`, `task`, `live vendors`, `role deployer`.
 */
export interface Site {
  readonly facet: string;
  /** Fields and members below it; `*` is an element of a list. */
  readonly path: readonly string[];
}

export interface Use {
  readonly site: Site;
  readonly what: What;
}

export type What =
  /** Compared with these: numbers scaled by 10^6, times and durations in milliseconds. */
  | { readonly kind: "points"; readonly points: readonly bigint[] }
  | { readonly kind: "text"; readonly test: TextTest }
  /** Membership in texts. */
  | { readonly kind: "texts"; readonly texts: readonly string[]; readonly lower: boolean }
  | { readonly kind: "networks"; readonly networks: readonly string[] }
  | { readonly kind: "group"; readonly group: string }
  | { readonly kind: "schedule"; readonly schedule: string }
  | { readonly kind: "did"; readonly did: Did }
  /** Said by somebody else about the text, whatever it is: mentioned in the task, held by a live set. */
  | { readonly kind: "said"; readonly by: "task" | `live ${string}` }
  /** A test over the elements of a list. */
  | { readonly kind: "elements" }
  | { readonly kind: "detects"; readonly detector: Detector }
  /** Compared with another value of the request. */
  | { readonly kind: "linked"; readonly other: Site }
  /** Read in a way that can't be split into cases. */
  | { readonly kind: "opaque" };

export interface Did {
  readonly action: string;
  readonly same: readonly string[];
  readonly within: number | null;
}

/** What one rule or limit reads. */
export interface Reads {
  readonly uses: Use[];
  /** Parts of its conditions that read one facet each, by facet. */
  readonly local: Map<string, Condition[]>;
  /** Facets that it reads in any other way. */
  readonly whole: Set<string>;
}

export function noReads(): Reads {
  return { uses: [], local: new Map(), whole: new Set() };
}

export function facetsOf({ local, whole }: Reads): ReadonlySet<string> {
  return new Set([...local.keys(), ...whole]);
}

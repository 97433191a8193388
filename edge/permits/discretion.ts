/** What the policy says, all in all, about values that mustn't be stored: found once when a deployment is read. */
import { detectorOf } from "../../engine/index.ts";
import type { Detector, TableBody, TextDetector } from "../../engine/index.ts";
import { isSecretive } from "./secrets.ts";

export interface Discretion {
  /** Whether any action has a secret parameter. */
  readonly secretive: boolean;
  /** Those that a rule or limit uses, each with the name that the policy has for it. */
  readonly detectors: readonly NamedDetector[];
}

export interface NamedDetector {
  readonly kind: Detector;
  readonly detect: TextDetector;
}

export function discretionOf(body: TableBody): Discretion {
  const used = new Set<Detector>();
  collectDetectors(body.blocks, used);
  return {
    secretive: body.actions.some((action) => action.params.some(isSecretive)),
    detectors: [...used].flatMap((kind) => {
      const detect = detectorOf(kind);
      return detect === null ? [] : [{ kind, detect }];
    }),
  };
}

/** Conditions nest in more ways than one, but a detector is the only thing in a table with this `op`. */
function collectDetectors(value: unknown, used: Set<Detector>): void {
  if (typeof value !== "object" || value === null) return;
  if ("op" in value && value.op === "detect" && "detector" in value) used.add(value.detector as Detector);
  for (const member of Object.values(value)) collectDetectors(member, used);
}

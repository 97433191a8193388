/** `args contain secrets`, `args.x contains canaries`: detectors over one argument, or over all, undeclared ones too. */
import type { Condition, Operand } from "../condition.ts";
import { type TextDetector, canaryDetector, detectorOf, detects } from "../detectors/detect.ts";
import type { JsonValue } from "../request.ts";
import { type Formula, known } from "./formula.ts";
import type { Frame } from "./frame.ts";
import { readerOf } from "./operand.ts";
import type { Scope } from "./scope.ts";
import { FALSE, TRUE, UNKNOWN } from "./truth.ts";

type Detect = Extract<Condition, { op: "detect" }>;

export function detectFormula({ detector, of }: Detect, scope: Scope): Formula {
  if (detector !== "canaries") {
    const test = detectorOf(detector);
    return overArguments(of, scope, { detectorFor: () => test, fact: detector });
  }
  const { canaries } = scope;
  return overArguments(of, scope, {
    detectorFor: canaries.size === 0 ? () => NOTHING : (frame) => canaryDetector(canaries, frame.request.sha256),
    fact: detector,
  });
}

/** Without canaries there is none to be found. */
const NOTHING: TextDetector = () => false;

interface Detecting {
  /** Null where the request lacks what the detector needs. */
  readonly detectorFor: (frame: Frame) => TextDetector | null;
  /** What is unknown then. */
  readonly fact: string;
}

function overArguments(of: Operand | null, scope: Scope, { detectorFor, fact }: Detecting): Formula {
  const place = placeOf(of, scope);
  return known(
    (frame) => {
      const value = place.read(frame);
      const detector = detectorFor(frame);
      if (value === undefined || detector === null) return UNKNOWN;
      return detects(detector, value, place.name) ? TRUE : FALSE;
    },
    (frame) => (place.read(frame) === undefined ? [place.missing(frame)] : [fact]),
  );
}

interface Place {
  readonly name: string;
  readonly read: (frame: Frame) => JsonValue | undefined;
  readonly missing: (frame: Frame) => string;
}

function placeOf(of: Operand | null, scope: Scope): Place {
  if (of === null) return { name: "", read: (frame) => frame.request.args, missing: () => "args" };
  const { fact, read, missing } = readerOf(of, scope);
  return { name: fact, read, missing };
}

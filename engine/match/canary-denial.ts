/** A request that carries a canary is denied, whatever any rule says; so is one of which that can't be known. */
import type { Denial } from "../remainder.ts";
import type { Request } from "../request.ts";
import { canaryDetector, detects } from "../detectors/detect.ts";
import { canaryCarried, canariesUnknown } from "./denial.ts";

export function canaryDenial(hashes: ReadonlySet<string>, request: Request): Denial | null {
  const detector = canaryDetector(hashes, request.sha256);
  if (detector === null) return canariesUnknown(request);
  return detects(detector, request.args, "") ? canaryCarried(request) : null;
}

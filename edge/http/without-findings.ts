/** A denial as it may be stored and told. */
import type { Remainder } from "../../engine/index.ts";
import type { Deployment } from "../deployment.ts";
import { wordsWithoutFindings } from "../permits/secrets.ts";

/** A denial names what is wrong, which may be a name or value in which a detector finds something. */
export function withoutFindings(remainder: Remainder, { discretion }: Deployment): Remainder {
  const { denied } = remainder;
  if (denied === null || discretion.detectors.length === 0) return remainder;
  const words = (text: string): string => wordsWithoutFindings(text, discretion);
  const faults = denied.faults.map(({ pointer, detail }) => ({
    // The whole of the arguments is what can still be pointed at.
    pointer: words(pointer) === pointer ? pointer : "",
    detail: words(detail),
  }));
  const message = words(denied.message) === denied.message ? denied.message : UNREPEATED;
  return { ...remainder, denied: { ...denied, message, faults } };
}

const UNREPEATED = "what is wrong isn't repeated here, since a detector of the policy finds something in it";

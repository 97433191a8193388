/** Which risks a finding of the compiler is about. Findings of syntax, names and types are about none in particular. */
import type { RiskId } from "./risk.ts";

const SERVED: { readonly [code: string]: readonly RiskId[] } = {
  AP3040: ["ASI02"],
  AP4001: ["ASI09"],
  AP4002: ["ASI02", "ASI05", "ASI08"],
  AP4003: ["ASI02", "ASI03"],
  AP4004: ["ASI02", "ASI08"],
  AP4005: ["ASI02", "ASI05"],
  AP4006: ["ASI02"],
  AP4007: ["ASI02", "ASI08"],
  AP4008: ["ASI01", "ASI02"],
  AP4009: ["ASI03"],
  AP4010: ["ASI03"],
  AP4011: ["ASI02", "ASI08"],
  AP4012: ["ASI09"],
  AP4013: ["ASI01", "ASI06"],
  AP4014: ["ASI01", "ASI06"],
  AP4015: ["ASI02"],
  AP4016: ["ASI03", "ASI10"],
  AP4017: ["ASI02"],
  AP4018: ["ASI03"],
  AP4100: ["ASI02"],
  AP4101: ["ASI02"],
  AP4102: ["ASI02"],
  AP4103: ["ASI03"],
  AP4104: ["ASI02", "ASI08"],
  AP4105: ["ASI03", "ASI10"],
  AP4106: ["ASI03"],
  AP4107: ["ASI09", "ASI10"],
  AP4108: ["ASI10"],
  AP4109: ["ASI02"],
  AP4110: ["ASI06", "ASI10"],
  AP4111: ["ASI09"],
  AP4112: ["ASI03", "ASI04"],
  AP4113: ["ASI09"],
  AP4114: ["ASI02"],
  AP5023: ["ASI09"],
  AP5034: ["ASI03"],
};

/** Ids such as `ASI02`, in order; empty for a finding that is about none in particular. */
export function servedRisks(code: string): readonly RiskId[] {
  return SERVED[code] ?? [];
}

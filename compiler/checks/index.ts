/** The checks, in the order in which they look. */
import type { Check } from "./check.ts";

export const CHECKS: readonly Check[] = [];

/**
 * For every property test. In CI each run tries the same cases (`PROPERTY_SEED` sets others), so that a change is judged
 * by what it changed, and a failure is told at once: looking for the smallest one takes minutes. Elsewhere every run
 * tries others.
 */
import * as fc from "fast-check";

const { CI, PROPERTY_SEED } = process.env;

fc.configureGlobal({
  endOnFailure: CI !== undefined,
  ...(CI === undefined && PROPERTY_SEED === undefined ? {} : { seed: Number(PROPERTY_SEED ?? 20_261_121) }),
});

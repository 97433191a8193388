/** How long the random tests of the analysis run: `ANALYSIS_RUNS`, and `ANALYSIS_SEED` to see a failure again. */
export const RUNS = Number(process.env["ANALYSIS_RUNS"] ?? 30);

const seed = process.env["ANALYSIS_SEED"];

export const SETTINGS = { numRuns: RUNS, endOnFailure: true, ...(seed === undefined ? {} : { seed: Number(seed) }) };

import { expect, test } from "vitest";
import { hardInputs } from "./hard-inputs.ts";
import { hold } from "./hold.ts";
import { randomFrom } from "./random.ts";
import { randomInputs } from "./random-inputs.ts";

/** Few here; a long run, with bounds on memory and time, is `FUZZ_SECONDS=600 npm run fuzz`. */
const runs = Number(process.env["FUZZ_RUNS"] ?? 40);
const size = Number(process.env["FUZZ_SIZE"] ?? 3_000);

test.each(Object.entries(randomInputs))("what must hold of any text holds of random %s", (_name, make) => {
  for (let seed = 1; seed <= runs; seed++) expect(() => hold(make(randomFrom(seed))), `seed ${seed}`).not.toThrow();
});

const hard = Object.entries(hardInputs).flatMap(([kind, cases]) =>
  Object.entries(cases).map(([name, make]) => [`${kind}: ${name}`, make] as const),
);

test.each(hard)("what must hold of any text holds of %s", (_name, make) => {
  expect(hold(make(size)).findings).toBeGreaterThanOrEqual(0);
});

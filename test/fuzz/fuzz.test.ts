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

/** What compiles however much there is of it. All else has a mistake. */
const SOUND: Readonly<Record<string, readonly string[]>> = {
  deep: [],
  wide: ["and", "or", "and of different", "a long list", "many selectors", "many patterns", "many approvals"],
  texts: ["one long string", "escapes", "one long comment", "comments behind a rule"],
  declarations: [
    "labels",
    "sets",
    "live sets",
    "schedules",
    "groups",
    "channels",
    "approvals",
    "classes",
    "actions",
    "actions of one prefix",
    "defines",
    "roles",
    "empty roles",
    "blocks for every agent",
    "canaries",
    "breakers",
    "tests",
  ],
  "rules of a role": ["rules", "the same rule", "nevers", "asks", "limits", "rules about all", "rules by class"],
  "rules of every agent": ["nevers", "asks", "limits", "rules about all", "rules by class"],
  mistakes: [],
  "mistakes in a role": ["rules outside"],
};

const hard = Object.entries(hardInputs).flatMap(([kind, cases]) =>
  Object.entries(cases).map(([name, make]) => ({ kind, name, make, sound: SOUND[kind]?.includes(name) })),
);

test.each(hard)("what must hold of any text holds of $kind: $name", ({ make, sound }) => {
  expect(hold(make(size)).sound).toBe(sound);
});

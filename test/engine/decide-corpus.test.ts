import { describe, expect, test } from "vitest";
import { answer, corpusFiles, policyOf } from "./decide-corpus.ts";

for (const corpus of corpusFiles()) {
  describe(`${corpus.file}: ${corpus.about}`, () => {
    const policy = policyOf(corpus);
    test.each(corpus.cases)("$name", (one) => {
      expect(Object.keys(one.expect)).not.toHaveLength(0);
      expect(answer(policy, one)).toMatchObject(one.expect);
    });
  });
}

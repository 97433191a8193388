/** Which of several tests a text passes, as one letter for each. */
import { runnerOf, type TextTest } from "./text-test.ts";

export function signatureIn(tests: readonly TextTest[]): (text: string) => string {
  const runners = tests.map(runnerOf);
  return (text) =>
    runners
      .map((runner) => {
        let state = runner.start;
        let seenAt = false;
        for (const char of text) {
          state = runner.step(state, char, seenAt);
          seenAt ||= char === "@";
        }
        return runner.passes(state) ? "1" : "0";
      })
      .join("");
}

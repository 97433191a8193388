/** Which saves `agentpolicy dev` sees: every one since it looked at the files, also while the edge was starting. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { lookAtPolicy, watchPolicy } from "../../cli/dev/watch-policy.ts";
import { firstPolicyFolder } from "./run-command.ts";

test.each([
  ["a file that was changed", "sales.agentpolicy"],
  ["a file that came to be", "more.agentpolicy"],
])("%s between the look and the watch is a change", async (_name, file) => {
  using folder = firstPolicyFolder();
  const seen = await lookAtPolicy(folder.path);
  writeFileSync(join(folder.path, file), "# saved while the edge was starting\n");
  const stop = new AbortController();
  let changes = 0;
  await watchPolicy(
    seen,
    () => {
      changes += 1;
      stop.abort();
      return Promise.resolve();
    },
    stop.signal,
  );
  expect(changes).toBe(1);
});

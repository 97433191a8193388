import { spawn } from "node:child_process";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isRunning, killRuntime } from "../../cli/local/processes.ts";
import { folderWith } from "./run-command.ts";

test("a runtime that has ended by the time it is killed is no failure, whenever that is", async () => {
  using folder = folderWith({});
  const runtime = join(folder.path, "workerd");
  copyFileSync("/bin/sleep", runtime);
  for (let round = 0; round < 40; round++) {
    // The shell waits for it, so that it vanishes the moment it has ended.
    const shell = spawn("sh", ["-c", '"$0" 60 & echo $!; wait', runtime]);
    const pid = await new Promise<number>((resolve) => shell.stdout.once("data", (text) => resolve(Number(text))));
    while (isRunning(pid)) killRuntime(pid);
    killRuntime(pid);
    await new Promise((resolve) => shell.once("exit", resolve));
    expect(isRunning(pid)).toBe(false);
  }
});

/** Wrangler as a child process, quiet and without a network call that deploying doesn't need. */
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { environment, Failure } from "../failure.ts";

export interface WranglerRun {
  readonly code: number;
  /** Standard output and error, as they came. */
  readonly output: string;
}

const QUIET = {
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_SEND_ERROR_REPORTS: "false",
  WRANGLER_HIDE_BANNER: "true",
  WRANGLER_LOG_SANITIZE: "true",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  // Without a terminal to ask at, wrangler decides or fails; it never waits.
  CI: "true",
};

/** @param input goes to its standard input: the way for secrets, which must not stand in a command line. */
export async function runWrangler(args: readonly string[], folder: string, input = ""): Promise<WranglerRun> {
  const child = spawn(process.execPath, [wranglerScript(), ...args], {
    cwd: folder,
    env: { ...process.env, ...QUIET },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8");
    stream.on("data", (text: string) => {
      output += text;
    });
  }
  // A child that ends without reading its input is reported by its exit code.
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.on("error", (error) => reject(environment(`wrangler can't be started: ${error.message}`)));
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}

/** The same, where anything but success ends the command with what wrangler said. */
export async function requireWrangler(args: readonly string[], folder: string, input = ""): Promise<string> {
  const { code, output } = await runWrangler(args, folder, input);
  if (code === 0) return output;
  throw new Failure(3, `\`wrangler ${args.slice(0, 2).join(" ")}\` failed:\n${output.trim()}`);
}

/** Wrangler's own script, since ending `npx` would leave its children running. */
function wranglerScript(): string {
  const require = createRequire(import.meta.url);
  try {
    return join(dirname(require.resolve("wrangler/package.json")), "bin", "wrangler.js");
  } catch {
    throw environment("wrangler isn't installed", "run `npm install`");
  }
}

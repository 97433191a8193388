#!/usr/bin/env node
/**
 * The `agentpolicy` command: finds a Node that can run it, then hands over to `main`. Plain JavaScript, and nothing
 * newer than Node 14 knows, because an old Node must get as far as the message below.
 *
 * In a clone the sources run as they are; the published package holds `dist/` instead, and no `cli/main.ts`.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import module from "node:module";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { setFlagsFromString } from "node:v8";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const source = join(root, "cli", "main.ts");
const inClone = existsSync(source);

/** Running the sources needs a Node that strips types without saying that this is experimental. */
const needed = inClone ? [24, 3] : [22, 12];

const atLeast = (version, [major, minor]) => {
  const [a = 0, b = 0] = version.split(".").map(Number);
  return a > major || (a === major && b >= minor);
};

if (atLeast(process.versions.node, needed)) {
  // The young generation would grow to 96 MB of garbage, for no speed that a command could notice.
  setFlagsFromString("--semi-space-growth-factor=1");
  keepCompiled();
  const { main } = await import(pathToFileURL(inClone ? source : join(root, "dist", "cli", "main.js")).href);
  process.exitCode = await main(process.argv.slice(2));
} else {
  runWithOwnNode();
}

/**
 * Keeps what Node compiles for the next start, which is then twice as fast. It stands in the user's own cache and not
 * in the machine's temporary folder, Node's default: whoever can write there first would choose the code that runs here.
 * Where the folder can't be written, Node goes without. `NODE_DISABLE_COMPILE_CACHE=1` turns it off.
 */
function keepCompiled() {
  const [owned, ...below] = userCache();
  // Below a folder that isn't there, such as the home of a user that has none, Node may try for ever to make one.
  if (owned && isAbsolute(owned) && existsSync(owned))
    module.enableCompileCache(join(owned, ...below, "agentpolicy", "compiled"));
}

/** The folder that is the user's, and what stands below it. */
function userCache() {
  if (process.platform === "win32") return [process.env.LOCALAPPDATA];
  if (process.env.XDG_CACHE_HOME) return [process.env.XDG_CACHE_HOME];
  return process.platform === "darwin" ? [home(), "Library", "Caches"] : [home(), ".cache"];
}

function home() {
  try {
    return homedir();
  } catch {
    // A container's user may have no entry among the users, and so no home.
    return undefined;
  }
}

/** A clone brings its Node as a dev dependency; npm scripts and npx use it, a plain `node cli/bin.js` doesn't. */
function runWithOwnNode() {
  const own = join(root, "node_modules", "node", "bin", process.platform === "win32" ? "node.exe" : "node");
  // The variable stops a Node that lies about its version from calling itself for ever.
  if (!existsSync(own) || process.env.AGENTPOLICY_REEXEC === "1") {
    console.error(
      `agentpolicy: needs Node ${needed.join(".")} or newer, and this is ${process.versions.node}; ` +
        (inClone ? "run `npm ci`, which brings one, or install a newer Node" : "install a newer Node"),
    );
    process.exitCode = 3;
    return;
  }
  const child = spawn(own, process.argv.slice(1), {
    stdio: "inherit",
    env: { ...process.env, AGENTPOLICY_REEXEC: "1" },
  });
  // Ctrl-C reaches the child by itself (same terminal); what is sent to this process alone is passed on.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  process.on("SIGHUP", () => child.kill("SIGHUP"));
  child.on("error", (error) => {
    console.error(`agentpolicy: can't start ${own}: ${error.message}`);
    process.exitCode = 3;
  });
  child.on("exit", (code, signal) => {
    process.exitCode = code ?? (signal === "SIGINT" ? 130 : 143);
  });
}

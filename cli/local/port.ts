/** Ports of this machine. */
import { createServer } from "node:net";
import { environment } from "../failure.ts";

/** Below those that a system hands out by itself: from 32768 on Linux, from 49152 elsewhere. */
const FIRST = 20_000;
const COUNT = 12_000;
/** Between the first choices of two processes that were started one after the other. */
const APART = 61;

let chosen = 0;

/**
 * One that nobody listens on now, and that nobody is given meanwhile: an edge listens on it only when its Worker is
 * built, and anew after each save. So it isn't the system's to give, and no two processes look in the same place.
 */
export async function freePort(): Promise<number> {
  for (let looks = 0; looks < COUNT; looks += 1) {
    const port = FIRST + ((process.pid * APART + chosen) % COUNT);
    chosen += 1;
    if ((await portProblem(port)) === null) return port;
  }
  throw environment(`no port from ${FIRST} to ${FIRST + COUNT - 1} is free`, "give one with `--port`");
}

/** Why the port can't be listened on, or null. */
export async function portProblem(port: number): Promise<string | null> {
  const server = createServer();
  const error = await new Promise<NodeJS.ErrnoException | null>((resolve) => {
    server.once("error", resolve);
    server.listen(port, "127.0.0.1", () => resolve(null));
  });
  if (error === null) {
    await new Promise((resolve) => server.close(resolve));
    return null;
  }
  if (error.code === "EADDRINUSE") return "is in use by another program";
  return error.code === "EACCES" ? "may not be used by this user" : `can't be used: ${error.message}`;
}

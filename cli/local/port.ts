/** Ports of this machine. */
import { createServer } from "node:net";

/** One that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("a listening socket has a port");
  return address.port;
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

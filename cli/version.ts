/** The package's version, read from its own package.json: two folders up when compiled, one in a clone. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The folder of the package: where `package.json` of `agentpolicy` stands. */
export function packageRoot(): string {
  const above = dirname(import.meta.dirname);
  return existsSync(join(above, "package.json")) ? above : dirname(above);
}

export function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(packageRoot(), "package.json"), "utf8"));
  return typeof manifest === "object" && manifest !== null && "version" in manifest
    ? String(manifest.version)
    : "unknown";
}

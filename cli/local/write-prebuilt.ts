/** Part of the package's build: `node --conditions=agentpolicy-source cli/local/write-prebuilt.ts`. */
import { join, resolve } from "node:path";
import { writeWhole } from "../write-file.ts";
import { bundleWorker, PREBUILT } from "./bundle-worker.ts";

const { code } = await bundleWorker();
await writeWhole(join(resolve(import.meta.dirname, "../.."), "dist", PREBUILT), code);

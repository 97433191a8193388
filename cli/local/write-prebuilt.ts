/** A step of `npm run build`: puts the ready-made Worker where the published package looks for it. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { bundleWorker, PREBUILT } from "./bundle-worker.ts";

const target = join(resolve(import.meta.dirname, "../.."), "dist", PREBUILT);
await mkdir(dirname(target), { recursive: true });
await writeFile(target, (await bundleWorker()).code);

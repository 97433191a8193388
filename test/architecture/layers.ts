/** Which room may know which (`ARCHITECTURE.md`): by folder, the packages and the faces of other folders it may import. */
export interface Layer {
  readonly packages: readonly string[];
  readonly folders: { readonly [folder: string]: readonly string[] };
}

const ENGINE = ["engine/index.ts"];
const DSL = ["dsl/index.ts"];
const COMPILER = ["compiler/index.ts"];
const SDK = ["sdk/index.ts", "sdk/permit.ts"];

export const LAYERS: { readonly [folder: string]: Layer } = {
  engine: { packages: [], folders: {} },
  dsl: { packages: ["chevrotain"], folders: {} },
  compiler: { packages: ["temporal-polyfill", "@noble/hashes"], folders: { dsl: DSL, engine: ENGINE } },
  sdk: { packages: ["jose", "canonicalize"], folders: { engine: ENGINE } },
  edge: {
    packages: ["hono", "zod", "jose", "canonicalize", "lossless-json", "aws4fetch", "cloudflare:", "node:crypto"],
    folders: { engine: ENGINE, sdk: SDK },
  },
  cli: {
    packages: ["node:", "commander", "picocolors", "zod", "jose", "miniflare", "wrangler", "esbuild"],
    // What an edge delivers, how long its keys live and what its exports may say: the commands tell it before anything runs.
    folders: {
      dsl: DSL,
      compiler: COMPILER,
      engine: ENGINE,
      sdk: SDK,
      edge: ["edge/delivered.ts", "edge/key-times.ts", "edge/export/read-sinks.ts"],
    },
  },
};

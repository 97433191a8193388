/** The synchronous functions of Node's that the objects use; the Workers runtime has them under `nodejs_compat`. */
declare module "node:crypto" {
  interface Digest {
    update(data: string | Uint8Array): Digest;
    digest(): Uint8Array;
    digest(encoding: "hex" | "base64url" | "base64"): string;
  }
  /** Of a text that is there as a whole: faster than `createHash`, since it makes no stream. */
  export function hash(algorithm: "sha256", data: string | Uint8Array, encoding: "hex" | "base64url"): string;
  export function createHash(algorithm: "sha256"): Digest;
  export function createHmac(algorithm: "sha256", key: string | Uint8Array): Digest;
}

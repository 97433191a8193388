/** Canaries: found wherever an argument hides one, one layer deep, and in linear time. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sha256Hex } from "../../compiler/index.ts";
import { type JsonObject, match, prepare, type Request } from "../../engine/index.ts";
import { smallBody, tableOf } from "./small-table.ts";

const CANARY = "apc_abcdefghijklmnopqrstuvwxyz";
const OTHER = "apc_zyxwvutsrqponmlkjihgfedcba";
const RUNS = Number(process.env["PROPERTY_RUNS"] ?? 300);

const body = smallBody();
const open = body.actions.map((action) => ({ ...action, open: true }));
const policy = prepare(tableOf({ ...body, actions: open, canaries: [{ name: "bait", sha256: sha256Hex(CANARY) }] }));

function asked(args: JsonObject): Request {
  const at = Date.parse("2026-11-23T10:00:00Z");
  return { agent: "bot", session: "s", environment: "production", action: "doc.read", args, at, sha256: sha256Hex };
}

function reasonOf(args: JsonObject): string | null {
  return match(policy, asked({ id: "a", ...args })).denied?.reason ?? null;
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

function percents(text: string): string {
  return Array.from(Buffer.from(text), (byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
}

const HIDDEN: readonly (readonly [string, JsonObject])[] = [
  ["as it stands", { x: CANARY }],
  ["in the middle of a text", { x: `see ${CANARY}.` }],
  ["right behind what looks like the beginning of one", { x: `apc_abcdefghijklmnopqrstuvw${CANARY}` }],
  ["as the value of a declared argument", { id: CANARY }],
  ["as a name", { [`x${CANARY}`]: 1 }],
  ["deep inside", { x: { y: [1, { z: CANARY }] } }],
  ["in base64", { x: base64(CANARY) }],
  ["in base64 behind one byte", { x: base64(`a${CANARY}`) }],
  ["in base64 behind two bytes", { x: base64(`ab${CANARY}zz`) }],
  ["in base64 that a path leads up to", { x: `https://a.example/data/x${base64(`ü${CANARY}ü`)}` }],
  ["in base64 broken into lines", { x: base64(`Hello!${CANARY}${"-".repeat(60)}`).replace(/.{19}/g, "$&\r\n") }],
  ["in base64url", { x: Buffer.from(`\u{1f4a1}??>>${CANARY}`).toString("base64url") }],
  ["in base64 as a name", { [base64(CANARY)]: "x" }],
  ["with every byte as a percent", { x: percents(CANARY) }],
  ["in capitals", { x: CANARY.toUpperCase() }],
  ["with some capitals", { x: CANARY.replace("apc", "aPc").replace("mno", "MNO") }],
  ["in capitals as a name", { [CANARY.toUpperCase()]: 1 }],
  ["in capitals, in base64", { x: base64(CANARY.toUpperCase()) }],
  ["in capitals, in base64 behind one byte", { x: base64(`a${CANARY.toUpperCase()}`) }],
  ["with some capitals, in base64 behind two bytes", { x: base64(`ab${CANARY.replace("pc_abc", "Pc_aBC")}`) }],
  ["in capitals, with every byte as a percent", { x: percents(CANARY.toUpperCase()) }],
  ["with some bytes as percents", { x: CANARY.replace("_", "%5f").replace("z", "%7A") }],
];

describe("a canary is found", () => {
  test.each(HIDDEN)("%s", (_name, args) => {
    expect(reasonOf(args)).toBe("canary");
  });

  test("in base64 and in percents, whatever stands around it", () => {
    const around = fc.string({ maxLength: 40 });
    fc.assert(
      fc.property(
        around,
        around,
        around,
        around,
        fc.constantFrom(base64, percents),
        fc.mixedCase(fc.constant(CANARY)),
        (a, b, c, d, encode, marker) => {
          expect(reasonOf({ x: `${c} ${encode(`${a}${marker}${b}`)} ${d}` })).toBe("canary");
        },
      ),
      { numRuns: RUNS },
    );
  });
});

const NOT_HIDDEN: readonly (readonly [string, JsonObject])[] = [
  ["another marker", { x: OTHER }],
  ["another marker in base64", { x: base64(OTHER) }],
  ["a marker that is cut", { x: CANARY.slice(0, -1) }],
  ["two layers of base64", { x: base64(base64(CANARY)) }],
  ["nothing", {}],
];

test.each(NOT_HIDDEN)("no canary of the policy: %s", (_name, args) => {
  expect(reasonOf(args)).toBeNull();
});

test("texts made to look like many markers take linear time", () => {
  const hashed: string[] = [];
  const sha256 = (text: string): string => {
    hashed.push(text);
    return sha256Hex(text);
  };
  const half = 400_000;
  for (const piece of [
    "apc_",
    "YXBj",
    "FwY1",
    "hcGN",
    "QVBD",
    "FQQ1",
    "BUEN",
    "%61",
    "apc_abcdefghijklmnopqrstuvwxy1",
  ]) {
    const x = piece.repeat(half / piece.length);
    expect(match(policy, { ...asked({ id: "a", x }), sha256 }).denied).toBeNull();
  }
  expect(hashed.every((text) => text.length === CANARY.length)).toBe(true);
});

test("while canaries exist, a request that can't be hashed is denied", () => {
  const { sha256: _, ...request } = asked({ id: "a" });
  expect(match(policy, request).denied).toMatchObject({ reason: "unknown_fact", unknown: ["canaries"] });
});

test("a policy without canaries looks for none", () => {
  const { sha256: _, ...request } = asked({ id: CANARY });
  expect(match(prepare(tableOf(body)), request).denied).toBeNull();
});

test("arguments are checked before canaries are looked for", () => {
  const strict = prepare(tableOf({ ...body, canaries: [{ name: "bait", sha256: sha256Hex(CANARY) }] }));
  expect(match(strict, asked({ id: "a", x: CANARY })).denied?.reason).toBe("invalid_argument");
});

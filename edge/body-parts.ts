/** Parts that bodies of several calls have, whoever defined the call. */
import * as z from "zod/mini";
import { InexactNumber } from "../engine/index.ts";
import type { JsonObject } from "../engine/index.ts";

/** A number that no double holds is an object too, and isn't meant. */
export const jsonObject = z.custom<JsonObject>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof InexactNumber),
  "expected object",
);

export const requestId = z.string().check(z.regex(/^[A-Za-z0-9_-]{1,64}$/, "1 to 64 of `A-Z a-z 0-9 _ -`"));

export const confidence = z.number().check(z.minimum(0), z.maximum(1));

export const toolSha256 = z.string().check(z.regex(/^[0-9a-f]{64}$/, "expected 64 hex digits in lower case"));

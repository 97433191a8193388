/** The recorded sessions that are replayed. */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { JsonObject } from "../../engine/index.ts";

export interface RecordedCall {
  readonly tool: string;
  readonly args: JsonObject;
  readonly role: "user_task" | "injected" | "user_device";
}

export interface RecordedSession {
  readonly id: string;
  readonly version: string;
  readonly suite: string;
  readonly kind: "benign" | "attack";
  readonly prompt: string;
  readonly goal?: string;
  readonly testable?: boolean;
  readonly calls: readonly RecordedCall[];
}

export function readSessions(): readonly RecordedSession[] {
  const packed = readFileSync(new URL("data/sessions.jsonl.gz", import.meta.url));
  const lines = gunzipSync(packed).toString("utf8").split("\n");
  return lines.filter((line) => line !== "").map((line): RecordedSession => JSON.parse(line));
}

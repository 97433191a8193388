import { afterEach, beforeEach, vi } from "vitest";
import { resetGates } from "./gates.ts";

/**
 * Each test of the file starts and ends with every gate open and in real time; `prepare` gives it names that no other
 * test has, since the objects of all of them live in one store.
 */
export function eachAlone(prepare: () => void | Promise<void> = () => {}): void {
  beforeEach(async () => {
    resetGates();
    await prepare();
  });
  afterEach(() => {
    resetGates();
    vi.useRealTimers();
  });
}

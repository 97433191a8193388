/** Values of options, read with the messages that commander shows. */
import { InvalidArgumentError } from "commander";

export function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("give a whole number");
  return Number(text);
}

export function port(text: string): number {
  const value = wholeNumber(text);
  if (value > 65_535) throw new InvalidArgumentError("a port is 0 to 65535");
  return value;
}

/** For an option that may be given several times, one value each, so that it never takes the path that follows it. */
export function listOf(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

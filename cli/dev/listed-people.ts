/** The people of a policy in the order in which its groups list them; a table sorts them, so that order means nothing. */
import { parse } from "../../dsl/index.ts";
import type { Source } from "../../dsl/index.ts";

/** Addresses, each once. */
export function listedPeople(sources: readonly Source[]): readonly string[] {
  const groups = sources.flatMap((source) => parse(source).file.declarations.filter((one) => one.kind === "Group"));
  return [...new Set(groups.flatMap((group) => (group.members ?? []).map((member) => member.value.toLowerCase())))];
}

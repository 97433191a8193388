/** Names that came and went. */
import { listed } from "./listed.ts";
import type { Direction } from "./policy-diff.ts";

/** `strict`: to have one more holds back more. */
export function gainedOrLost(
  word: string,
  before: readonly string[],
  after: readonly string[],
  kind: "loose" | "strict",
): readonly { readonly direction: Direction; readonly change: string }[] {
  const gained = after.filter((one) => !before.includes(one)).map((one) => `\`${one}\``);
  const lost = before.filter((one) => !after.includes(one)).map((one) => `\`${one}\``);
  const [more, less]: readonly [Direction, Direction] =
    kind === "loose" ? ["looser", "stricter"] : ["stricter", "looser"];
  return [
    ...(gained.length > 0 ? [{ direction: more, change: `${word} ${listed(gained)} added` }] : []),
    ...(lost.length > 0 ? [{ direction: less, change: `${word} ${listed(lost)} removed` }] : []),
  ];
}

/** Whether a path such as `args.card.number` leads into a `secret` parameter or field. */
import type { Param } from "../../engine/index.ts";

/** @param path without `args` */
export function isSecretPath(path: readonly string[], params: readonly Param[]): boolean {
  const [name, ...members] = path;
  const param = params.find((candidate) => candidate.name === name);
  if (param === undefined) return false;
  const type = param.type.kind === "list" ? param.type.of : param.type;
  return param.secret || (type.kind === "record" && isSecretPath(members, type.fields));
}

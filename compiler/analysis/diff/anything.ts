/** A block that allows whatever is asked, so that restrictions beside it show by themselves. */
import { madeRule } from "../space/made-rule.ts";
import type { PlacedBlock } from "../space/side.ts";

const GRANT = madeRule("anything", "allow");

export const ANYTHING: PlacedBlock = { block: { kind: "role", name: "", rules: [GRANT], limits: [] }, role: null };

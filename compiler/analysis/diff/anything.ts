/** A block that allows whatever is asked, so that restrictions beside it show by themselves. */
import type { Rule } from "../../../engine/index.ts";
import type { PlacedBlock } from "../space/side.ts";

const GRANT: Rule = {
  id: "anything",
  tier: "allow",
  trial: false,
  scope: { select: [{ kind: "any" }], except: [], on: null, on_except: [] },
  when: null,
  to: [],
  via: [],
  until: null,
  text: "",
  doc: null,
};

export const ANYTHING: PlacedBlock = { block: { kind: "role", name: "", rules: [GRANT], limits: [] }, role: null };

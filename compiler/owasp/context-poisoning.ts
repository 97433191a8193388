/** ASI06: what an agent remembers may have been written by somebody else. */
import { durationText } from "../../engine/index.ts";
import type { Condition } from "../../engine/index.ts";
import {
  type Assessment,
  concernsClass,
  declaration,
  evidenceOf,
  gap,
  hasClass,
  measure,
  type PolicyView,
  someCondition,
  stated,
} from "./policy-view.ts";

export function assessContextPoisoning(view: PolicyView): Assessment {
  const { labels, actions, settings, canaries } = view.table.body;
  const marks = labels.filter(({ kind }) => kind !== "plain").map(({ name }) => name);
  const readsLabel = (part: Condition): boolean => part.op === "session_has" && marks.includes(part.label);
  const yielding = actions.filter((action) => action.yields.some(({ label }) => marks.includes(label)));
  const stores = view.rules.filter(
    ({ row }) =>
      row.tier !== "allow" &&
      someCondition(row.when, readsLabel) &&
      (concernsClass(view, row, ["write"]) || row.scope.select.some(({ kind }) => kind === "any")),
  );
  const clearing = actions.filter((action) => action.clears.length > 0);
  const { lifetime, idle } = settings.session;
  return {
    enforced: [
      ...measure(
        "labels stay with a session and its children, whatever the model forgets",
        yielding.map((action) =>
          declaration(view, "action", action.name, ` yields ${action.yields.map(({ label }) => label).join(", ")}`),
        ),
      ),
      ...measure("what a marked session may still write", evidenceOf(view, stores)),
      ...measure(
        "a label goes only where a person was asked",
        clearing.map(({ name, clears }) => declaration(view, "action", name, ` clears ${clears.join(", ")}`)),
      ),
      ...measure(
        "what was carried out of planted data is denied",
        canaries.map(({ name }) => declaration(view, "canary", name, "", "canaries")),
      ),
      ...measure("a session, and what it picked up, ends", [
        stated(`session lifetime ${durationText(lifetime)} idle ${durationText(idle)}`),
      ]),
    ],
    open: [
      ...gap(
        yielding.length === 0,
        "no action yields a taint or sensitive label",
        "let actions say what they bring in: `yields …`",
      ),
      ...gap(
        yielding.length > 0 && stores.length === 0 && actions.some((action) => hasClass(action, ["write"])),
        "a marked session writes as any other, so that the next one reads it back",
        "in `every agent`: `ask write when session has untrusted via …`",
      ),
    ],
  };
}

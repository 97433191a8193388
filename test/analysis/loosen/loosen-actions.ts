// @ts-nocheck: drafts of recursive table types send the checker round in circles, differently each time
/** Every action of a table: of fewer classes, leaving less behind, and taking more. */
import type { Action, Param, ParamType, TableBody } from "../../../engine/index.ts";
import { changing, type Draft, type Loosening } from "./loosening.ts";

export function looseActions(body: TableBody): readonly Loosening[] {
  const changed = changing(body);
  return body.actions.flatMap((action, at) => {
    const one = (what: string, change: (action: Draft<Action>) => void): Loosening => ({
      name: `${action.name} ${what}`,
      body: changed(({ actions }) => change(actions[at])),
    });
    const label = body.labels.find(({ name }) => !action.clears.includes(name));
    return [
      ...action.classes.map(({ name }, index) => one(`isn't ${name}`, (draft) => void draft.classes.splice(index, 1))),
      ...action.yields.map((_, index) => one(`yields less (${index})`, (draft) => void draft.yields.splice(index, 1))),
      ...(label === undefined ? [] : [one("clears a label", (draft) => void draft.clears.push(label.name))]),
      ...action.params.flatMap((param, index) => looseParams(param, index, isRead(param, body), one)),
      one("takes anything else", (draft) => void (draft.open = true)),
      one("takes something new", (draft) => void draft.params.push(NEW)),
      ...action.params.flatMap((param, index) =>
        isRead(param, body) ? [] : [one(`doesn't take ${param.name}`, (draft) => void draft.params.splice(index, 1))],
      ),
    ];
  });
}

const NEW: Param = { name: "fresh", type: { kind: "bool" }, optional: true, secret: false };

function looseParams(
  param: Param,
  index: number,
  read: boolean,
  one: (what: string, change: (action: Draft<Action>) => void) => Loosening,
): readonly Loosening[] {
  const changed = (what: string, change: (param: Draft<Param>) => void): Loosening =>
    one(`${param.name} ${what}`, ({ params }) => change(params[index]));
  const types = widerTypes(param.type, read).map((type, number) =>
    changed(`wider (${number})`, (draft) => void (draft.type = type as Draft<ParamType>)),
  );
  return [
    ...types,
    ...(param.optional || read ? [] : [changed("optional", (draft) => void (draft.optional = true))]),
    ...(param.secret ? [changed("not secret", (draft) => void (draft.secret = false))] : []),
  ];
}

/** Does a rule, a limit or a resource read an argument of this name? A table where it is no longer there is broken. */
function isRead({ name }: Param, { blocks, actions }: TableBody): boolean {
  const text = JSON.stringify([blocks, actions.map(({ classes, resources, yields }) => [classes, resources, yields])]);
  return (
    text.includes(`"path":["${name}"`) || text.includes(`"total":["${name}"`) || text.includes(`"keys":[["${name}"`)
  );
}

/** Types that take all that this one takes, and more. What is read stays of its kind. */
function widerTypes(type: ParamType, read: boolean): readonly ParamType[] {
  const json: readonly ParamType[] = read ? [] : [{ kind: "json" }];
  switch (type.kind) {
    case "string":
      return [
        ...(type.max === null ? [] : [{ ...type, max: type.max + 1 }]),
        ...(type.min === null || type.min === 0 ? [] : [{ ...type, min: type.min - 1 }]),
        ...(type.like === null ? [] : [{ ...type, like: null }]),
        ...json,
      ];
    case "int":
      return [...(type.max === null ? [] : [{ ...type, max: type.max + 1 }]), ...json];
    case "decimal":
      return [
        ...(type.max === null ? [] : [{ ...type, max: null }]),
        ...(type.min === null ? [] : [{ ...type, min: null }]),
        ...json,
      ];
    case "enum":
      return [
        { ...type, values: [...type.values, "zz"] },
        { kind: "string", min: null, max: null, like: null },
      ];
    case "url":
      return [{ ...type, schemes: [...type.schemes, "http"] }];
    case "path":
      return type.lower ? [{ ...type, lower: false }] : json;
    case "list":
      return [
        { ...type, max: type.max + 1 },
        ...(type.min === 0 ? [] : [{ ...type, min: type.min - 1 }]),
        ...widerTypes(type.of, read).map((of) => ({ ...type, of })),
      ];
    case "record":
      return [{ ...type, fields: [...type.fields, NEW] }];
    default:
      return json;
  }
}

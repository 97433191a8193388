/** Every action of a table: of fewer classes, leaving less behind, and taking more. */
import type { Action, Param, ParamType, TableBody } from "../../../engine/index.ts";
import { type Loosening, without } from "./loosening.ts";

export function looseActions(body: TableBody): readonly Loosening[] {
  return body.actions.flatMap((action, at) => {
    const one = (what: string, change: Partial<Action>): Loosening => ({
      name: `${action.name} ${what}`,
      body: { ...body, actions: body.actions.with(at, { ...action, ...change }) },
    });
    const { classes, yields, clears, params } = action;
    const label = body.labels.find(({ name }) => !action.clears.includes(name));
    return [
      ...classes.map(({ name }, index) => one(`isn't ${name}`, { classes: without(classes, index) })),
      ...yields.map((_, index) => one(`yields less (${index})`, { yields: without(yields, index) })),
      ...(label === undefined ? [] : [one("clears a label", { clears: [...clears, label.name] })]),
      ...params.flatMap((param, index) =>
        looseParam(param, isRead(param, body)).map(([what, change]) =>
          one(`${param.name} ${what}`, { params: params.with(index, { ...param, ...change }) }),
        ),
      ),
      one("takes anything else", { open: true }),
      one("takes something new", { params: [...params, NEW] }),
      ...params.flatMap((param, index) =>
        isRead(param, body) ? [] : [one(`doesn't take ${param.name}`, { params: without(params, index) })],
      ),
    ];
  });
}

const NEW: Param = { name: "fresh", type: { kind: "bool" }, optional: true, secret: false };

function looseParam(param: Param, read: boolean): readonly (readonly [what: string, change: Partial<Param>])[] {
  return [
    ...widerTypes(param.type, read).map((type, number) => [`wider (${number})`, { type }] as const),
    ...(param.optional || read ? [] : [["optional", { optional: true }] as const]),
    ...(param.secret ? [["not secret", { secret: false }] as const] : []),
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

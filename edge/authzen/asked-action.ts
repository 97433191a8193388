/**
 * Which action of the policy a question is about, and its arguments. The name is the action's own, or the rest of one
 * behind the resource's type (`read` of a `record` is `record.read`). Arguments are the action's properties, no more and
 * no less: what is executed and what is decided are one. Parameters of record type named `subject`, `resource` and
 * `context` are filled from those, and a hole of the action's `on` from the resource's id. Pure.
 */
import type { Action, JsonObject, Param } from "../../engine/index.ts";
import type { Evaluation } from "./entities.ts";
import { holesOf } from "./holes-of.ts";

type Question = Pick<Evaluation, "subject" | "action" | "resource" | "context">;

export interface AskedAction {
  readonly action: string;
  readonly args: JsonObject;
  /** Compared with what the policy computes; null where the resource is the tool itself. */
  readonly resources: readonly string[] | null;
}

export type ReadAction =
  | ({ readonly ok: true } & AskedAction)
  | { readonly ok: false; readonly reason: "unknown_action" | "invalid_argument"; readonly message: string };

export function askedAction(actions: ReadonlyMap<string, Action>, question: Question): ReadAction {
  const { action: asked, resource } = question;
  const action = actionNamed(actions, asked.name, resource.type);
  if (action === null) return unknown(asked.name);
  const own = asked.properties ?? {};
  const described = describedBy(action, question);
  const twice = Object.keys(described).find((name) => Object.hasOwn(own, name));
  if (twice !== undefined)
    return refused(
      `the parameter \`${twice}\` is filled from the question's own \`${twice}\`: leave it out of the action's properties`,
    );
  const isTool = resource.type === "tool" && (resource.id === action.name || resource.id === action.tool?.name);
  const name = `${resource.type}/${resource.id}`;
  const holes = isTool ? {} : holesOf(action, name);
  return { ok: true, action: action.name, args: { ...holes, ...own, ...described }, resources: isTool ? null : [name] };
}

/** The action of this very name goes first: whoever writes the whole name means it. */
export function actionNamed(actions: ReadonlyMap<string, Action>, name: string, type: string): Action | null {
  return actions.get(name) ?? actions.get(`${type}.${name}`) ?? null;
}

/** By which name AuthZEN asks for the action on resources of this type: the shortest that means it. */
export function shortName(actions: ReadonlyMap<string, Action>, action: Action, type: string): string {
  const short = action.name.startsWith(`${type}.`) ? action.name.slice(type.length + 1) : "";
  return short !== "" && actionNamed(actions, short, type) === action ? short : action.name;
}

/** Of what the question says, the fields that the action declares; properties that it doesn't are nobody's to read. */
function describedBy({ params }: Action, { subject, resource, context }: Question): JsonObject {
  const told: { readonly [name: string]: JsonObject } = {
    subject: { ...subject.properties, type: subject.type, id: subject.id },
    resource: { ...resource.properties, type: resource.type, id: resource.id },
    context: withoutOwn(context ?? {}),
  };
  return Object.fromEntries(
    params.flatMap(({ name, type }) =>
      type.kind === "record" && Object.hasOwn(told, name) ? [[name, fieldsOf(type.fields, told[name] ?? {})]] : [],
    ),
  );
}

function fieldsOf(fields: readonly Param[], told: JsonObject): JsonObject {
  const declared = new Set(fields.map(({ name }) => name));
  return Object.fromEntries(Object.entries(told).filter(([name]) => declared.has(name)));
}

function withoutOwn(context: { readonly [name: string]: unknown }): JsonObject {
  return Object.fromEntries(Object.entries(context).filter(([name]) => name !== "agentpolicy")) as JsonObject;
}

function unknown(name: string): ReadAction {
  const message = `the policy has no action \`${name}\`, neither by itself nor behind the resource's type`;
  return { ok: false, reason: "unknown_action", message };
}

function refused(message: string): ReadAction {
  return { ok: false, reason: "invalid_argument", message };
}

/** Second stage: which names there are. One name space over all files; what is declared twice is an error. */
import type { Declaration, File, Name, PolicyDeclaration, Span } from "../../dsl/index.ts";
import { isInvented, type Report } from "../report.ts";
import { BUILT_IN_CLASSES, SESSION_OPEN, type Declared, type NameKind, type Names } from "./names.ts";

interface Collector {
  readonly report: Report;
  readonly by: { readonly [K in NameKind]: Map<string, Declared[K]> };
  /** Name spaces that several kinds share, because one place in a rule may name any of them. */
  readonly spaces: Map<string, Map<string, Taken>>;
}

interface Taken {
  readonly what: string;
  readonly span: Span;
}

/** Kinds that one place in the text may name: a selector names an action or a class, `in` names a set or a group. */
const SPACES: { readonly [kind: string]: string } = {
  action: "selector",
  class: "selector",
  set: "membership",
  "live set": "membership",
  group: "membership",
};

/** Collects the declarations of all files, in the order given. */
export function collectNames(files: readonly File[], report: Report): Names {
  const by = emptyMaps();
  const collector: Collector = { report, by, spaces: new Map() };
  const declarations = files.flatMap((file) => [...file.declarations]);
  for (const declaration of declarations) collect(collector, declaration);
  for (const file of files) refuseOutsideTests(file, report);
  return {
    policy: onePolicy(declarations, files, report),
    by,
    everyAgent: declarations.filter((declaration) => declaration.kind === "EveryAgent"),
    servers: firstOfName(declarations.filter((declaration) => declaration.kind === "Server")),
    gateways: firstOfName(declarations.filter((declaration) => declaration.kind === "Gateway")),
    canaries: firstOfName(declarations.filter((declaration) => declaration.kind === "Canary")),
    breakers: firstOfName(declarations.filter((declaration) => declaration.kind === "Breaker")),
    proofs: declarations.filter((declaration) => declaration.kind === "Prove"),
    tests: declarations.filter((declaration) => declaration.kind === "Test"),
  };
}

function emptyMaps(): Collector["by"] {
  return {
    label: new Map(),
    set: new Map(),
    "live set": new Map(),
    schedule: new Map(),
    group: new Map(),
    channel: new Map(),
    approval: new Map(),
    class: new Map(),
    action: new Map(),
    define: new Map(),
    role: new Map(),
    agent: new Map(),
  };
}

function collect(collector: Collector, declaration: Declaration): void {
  switch (declaration.kind) {
    case "Label":
      for (const item of declaration.labels) declare(collector, "label", item.name, item);
      return;
    case "Class":
      for (const name of declaration.names) declareClass(collector, name);
      return;
    case "Set":
      return declare(collector, "set", declaration.name, declaration);
    case "LiveSet":
      return declare(collector, "live set", declaration.name, declaration);
    case "Schedule":
      return declare(collector, "schedule", declaration.name, declaration);
    case "Group":
      return declare(collector, "group", declaration.name, declaration);
    case "Channel":
      return declare(collector, "channel", declaration.name, declaration);
    case "Approval":
      return declare(collector, "approval", declaration.name, declaration);
    case "Action":
      return declareAction(collector, declaration.name, declaration);
    case "Define":
      return declare(collector, "define", declaration.name, declaration);
    case "Role":
      return declare(collector, "role", declaration.name, declaration);
    case "Agent":
      return declare(collector, "agent", declaration.name, declaration);
    case "Breaker":
    case "Canary":
    case "Gateway":
    case "Server":
      return takeName(collector, declaration.kind.toLowerCase(), declaration.name);
    case "Prove":
    case "Test":
      return takeTitle(collector, declaration.kind.toLowerCase(), declaration.title.value, declaration.title.span);
    case "Policy":
    case "EveryAgent":
      return;
  }
}

function declare<K extends NameKind>(collector: Collector, kind: K, name: Name, declared: Declared[K]): void {
  if (isInvented(name)) return;
  takeName(collector, kind, name);
  const names: Map<string, Declared[K]> = collector.by[kind];
  if (!names.has(name.value)) names.set(name.value, declared);
}

/** Nothing refers to these by name, so they needn't be found by it; a second of one name has had its message. */
function firstOfName<Item extends { readonly name: Name }>(items: readonly Item[]): readonly Item[] {
  const byName = new Map<string, Item>();
  for (const item of items) {
    if (!isInvented(item.name) && !byName.has(item.name.value)) byName.set(item.name.value, item);
  }
  return [...byName.values()];
}

function declareClass(collector: Collector, name: Name): void {
  if (!BUILT_IN_CLASSES.includes(name.value)) return declare(collector, "class", name, name);
  collector.report.error("AP2002", {
    span: name.span,
    message: `class \`${name.value}\` is built in`,
    label: "declared again here",
    help: "remove it: the built-in class needs no declaration",
  });
}

function declareAction(collector: Collector, name: Name, declared: Declared["action"]): void {
  if (name.value === SESSION_OPEN || BUILT_IN_CLASSES.includes(name.value)) {
    collector.report.error("AP2002", {
      span: name.span,
      message: `\`${name.value}\` is a built-in ${name.value === SESSION_OPEN ? "action" : "class"}`,
      label: "declared here as an action",
      help: "give the action another name",
    });
    return;
  }
  declare(collector, "action", name, declared);
}

function takeName(collector: Collector, kind: string, name: Name): void {
  if (isInvented(name)) return;
  const space = SPACES[kind] ?? kind;
  take(collector, space, { what: kind, span: name.span }, name.value);
}

function takeTitle(collector: Collector, kind: string, title: string, span: Span): void {
  take(collector, kind, { what: kind, span }, title);
}

function take(collector: Collector, space: string, taken: Taken, name: string): void {
  const names = collector.spaces.get(space) ?? new Map<string, Taken>();
  collector.spaces.set(space, names);
  const first = names.get(name);
  if (!first) {
    names.set(name, taken);
    return;
  }
  const same = first.what === taken.what;
  collector.report.error("AP2001", {
    span: taken.span,
    message: same
      ? `${taken.what} \`${name}\` is declared twice`
      : `\`${name}\` is declared as ${article(first.what)} and as ${article(taken.what)}`,
    label: same ? "declared again here" : `${article(taken.what)} here`,
    related: [{ span: first.span, label: same ? "first declared here" : `${article(first.what)} here` }],
    help: "rename one of them, or remove it",
  });
}

function article(noun: string): string {
  return /^[aeiou]/.test(noun) ? `an ${noun}` : `a ${noun}`;
}

function onePolicy(
  declarations: readonly Declaration[],
  files: readonly File[],
  report: Report,
): PolicyDeclaration | null {
  const [first, ...more] = declarations.filter((declaration) => declaration.kind === "Policy");
  for (const again of more) {
    report.error("AP2004", {
      span: again.name.span,
      message: "a policy has exactly one `policy` block",
      label: "second block here",
      related: first ? [{ span: first.name.span, label: "first block here" }] : [],
      help: "all files below one directory are one policy: join the two blocks",
    });
  }
  const [file] = files;
  if (!first) {
    report.error("AP2003", {
      span: { source: file?.span.source ?? "", start: 0, end: 0 },
      message: "there is no `policy` block",
      help: 'begin one file with `policy "name" {}`',
    });
  }
  return first ?? null;
}

/** Files named `*.test.agentpolicy` may change without a security review, so nothing in them may decide. */
function refuseOutsideTests(file: File, report: Report): void {
  if (!file.span.source.endsWith(".test.agentpolicy")) return;
  for (const declaration of file.declarations) {
    if (declaration.kind === "Test") continue;
    report.error("AP2005", {
      span: headOf(declaration),
      message: "a `.test.agentpolicy` file holds only tests",
      label: "not a test",
      help: "move it to a `.agentpolicy` file",
    });
    return;
  }
}

function headOf(declaration: Declaration): Span {
  return "name" in declaration ? declaration.name.span : declaration.span;
}

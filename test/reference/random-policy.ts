/** Random policies as text: few names, so that rules, roles and resources collide. */
import type { Choice } from "./choice.ts";
import { sha256Hex } from "../../compiler/index.ts";
import { CANARY, NAMES, sampleOf } from "./parameters.ts";
import { conditionText } from "./random-condition.ts";

export interface ActionPlan {
  readonly name: string;
  readonly params: readonly { readonly name: string; readonly optional: boolean }[];
  readonly classes: readonly string[];
  readonly open: boolean;
  /** Templates of its resources; empty for `on none`. */
  readonly templates: readonly string[];
  readonly text: string;
}

export interface PolicyPlan {
  readonly actions: readonly ActionPlan[];
  /** Declarations in the order they were made; they may be shuffled. */
  readonly declarations: readonly string[];
}

const ACTIONS = ["crm.read", "crm.write", "crm.notes.add", "mail.send", "pay", "fetch", "crmx"];
const CLASSES = ["read", "write", "delete", "external", "spend", "execute", "irreversible", "pii"];
const BASE_CLASSES = ["read", "write", "spend", "execute"];
const HEADS = ["r", "r/x", "q"];
const ZONES = ["Europe/Berlin", "America/New_York", "UTC", "Asia/Kathmandu", "Australia/Lord_Howe"];
const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const ROLES = ["writer", "reader", "booster"];
const APPROVALS = ["pair", "lead"];
const CHANNELS = ["ops", "sec"];

const HEADER = [
  `policy "random" {
  environments staging, production
  session lifetime 8h idle 30m
  people oidc "https://people.example" audience "p"
  requesters oidc "https://requesters.example" audience "r"
}`,
  "label untrusted is taint, confidential is sensitive, seen",
  'set domains = ["acme.example", "good.example"]',
  'set words = ["alpha", "beta", "delta"]',
  "set numbers = [0, 2.5, 10, 50.01]",
  "set whole = [0, 10]",
  "live set vendors editors leads",
  'group leads = ["ana@acme.example", "li@acme.example"]',
  'group fin = claim "groups" "fin"',
  'channel ops = slack secret "OPS"',
  'channel sec = slack secret "SEC"',
  "approval lead { approvers leads within 1h }",
  "approval pair { approvers fin quorum 2 within 30m }",
  "class pii",
  "define internal(to: list<email>) = every e in to: e.domain in domains",
  "define small(x: decimal, y: decimal) = (x <= y and not x == 2.5)",
];

export function randomPolicy(choice: Choice): PolicyPlan {
  const actions = choice.some(ACTIONS, 2, 4).map((name) => randomAction(choice, name));
  const roles = ROLES.map((name) => block(choice, `role ${name}`, actions, 1, 5, false));
  const everywhere = Array.from({ length: choice.upTo(2) }, () => block(choice, "every agent", actions, 0, 3, true));
  const declarations = [
    ...HEADER,
    randomSchedule(choice, "office"),
    randomSchedule(choice, "night"),
    ...actions.map((action) => action.text),
    ...roles,
    ...everywhere,
    ...randomClearing(choice, actions),
    ...(choice.oneIn(3) ? [`canary bait sha256 "${sha256Hex(CANARY)}"`] : []),
    randomAgent(choice, "bot", actions, ["other", "third"]),
    randomAgent(choice, "other", actions, ["third"]),
    randomAgent(choice, "third", actions, []),
  ];
  return { actions, declarations };
}

function randomAction(choice: Choice, name: string): ActionPlan {
  const params = choice.some(NAMES, 0, 4).map((one) => ({ name: one, optional: choice.oneIn(3) }));
  const open = choice.oneIn(6);
  const first = choice.pick(BASE_CLASSES);
  const more = choice.some(
    CLASSES.filter((one) => one !== first),
    0,
    2,
  );
  const classes = [first, ...more];
  const self: ActionPlan = { name, params, classes, open, templates: [], text: "" };
  const guard = (odds: number): string => (choice.oneIn(odds) ? ` ${randomGuard(choice, [self], "class")}` : "");
  const list = params.map((one) => `${one.name}: ${sampleOf(one.name).type}${one.optional ? "?" : ""}`);
  const templates = randomTemplates(choice, self);
  const yields = choice.some(["untrusted", "confidential", "seen"], 0, 2).map((label) => `${label}${guard(2)}`);
  const text = [
    `action ${name}(${[...list, ...(open ? ["..."] : [])].join(", ")})`,
    `  is ${[first, ...more.map((one) => `${one}${guard(2)}`)].join(", ")}`,
    `  on ${templates.length === 0 ? "none" : templates.map((one) => `"${one}"${choice.oneIn(6) ? ` ${randomGuard(choice, [self], "template")}` : ""}`).join(", ")}`,
    ...(yields.length === 0 ? [] : [`  yields ${yields.join(", ")}`]),
    ...(choice.oneIn(6) && !yields.some((one) => one.startsWith("seen")) ? ["  clears seen"] : []),
  ];
  return { ...self, templates, text: text.join("\n") };
}

/** An action that clears a label has to be asked about, always. */
function randomClearing(choice: Choice, actions: readonly ActionPlan[]): readonly string[] {
  const clearing = actions.filter((action) => action.text.includes("\n  clears "));
  if (clearing.length === 0) return [];
  return [`every agent {\n${clearing.map(({ name }) => `  ask ${name} via ${choice.pick(APPROVALS)}`).join("\n")}\n}`];
}

function randomTemplates(choice: Choice, action: ActionPlan): readonly string[] {
  if (choice.oneIn(5)) return [];
  const holes = action.params.filter((one) => sampleOf(one.name).hole).map((one) => one.name);
  const templates = Array.from({ length: choice.oneIn(4) ? 2 : 1 }, () => {
    const [one] = choice.some(holes, 0, 1);
    const head = choice.pick(HEADS);
    if (one === undefined) return choice.oneIn(2) ? `${head}/${action.name}` : head;
    if (one === "file" || one === "home" || choice.oneIn(2)) return `${head}/{${one}}`;
    return `${head}/{${one}}/tail`;
  });
  return [...new Set(templates)];
}

function randomGuard(choice: Choice, actions: readonly ActionPlan[], place: string): string {
  return `${choice.pick(["when", "unless"])} ${conditionText(choice, actions, place, 1)}`;
}

/** Which actions a selector means, so that a condition reads only what each of them declares. */
function randomSelectors(choice: Choice, actions: readonly ActionPlan[]): { text: string; selected: ActionPlan[] } {
  const parts = Array.from({ length: choice.oneIn(3) ? 2 : 1 }, () => randomSelector(choice, actions));
  const selected = new Set(parts.flatMap((part) => part.selected));
  return { text: parts.map((part) => part.text).join(", "), selected: [...selected] };
}

function randomSelector(
  choice: Choice,
  actions: readonly ActionPlan[],
): { text: string; selected: readonly ActionPlan[] } {
  const one = choice.pick(actions);
  switch (choice.upTo(5)) {
    case 0:
      return { text: "*", selected: actions };
    case 1: {
      const name = choice.pick(one.classes);
      return { text: name, selected: actions.filter((action) => action.classes.includes(name)) };
    }
    case 2: {
      if (!actions.some((action) => action.name.startsWith("crm."))) return { text: one.name, selected: [one] };
      return { text: "crm.*", selected: actions.filter((action) => action.name.startsWith("crm.")) };
    }
    default:
      return { text: one.name, selected: [one] };
  }
}

/** A pattern near a template of the selected actions, so that it meets their resources more often than not. */
function randomPattern(choice: Choice, selected: readonly ActionPlan[]): string {
  const templates = selected.flatMap((action) => action.templates);
  const template = templates.length === 0 || choice.oneIn(6) ? "q/x" : choice.pick(templates);
  const shared = selected.length === 1 ? (selected[0]?.params ?? []).map((one) => one.name) : [];
  const holes = shared.filter((name) => sampleOf(name).hole && name !== "to" && name !== "file");
  const values = ["alpha", "x", "a", "*a", "prod-*", "?", "10", "*@*", "{agent.id}", "{requester.id}"];
  const segments = template.split("/").map((segment) => {
    if (choice.oneIn(5)) return choice.pick(["*", "**"]);
    if (!segment.startsWith("{")) return segment;
    return choice.oneIn(2) ? "*" : choice.pick([...values, ...holes.map((name) => `{args.${name}}`)]);
  });
  const cut = choice.oneIn(4) ? [...segments.slice(0, -1), "**"] : segments;
  return `"${(choice.oneIn(4) ? [...cut, "**"] : cut).join("/")}"`;
}

/** Selectors, patterns and condition, as rules and limits share them. */
function randomScope(
  choice: Choice,
  actions: readonly ActionPlan[],
  place: string,
): { text: string; selected: ActionPlan[] } {
  const { text, selected } = randomSelectors(choice, actions);
  const except = choice.oneIn(5) ? ` except ${randomSelector(choice, actions).text}` : "";
  const on = choice.oneIn(3)
    ? ` on ${[randomPattern(choice, selected), ...(choice.oneIn(4) ? [randomPattern(choice, selected)] : [])].join(", ")}`
    : "";
  const onExcept = on !== "" && choice.oneIn(3) ? ` except ${randomPattern(choice, selected)}` : "";
  const guard = choice.oneIn(2)
    ? ` ${choice.pick(["when", "unless"])} ${conditionText(choice, selected, place, 2)}`
    : "";
  return { text: `${text}${except}${on}${onExcept}${guard}`, selected };
}

export function randomRule(choice: Choice, actions: readonly ActionPlan[], restrictOnly: boolean): string {
  const tiers = restrictOnly ? ["never", "ask", "notify"] : ["allow", "allow", "allow", "notify", "ask", "never"];
  const tier = choice.pick(tiers);
  const scope = randomScope(choice, actions, tier).text;
  const until = (tier === "allow" || tier === "notify") && choice.oneIn(8) ? " until 2026-07-01" : "";
  const to = tier === "notify" ? ` to ${choice.some(CHANNELS, 1, 2).join(", ")}` : "";
  const via = tier === "ask" ? ` via ${choice.some(APPROVALS, 1, 2).join(" and ")}` : "";
  return `${trial(choice)}${tier} ${scope}${to}${via}${until}`;
}

function trial(choice: Choice): string {
  return choice.oneIn(10) ? "trial " : "";
}

/** Sessions are opened by name only, and nothing grants it. */
export function randomOpening(choice: Choice): string {
  const guard = choice.oneIn(2) ? ` ${choice.pick(["when", "unless"])} ${conditionText(choice, [], "opening", 1)}` : "";
  if (choice.oneIn(3)) return `${trial(choice)}never session.open${guard}`;
  const window = choice.pick(["in 1h per agent", "in 24h per requester", "in 1h per fleet"]);
  return `${trial(choice)}limit session.open${guard} to ${choice.pick(["1", "3", "10"])} ${window}`;
}

export function randomLimit(choice: Choice, actions: readonly ActionPlan[]): string {
  const { text, selected } = randomScope(choice, actions, "limit");
  const required = selected.map(
    (action) => new Set(action.params.filter((one) => !one.optional).map((one) => one.name)),
  );
  const shared = NAMES.filter((name) => required.length > 0 && required.every((names) => names.has(name)));
  const total = shared.includes("amount") && choice.oneIn(2) ? " total args.amount" : "";
  const keys = choice
    .some(
      shared.filter((name) => sampleOf(name).key),
      0,
      1,
    )
    .map((name) => `, args.${name}`)
    .join("");
  const window = choice.pick([
    " in 1h per agent",
    " in 10m per session",
    " per session",
    " in 24h per agent",
    " in 1h per requester",
    " in 24h per fleet",
  ]);
  const then = choice.oneIn(2) ? ` then ask via ${choice.pick(APPROVALS)}` : "";
  return `${trial(choice)}limit ${text}${total} to ${choice.pick(["1", "3", "10"])}${window}${keys}${then}`;
}

function block(
  choice: Choice,
  head: string,
  actions: readonly ActionPlan[],
  min: number,
  max: number,
  every: boolean,
): string {
  const items = Array.from({ length: min + choice.upTo(max - min) }, () => {
    if (choice.oneIn(12)) return [randomOpening(choice)];
    if (!choice.oneIn(5)) return [randomRule(choice, actions, every)];
    const limit = randomLimit(choice, actions);
    // The same with another N and without `then`: a cap, which shares the count.
    return choice.oneIn(3) ? [limit, limit.replace(/ to \d+/, " to 4").replace(/ then .*/, "")] : [limit];
  }).flat();
  return [`${head} {`, ...items.map((item) => `  ${item}`), "}"].join("\n");
}

function randomAgent(choice: Choice, name: string, actions: readonly ActionPlan[], below: readonly string[]): string {
  const own = Array.from({ length: choice.upTo(2) }, () => `  ${randomRule(choice, actions, false)}`);
  const calls = below
    .filter(() => !choice.oneIn(4))
    .map((other) => `  may call ${other} for ${randomSelectors(choice, actions).text}`);
  const roles = choice.some(["writer", "reader"], 1, 2);
  const gainable = ROLES.filter((role) => !roles.includes(role));
  const key = Buffer.alloc(32, name).toString("base64url");
  return [
    `agent ${name} {`,
    "  owner leads",
    '  purpose "tests"',
    `  roles ${roles.join(", ")}`,
    `  identity key ed25519 "${key}"`,
    `  review by ${choice.oneIn(16) ? "2026-03-28" : "2027-12-31"}`,
    ...(choice.oneIn(10) ? ["  requester required"] : []),
    ...calls,
    ...(choice.oneIn(2) ? [`  may become ${choice.pick(gainable)} via ${choice.pick(APPROVALS)} for 30m`] : []),
    ...own,
    "}",
  ].join("\n");
}

function randomSchedule(choice: Choice, name: string): string {
  const slot = (): string => {
    const [from, to] = choice.pick([
      ["09:00", "18:00"],
      ["22:00", "06:00"],
      ["00:00", "24:00"],
      ["01:30", "03:15"],
      ["12:00", "12:01"],
    ] as const);
    const first = choice.pick(DAYS);
    return `${choice.oneIn(3) ? first : `${first}-${choice.pick(DAYS)}`} ${from}-${to}`;
  };
  const slots = Array.from({ length: 1 + choice.upTo(1) }, slot);
  return `schedule ${name} = ${slots.join(", ")} "${choice.pick(ZONES)}"`;
}

/** Roles, agents, gateways, canaries, breakers and proofs. */
import type {
  AgentDeclaration,
  AgentItem,
  BreakerAction,
  BreakerDeclaration,
  BreakerEvent,
  CanaryDeclaration,
  EveryAgentDeclaration,
  GatewayDeclaration,
  IdentityItem,
  LimitNode,
  Name,
  ProveClaim,
  ProveDeclaration,
  RoleDeclaration,
  RuleNode,
} from "../ast.ts";
import { assertNever } from "../assert-never.ts";
import { printGuard } from "./expression.ts";
import { closing, columns, docRows, type Row, row, widest } from "./row.ts";
import { limitRest, printSelector, printSelectors, ruleHead, ruleRest } from "./rule.ts";
import { braces } from "./vocabulary.ts";
import { printName, printNames, printText } from "./word.ts";

function ruleRows(item: RuleNode | LimitNode): Row[] {
  const rest = item.kind === "Rule" ? ruleRest(item) : limitRest(item);
  return [...docRows(item.doc, item.span, 1), columns("rule", [ruleHead(item), rest], item.span)];
}

export function roleRows(role: RoleDeclaration): Row[] {
  return braces(`role ${printName(role.name)}`, role.name, role.items.flatMap(ruleRows), role);
}

export function everyAgentRows(every: EveryAgentDeclaration): Row[] {
  const head = { span: { ...every.span, end: every.span.start + "every agent".length } };
  return braces("every agent", head, every.items.flatMap(ruleRows), every);
}

export function agentRows(agent: AgentDeclaration): Row[] {
  const like = agent.like === null ? "" : ` like ${printName(agent.like)}`;
  return braces(
    `agent ${printName(agent.name)}${like}`,
    agent.like ?? agent.name,
    agent.items.flatMap(itemRows),
    agent,
  );
}

function itemRows(item: AgentItem): Row[] {
  if (item.kind === "Rule" || item.kind === "Limit") return ruleRows(item);
  if (item.kind === "Identity") return identityRows(item);
  return [columns("setting", settingCells(item), item.span)];
}

function settingCells(item: Exclude<AgentItem, RuleNode | LimitNode | IdentityItem>): string[] {
  switch (item.kind) {
    case "Owner":
      return ["owner", item.owner.kind === "Name" ? printName(item.owner) : printText(item.owner)];
    case "Purpose":
      return ["purpose", printText(item.text)];
    case "Roles":
      return ["roles", printNames(item.names)];
    case "ReviewBy":
      return ["review", `by ${item.date.text}`];
    case "RequesterRequired":
      return ["requester", "required"];
    case "TaskFromClient":
      return ["task", "from client"];
    case "StartsWith":
      return ["starts", `with ${printNames(item.labels)}`];
    case "MayCall":
      return ["may call", `${printName(item.agent)} for ${printSelectors(item.select)}`];
    case "MayBecome":
      return ["may become", `${printName(item.role)} via ${printName(item.via)} for ${item.duration.text}`];
    default:
      return assertNever(item);
  }
}

function identityRows({ identity, span }: IdentityItem): Row[] {
  if (identity.kind === "KeyIdentity") {
    return [columns("setting", ["identity", `key ${printName(identity.algorithm)} ${printText(identity.key)}`], span)];
  }
  if (identity.kind === "MtlsIdentity") {
    return [columns("setting", ["identity", `mtls sha256 ${printText(identity.sha256)}`], span)];
  }
  const head = { start: span.start, end: identity.issuer.span.end };
  const claims = identity.claims.map(({ name, value, set, span: place }) => {
    const text = value === null ? `in ${set === null ? "" : printName(set)}` : printText(value);
    return columns(`claim ${span.start}`, [printName(name), text], place, 2);
  });
  return [
    columns("setting", ["identity", `oidc ${printText(identity.issuer)} {`], head),
    ...claims,
    closing("}", span, 1),
  ];
}

export function gatewayRows(gateway: GatewayDeclaration): Row[] {
  const first = gateway.agents[0]?.span;
  const last = gateway.agents.at(-1)?.span;
  const agents =
    first === undefined || last === undefined
      ? []
      : [columns("setting", ["for", printNames(gateway.agents)], { start: first.start, end: last.end })];
  const rows = [...gateway.identities.flatMap(identityRows), ...agents];
  return braces(`gateway ${printName(gateway.name)}`, gateway.name, rows, gateway);
}

export function canaryRows({ name, sha256, span }: CanaryDeclaration): Row[] {
  return [columns("canary", [`canary ${printName(name)}`, `sha256 ${printText(sha256)}`], span, 0)];
}

export function breakerRows(breaker: BreakerDeclaration): Row[] {
  const head = `breaker ${printName(breaker.name)}`;
  const when = `when ${printEvent(breaker.event)} per ${printName(breaker.per)}`;
  const then = `then ${breaker.actions.map(printBreakerAction).join(", ")}`;
  if (`${head} { ${when} ${then} }`.length <= widest) {
    return [columns("breaker", [head, `{ ${when}`, `${then} }`], breaker.span, 0)];
  }
  const end = breaker.per.span.end;
  const rows = [
    row(when, { start: breaker.event.span.start, end }, 1),
    row(then, { start: end, end: breaker.span.end - 1 }, 1),
  ];
  return braces(head, breaker.name, rows, breaker);
}

function printEvent(event: BreakerEvent): string {
  switch (event.kind) {
    case "CountEvent":
      return `${event.number.text} ${event.what} in ${event.in.text}`;
    case "RatioEvent":
      return `${event.percent.text}% failed in ${event.in.text} of at least ${event.atLeast.text}`;
    case "UsualEvent":
      return `${event.factor.text}x usual calls in ${event.in.text}`;
    case "FirstUseEvent":
      return `first use after ${event.after.text}`;
    case "CanaryEvent":
      return "canary";
    default:
      return assertNever(event);
  }
}

function printBreakerAction(action: BreakerAction): string {
  return action.kind === "KillAction" ? `kill ${printName(action.scope)}` : `tell ${printName(action.channel)}`;
}

// -- proofs -------------------------------------------------------------------------------------------

export function proveRows(prove: ProveDeclaration): Row[] {
  const rows = prove.claims.map((claim) => columns("claim", claimCells(claim), claim.span));
  return braces(`prove ${printText(prove.title)}`, prove.title, rows, prove);
}

function claimCells(claim: ProveClaim): string[] {
  if (claim.kind === "NoAgentCan") return [`no agent can ${claim.select.map(printSelector).join(" and ")}`];
  const head = printSelectors(claim.select) + printGuard(claim.guard);
  return [head, `=> ${claim.bound} ${claim.tier}${printVia(claim.via)}`];
}

export function printVia(via: readonly Name[]): string {
  return via.length > 0 ? ` via ${via.map(printName).join(" and ")}` : "";
}

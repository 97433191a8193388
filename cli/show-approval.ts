/**
 * A request as a person has to see it before deciding: whole, nothing truncated, every character that could hide
 * something escaped, the agent's own words last and marked as such.
 */
import type { WireApproval, WireNeed } from "../sdk/index.ts";
import { inert, inertJson } from "./inert.ts";
import { colours } from "./terminal.ts";

export function approvalText(approval: WireApproval): string {
  const paint = colours("stdout");
  const row = (name: string, value: string): string => paint.dim(value === "" ? name : name.padEnd(12)) + value;
  const args = inertJson(approval.args)
    .split("\n")
    .map((line) => `  ${line}`);
  const asked = [
    row("action", paint.bold(inert(approval.action))),
    row("on", list(approval.resources)),
    row("arguments", ""),
    ...args,
  ];
  const gained = (role: { readonly role: string; readonly for: string }): readonly string[] => [
    row("role", `${paint.bold(inert(role.role))} for ${inert(role.for)}: its rules count in this session for so long`),
  ];
  return [
    row("approval", `${approval.id}  (${approval.status})`),
    ...(approval.elevation === undefined ? asked : gained(approval.elevation)),
    row("agent", `${inert(approval.agent)}, owned by ${inert(approval.owner)}`),
    ...(approval.callers === undefined ? [] : [row("below", approval.callers.map(inert).join(" > "))]),
    ...(approval.gateway === undefined ? [] : [row("gateway", inert(approval.gateway))]),
    row("purpose", inert(approval.purpose)),
    row("requester", approval.requester === null ? "none" : inert(approval.requester)),
    row("session", `${inert(approval.session)}  labels: ${list(approval.labels)}`),
    ...approval.rules.map((rule) =>
      row(
        approval.elevation === undefined ? "asked by" : "gains",
        `${inert(rule.text ?? `${rule.tier} ${rule.via ?? ""}`)} ${inert(rule.doc ?? "")}`.trim(),
      ),
    ),
    ...approval.needs.map((need) => row("needs", needText(need))),
    row("recovery", approval.recovery === null ? "none stated" : inert(approval.recovery)),
    row("until", approval.expires_at),
    row("digest", approval.request_digest),
    ...words("task, as the session states it", approval.task),
    ...words("the agent's own words, which nobody vouches for", approval.intent),
  ].join("\n");
}

function needText({ approval, votes, quorum, reason_required }: WireNeed): string {
  const why = reason_required === undefined ? "" : ", with a reason";
  return `${inert(approval)}: ${votes} of ${quorum} votes${why}`;
}

function list(values: readonly string[]): string {
  return values.length === 0 ? "none" : values.map(inert).join(", ");
}

function words(title: string, text: string | null): readonly string[] {
  if (text === null || text === "") return [];
  return [colours("stdout").dim(`${title}:`), `  ${inert(text)}`];
}

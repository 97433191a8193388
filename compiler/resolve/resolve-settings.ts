/** The `policy` block, with what holds where it is silent. */
import { assertNever } from "../assert-never.ts";
import type { DurationLiteral, Name, PolicyDeclaration, PolicySetting, Span } from "../../dsl/index.ts";
import type { Issuer, Settings } from "../../engine/index.ts";
import { isInvented, type Report } from "../report.ts";
import { lookupAll, type Context } from "./context.ts";
import { refuseTwice } from "./refuse-twice.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const DEFAULT_SETTINGS: Settings = {
  environments: ["production"],
  session: { lifetime: 8 * HOUR, idle: 30 * MINUTE },
  lease: 10 * SECOND,
  retain: 183 * DAY,
  region: null,
  people: null,
  requesters: null,
  operators: [],
  auditors: [],
  deployers: [],
};

/** Environments must be known before conditions are typed. */
export function environmentsOf(policy: PolicyDeclaration | null): readonly string[] {
  const setting = policy?.settings.find((candidate) => candidate.kind === "Environments");
  if (!setting || setting.names.length === 0) return DEFAULT_SETTINGS.environments;
  return [...new Set(setting.names.map((name) => name.value))].toSorted();
}

export function resolveSettings(context: Context, policy: PolicyDeclaration | null): Settings {
  const seen = new Map<string, Span>();
  let settings: Settings = { ...DEFAULT_SETTINGS, environments: environmentsOf(policy) };
  for (const setting of policy?.settings ?? []) {
    const first = seen.get(setting.kind);
    if (first) refuseTwice(setting, first, context.report);
    else settings = { ...settings, ...read(context, setting) };
    seen.set(setting.kind, first ?? setting.span);
  }
  if (policy) checkIssuers(policy, settings, context.report);
  if (policy?.name.value.trim() === "") {
    context.report.error("AP5005", {
      span: policy.name.span,
      message: "the policy has no name",
      help: 'name it after what it governs, as in `policy "acme-sales"`',
    });
  }
  return settings;
}

function read(context: Context, setting: PolicySetting): Partial<Settings> {
  const { report } = context;
  switch (setting.kind) {
    case "Environments":
      return {};
    case "Session":
      return { session: readSession(setting, report) };
    case "Lease":
      return { lease: within(setting.duration, { what: "a lease", least: 5 * SECOND, most: HOUR }, report) };
    case "Retain":
      return { retain: within(setting.duration, { what: "retention", least: DAY, most: 36_500 * DAY }, report) };
    case "Region":
      return { region: readRegion(setting.name, report) };
    case "People":
      return { people: readIssuer(setting, report) };
    case "Requesters":
      return { requesters: readIssuer(setting, report) };
    case "Operators":
      return { operators: groups(context, setting.groups) };
    case "Auditors":
      return { auditors: groups(context, setting.groups) };
    case "Deployers":
      return { deployers: groups(context, setting.groups) };
    default:
      return assertNever(setting);
  }
}

function groups(context: Context, names: readonly Name[]): readonly string[] {
  return lookupAll(context, "group", names);
}

function readSession(setting: PolicySetting & { kind: "Session" }, report: Report): Settings["session"] {
  const bounds = { least: MINUTE, most: DAY };
  const lifetime = setting.lifetime
    ? within(setting.lifetime, { what: "a session's lifetime", ...bounds }, report)
    : DEFAULT_SETTINGS.session.lifetime;
  const idle = setting.idle
    ? within(setting.idle, { what: "idling", ...bounds }, report)
    : Math.min(DEFAULT_SETTINGS.session.idle, lifetime);
  // A time out of its bounds has had its message; what it is compared to isn't what was written.
  const written = lifetime === (setting.lifetime?.milliseconds ?? lifetime) && idle === setting.idle?.milliseconds;
  if (setting.idle && written && idle > lifetime) {
    report.error("AP5001", {
      span: setting.idle.span,
      message: "a session can't idle for longer than it lives",
      label: "longer than its lifetime",
      help: "write a shorter time",
    });
  }
  return { lifetime, idle };
}

/** What a namespace of Durable Objects takes as its jurisdiction (`DurableObjectJurisdiction` of the Workers types). */
const JURISDICTIONS: readonly string[] = ["eu", "fedramp", "fedramp-high", "us"];

function readRegion(name: Name, report: Report): string | null {
  if (JURISDICTIONS.includes(name.value)) return name.value;
  if (isInvented(name)) return null;
  // No nearest name: `us` is one letter from `uk`, and a region can't be changed later.
  report.error("AP5119", {
    span: name.span,
    message: `there is no region \`${name.value}\``,
    label: "no jurisdiction of Durable Objects",
    help: `write ${JURISDICTIONS.map((one) => `\`${one}\``).join(", ")}, or no region at all: objects then live anywhere`,
  });
  return null;
}

interface Bounds {
  readonly what: string;
  readonly least: number;
  readonly most: number;
}

function within(duration: DurationLiteral, { what, least, most }: Bounds, report: Report): number {
  if (duration.milliseconds >= least && duration.milliseconds <= most) return duration.milliseconds;
  report.error("AP5002", {
    span: duration.span,
    message: `${what} of \`${duration.text}\` is too ${duration.milliseconds < least ? "short" : "long"}`,
    help: `write at least \`${spellDuration(least)}\` and at most \`${spellDuration(most)}\``,
  });
  return least;
}

/** A duration as the language writes it, in its largest whole unit. */
export function spellDuration(milliseconds: number): string {
  const [size, unit] = UNITS.find(([length]) => milliseconds % length === 0) ?? [SECOND, "s"];
  return `${milliseconds / size}${unit}`;
}

const UNITS: readonly (readonly [number, string])[] = [
  [DAY, "d"],
  [HOUR, "h"],
  [MINUTE, "m"],
  [SECOND, "s"],
];

function readIssuer(setting: PolicySetting & { kind: "People" | "Requesters" }, report: Report): Issuer {
  const { issuer, audience } = setting;
  const url = issuer.value;
  if (!URL_SHAPE.test(url)) {
    report.error("AP5003", {
      span: issuer.span,
      message: `${JSON.stringify(url)} is no issuer`,
      help: "write the issuer's address, as in `https://login.acme.example`",
    });
  }
  if (audience.value === "") {
    report.error("AP5003", {
      span: audience.span,
      message: "the audience is empty",
      help: "write the audience that the identity provider puts into its tokens",
    });
  }
  return { issuer: url, audience: audience.value };
}

/** `http` only for an issuer on this machine. */
const URL_SHAPE = /^(https:\/\/[^\s/?#@]+|http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?)(\/[^\s?#]*)?$/;

/** An agent holds a requester's token, so it must not be able to act as a person with it. */
function checkIssuers(policy: PolicyDeclaration, settings: Settings, report: Report): void {
  const { people, requesters } = settings;
  if (!people || !requesters || people.issuer !== requesters.issuer || people.audience !== requesters.audience) return;
  const setting = policy.settings.find((candidate) => candidate.kind === "Requesters");
  const other = policy.settings.find((candidate) => candidate.kind === "People");
  report.error("AP5004", {
    span: setting?.span ?? policy.span,
    message: "`people` and `requesters` take the same tokens",
    label: "an agent that holds one could approve with it",
    related: other ? [{ span: other.span, label: "the same issuer and audience" }] : [],
    help: "give requesters an audience of their own",
  });
}

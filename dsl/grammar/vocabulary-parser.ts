/** The policy block and the words that rules use: labels, sets, schedules, groups, channels, approvals. */
import type { IToken, ParserMethod } from "chevrotain";
import type {
  ChannelDeclaration,
  ClassDeclaration,
  GroupDeclaration,
  LabelDeclaration,
  LiveSetDeclaration,
  PolicyDeclaration,
  PolicySetting,
  ScheduleDeclaration,
  ScheduleDays,
  ScheduleSlot,
  SetDeclaration,
  StringLiteral,
} from "../ast.ts";
import { minutesOf } from "../lex/calendar.ts";
import * as t from "../lex/tokens.ts";
import { brief, replacement } from "../mistake.ts";
import { nearestWord } from "../nearest-word.ts";
import { ApprovalParser } from "./approval-parser.ts";
import { blockOf } from "./block.ts";
import { fitted } from "./fitted.ts";

const w = t.word;
const days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

const severalDays = new Map([
  ["weekdays", "mon-fri"],
  ["weekday", "mon-fri"],
  ["workdays", "mon-fri"],
  ["weekend", "sat-sun"],
  ["weekends", "sat-sun"],
  ["daily", "mon-sun"],
  ["everyday", "mon-sun"],
]);

/** The days that `monday-friday`, `Mon` or `weekdays` stand for; null where that can't be told. */
function meantDays(first: string, last: string): string | null {
  const several = first === last ? severalDays.get(first.toLowerCase()) : undefined;
  if (several !== undefined) return several;
  const [from, to] = [first, last].map((day) => nearestWord(day.slice(0, 3), days));
  if (from === null || to === null || from === undefined || to === undefined) return null;
  return from === to ? from : `${from}-${to}`;
}

const settingWords = "environments session lease retain region people requesters operators auditors deployers".split(
  " ",
);

export class VocabularyParser extends ApprovalParser {
  /** `policy = "policy" STRING "{" { policySetting } "}"` */
  readonly policy: ParserMethod<[], PolicyDeclaration> = this.production("policy", () => {
    const doc = this.takeDoc();
    const start = this.start();
    this.CONSUME(w("policy"));
    const name = this.SUBRULE(this.text);
    const settings = this.block(this.policySettings);
    return { kind: "Policy", doc, name, settings, span: this.spanFrom(start) };
  });

  /** `policySetting = environments | session | lease | retain | region | people | requesters | operators | …` */
  private readonly policySetting: ParserMethod<[], PolicySetting> = this.production("policySetting", () => {
    const start = this.start();
    return this.either<PolicySetting>([
      {
        ALT: () => {
          this.CONSUME(w("environments"));
          return { kind: "Environments", names: this.SUBRULE(this.names), span: this.spanFrom(start) };
        },
      },
      { ALT: () => this.SUBRULE(this.sessionSetting) },
      {
        ALT: () => {
          this.CONSUME(w("lease"));
          return { kind: "Lease", duration: this.SUBRULE(this.duration), span: this.spanFrom(start) };
        },
      },
      {
        ALT: () => {
          this.CONSUME(w("retain"));
          return { kind: "Retain", duration: this.SUBRULE2(this.duration), span: this.spanFrom(start) };
        },
      },
      {
        ALT: () => {
          this.CONSUME(w("region"));
          return { kind: "Region", name: this.SUBRULE(this.name), span: this.spanFrom(start) };
        },
      },
      { ALT: () => this.SUBRULE(this.issuerSetting) },
      { ALT: () => this.SUBRULE(this.staffSetting) },
    ]);
  });

  private readonly policySettings = blockOf(this.policySetting, "a setting of the policy", settingWords);

  /** `session = "session" ["lifetime" DURATION] ["idle" DURATION]` */
  private readonly sessionSetting: ParserMethod<[], PolicySetting> = this.production("sessionSetting", () => {
    const start = this.start();
    this.CONSUME(w("session"));
    const lifetime = this.OPTION(() => {
      this.CONSUME(w("lifetime"));
      return this.SUBRULE(this.duration);
    });
    const idle = this.OPTION2(() => {
      this.CONSUME(w("idle"));
      return this.SUBRULE2(this.duration);
    });
    this.ACTION(() => {
      if (lifetime !== undefined || idle !== undefined) return;
      throw this.fail(1101, this.LA(0), "expected `lifetime` or `idle` behind `session`", {
        help: "write `session lifetime 8h idle 30m`",
      });
    });
    return { kind: "Session", lifetime: lifetime ?? null, idle: idle ?? null, span: this.spanFrom(start) };
  });

  /** `issuer = ("people" | "requesters") "oidc" STRING "audience" STRING` */
  private readonly issuerSetting: ParserMethod<[], PolicySetting> = this.production("issuerSetting", () => {
    const start = this.start();
    const kind = this.either<"People" | "Requesters">([
      { ALT: () => (this.CONSUME(w("people")), "People") },
      { ALT: () => (this.CONSUME(w("requesters")), "Requesters") },
    ]);
    this.CONSUME(w("oidc"));
    const issuer = this.SUBRULE(this.text);
    this.CONSUME(w("audience"));
    const audience = this.SUBRULE2(this.text);
    return { kind, issuer, audience, span: this.spanFrom(start) };
  });

  /** `staff = ("operators" | "auditors" | "deployers") names` */
  private readonly staffSetting: ParserMethod<[], PolicySetting> = this.production("staffSetting", () => {
    const start = this.start();
    const kind = this.either<"Operators" | "Auditors" | "Deployers">([
      { ALT: () => (this.CONSUME(w("operators")), "Operators") },
      { ALT: () => (this.CONSUME(w("auditors")), "Auditors") },
      { ALT: () => (this.CONSUME(w("deployers")), "Deployers") },
    ]);
    return { kind, groups: this.SUBRULE(this.names), span: this.spanFrom(start) };
  });

  /** `label = "label" name ["is" name] { "," name ["is" name] }` */
  readonly label: ParserMethod<[], LabelDeclaration> = this.production("label", () => {
    const doc = this.takeDoc();
    const start = this.start();
    const labels: LabelDeclaration["labels"][number][] = [];
    this.CONSUME(w("label"));
    this.AT_LEAST_ONE_SEP({
      SEP: t.Comma,
      DEF: () => {
        const from = this.start();
        const name = this.SUBRULE(this.name);
        const is = this.OPTION(() => {
          this.CONSUME(w("is"));
          return this.SUBRULE2(this.name);
        });
        labels.push({ name, is: is ?? null, span: this.spanFrom(from) });
      },
    });
    return { kind: "Label", doc, labels: fitted(labels), span: this.spanFrom(start) };
  });

  /** `set = "set" name "=" "[" [literal { "," literal }] "]"` */
  readonly set: ParserMethod<[], SetDeclaration> = this.production("set", () => {
    const doc = this.takeDoc();
    const start = this.start();
    this.CONSUME(w("set"));
    const name = this.SUBRULE(this.name);
    this.CONSUME(t.Assign);
    const members = this.SUBRULE(this.literals);
    return { kind: "Set", doc, name, members, span: this.spanFrom(start) };
  });

  /** `liveSet = "live" "set" name "editors" names` */
  readonly liveSet: ParserMethod<[], LiveSetDeclaration> = this.production("liveSet", () => {
    const doc = this.takeDoc();
    const start = this.start();
    this.CONSUME(w("live"));
    this.CONSUME(w("set"));
    const name = this.SUBRULE(this.name);
    this.CONSUME(w("editors"));
    const editors = this.SUBRULE(this.names);
    return { kind: "LiveSet", doc, name, editors, span: this.spanFrom(start) };
  });

  /** `schedule = "schedule" name "=" slot { "," slot } STRING` */
  readonly schedule: ParserMethod<[], ScheduleDeclaration> = this.production("schedule", () => {
    const doc = this.takeDoc();
    const start = this.start();
    const slots: ScheduleSlot[] = [];
    this.CONSUME(w("schedule"));
    const name = this.SUBRULE(this.name);
    this.CONSUME(t.Assign);
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => slots.push(this.SUBRULE(this.slot)) });
    const zone = this.SUBRULE(this.text);
    return { kind: "Schedule", doc, name, slots, zone, span: this.spanFrom(start) };
  });

  /** `slot = days { "," days } CLOCK "-" CLOCK` */
  private readonly slot: ParserMethod<[], ScheduleSlot> = this.production("slot", () => {
    const start = this.start();
    const named: ScheduleDays[] = [];
    this.AT_LEAST_ONE_SEP({
      SEP: t.Comma,
      DEF: () => named.push(this.daysOf(this.CONSUME(t.Identifier, { ERR_MSG: "days like `mon-fri`" }))),
    });
    const from = this.minutes(this.CONSUME(t.Clock));
    this.CONSUME(t.Dash);
    const to = this.minutes(this.CONSUME2(t.Clock));
    return { days: named, from, to, span: this.spanFrom(start) };
  });

  /** `mon-fri` is one word to the lexer, since names may hold a hyphen. */
  private daysOf(token: IToken): ScheduleDays {
    const [first = "", last = first, ...more] = token.image.split("-");
    if (this.RECORDING_PHASE) return { first, last, span: this.spanOf(token) };
    if (days.includes(first) && days.includes(last) && more.length === 0)
      return { first, last, span: this.spanOf(token) };
    const meant = more.length === 0 ? meantDays(first, last) : null;
    const help = meant === null ? "write days as `mon`, `sat` or `mon-fri`" : `write \`${meant}\``;
    const fix = meant === null ? {} : { fix: replacement(`write \`${meant}\``, this.spanOf(token), meant) };
    throw this.fail(1101, token, `\`${brief(token.image)}\` isn't a day`, { help, ...fix });
  }

  private minutes(token: IToken): number {
    const minutes = minutesOf(token.image);
    // What isn't even written like one has been told of where it was read.
    if (minutes === null && /^\d+:\d+$/.test(token.image))
      this.tell(1010, this.spanOf(token), `\`${token.image}\` isn't a time of day`, {
        help: "write a time from `00:00` to `24:00`",
      });
    return minutes ?? 0;
  }

  /** `group = "group" name "=" ("[" [STRING { "," STRING }] "]" | "claim" STRING STRING)` */
  readonly group: ParserMethod<[], GroupDeclaration> = this.production("group", () => {
    const doc = this.takeDoc();
    const start = this.start();
    this.CONSUME(w("group"));
    const name = this.SUBRULE(this.name);
    this.CONSUME(t.Assign);
    const rest = this.either<Pick<GroupDeclaration, "members" | "claim">>({
      DEF: [
        { ALT: () => ({ members: this.SUBRULE(this.members), claim: null }) },
        {
          ALT: () => {
            this.CONSUME(w("claim"));
            return { members: null, claim: { name: this.SUBRULE(this.text), value: this.SUBRULE2(this.text) } };
          },
        },
      ],
      ERR_MSG: 'addresses like `["ana@acme.example"]` or `claim "groups" "on-call"`',
    });
    return { kind: "Group", doc, name, ...rest, span: this.spanFrom(start) };
  });

  private readonly members: ParserMethod<[], StringLiteral[]> = this.production("members", () => {
    const members: StringLiteral[] = [];
    this.CONSUME(t.LBracket);
    this.MANY_SEP({ SEP: t.Comma, DEF: () => members.push(this.SUBRULE(this.text)) });
    this.CONSUME(t.RBracket);
    return fitted(members);
  });

  /** `channel = "channel" name "=" name [STRING] ["secret" STRING]` */
  readonly channel: ParserMethod<[], ChannelDeclaration> = this.production("channel", () => {
    const doc = this.takeDoc();
    const start = this.start();
    this.CONSUME(w("channel"));
    const name = this.SUBRULE(this.name);
    this.CONSUME(t.Assign);
    const medium = this.SUBRULE2(this.name);
    const address = this.OPTION(() => this.SUBRULE(this.text));
    const secret = this.OPTION2(() => {
      this.CONSUME(w("secret"));
      return this.SUBRULE2(this.text);
    });
    return {
      kind: "Channel",
      doc,
      name,
      medium,
      address: address ?? null,
      secret: secret ?? null,
      span: this.spanFrom(start),
    };
  });

  /** `class = "class" names` */
  readonly class: ParserMethod<[], ClassDeclaration> = this.production("class", () => {
    const doc = this.takeDoc();
    const start = this.start();
    this.CONSUME(w("class"));
    return { kind: "Class", doc, names: this.SUBRULE(this.names), span: this.spanFrom(start) };
  });
}

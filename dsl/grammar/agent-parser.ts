/** Agents, gateways, canaries and breakers. Sections 11 and 12 of the language. */
import type { IToken, ParserMethod } from "chevrotain";
import type {
  AgentDeclaration,
  AgentItem,
  BreakerAction,
  BreakerDeclaration,
  BreakerEvent,
  CanaryDeclaration,
  GatewayDeclaration,
  IdentityClaim,
  IdentityItem,
  Name,
  NumberLiteral,
  StringLiteral,
} from "../ast.ts";
import * as t from "../lex/tokens.ts";
import { ActionParser } from "./action-parser.ts";
import { blockOf, blockOfCalls } from "./block.ts";
import { clauseWords, ruleWords } from "./rule-parser.ts";

const w = t.word;
const agentWords = [
  "owner",
  "purpose",
  "roles",
  "identity",
  "review",
  "requester",
  "task",
  "starts",
  "may",
  ...ruleWords,
];

export class AgentParser extends ActionParser {
  /** `agentItem = owner | purpose | roles | identity | review | requester | task | starts | may | ruleOrLimit` */
  private readonly agentItem: ParserMethod<[], AgentItem> = this.production("agentItem", () =>
    this.either<AgentItem>([
      { ALT: () => this.SUBRULE(this.aboutItem) },
      { ALT: () => this.SUBRULE(this.identity) },
      { ALT: () => this.SUBRULE(this.demandItem) },
      { ALT: () => this.SUBRULE(this.mayItem) },
      { ALT: () => this.SUBRULE(this.ruleOrLimit) },
    ]),
  );

  /** `about = "owner" (name | STRING) | "purpose" STRING | "roles" names | "review" "by" DATE` */
  private readonly aboutItem: ParserMethod<[], AgentItem> = this.production("aboutItem", () => {
    const start = this.start();
    return this.either<AgentItem>([
      {
        ALT: () => {
          this.CONSUME(w("owner"));
          return { kind: "Owner", owner: this.SUBRULE(this.groupOrAddress), span: this.spanFrom(start) };
        },
      },
      {
        ALT: () => {
          this.CONSUME(w("purpose"));
          return { kind: "Purpose", text: this.SUBRULE2(this.text), span: this.spanFrom(start) };
        },
      },
      {
        ALT: () => {
          this.CONSUME(w("roles"));
          return { kind: "Roles", names: this.SUBRULE(this.names), span: this.spanFrom(start) };
        },
      },
      {
        ALT: () => {
          this.CONSUME(w("review"));
          this.CONSUME(w("by"));
          return { kind: "ReviewBy", date: this.SUBRULE(this.date), span: this.spanFrom(start) };
        },
      },
    ]);
  });

  private readonly groupOrAddress: ParserMethod<[], Name | StringLiteral> = this.production("groupOrAddress", () =>
    this.either<Name | StringLiteral>({
      DEF: [{ ALT: () => this.SUBRULE(this.name) }, { ALT: () => this.SUBRULE(this.text) }],
      ERR_MSG: "a group or an address in double quotes",
    }),
  );

  /** `demandItem = "requester" "required" | "task" "from" "client" | "starts" "with" names` */
  private readonly demandItem: ParserMethod<[], AgentItem> = this.production("demandItem", () => {
    const start = this.start();
    return this.either<AgentItem>([
      {
        ALT: () => {
          this.CONSUME(w("requester"));
          this.CONSUME(w("required"));
          return { kind: "RequesterRequired", span: this.spanFrom(start) };
        },
      },
      {
        ALT: () => {
          this.CONSUME(w("task"));
          this.CONSUME(w("from"));
          this.CONSUME(w("client"));
          return { kind: "TaskFromClient", span: this.spanFrom(start) };
        },
      },
      {
        ALT: () => {
          this.CONSUME(w("starts"));
          this.CONSUME(w("with"));
          return { kind: "StartsWith", labels: this.SUBRULE(this.names), span: this.spanFrom(start) };
        },
      },
    ]);
  });

  /** `mayItem = "may" ("call" name "for" selectors | "become" name "via" name "for" DURATION)` */
  private readonly mayItem: ParserMethod<[], AgentItem> = this.production("mayItem", () => {
    const start = this.start();
    this.CONSUME(w("may"));
    return this.either<AgentItem>([
      {
        ALT: () => {
          this.CONSUME(w("call"));
          const agent = this.SUBRULE(this.name);
          this.CONSUME(w("for"));
          return { kind: "MayCall", agent, select: this.SUBRULE(this.selectors), span: this.spanFrom(start) };
        },
      },
      {
        ALT: () => {
          this.CONSUME(w("become"));
          const role = this.SUBRULE2(this.name);
          this.CONSUME(w("via"));
          const via = this.SUBRULE3(this.name);
          this.CONSUME2(w("for"));
          return { kind: "MayBecome", role, via, duration: this.SUBRULE(this.duration), span: this.spanFrom(start) };
        },
      },
    ]);
  });

  /** `identity = "identity" ("key" name STRING | "oidc" STRING "{" { claim } "}" | "mtls" "sha256" STRING)` */
  private readonly identity: ParserMethod<[], IdentityItem> = this.production("identity", () => {
    const start = this.start();
    this.CONSUME(w("identity"));
    const from = this.start();
    const identity = this.either<IdentityItem["identity"]>([
      {
        ALT: () => {
          this.CONSUME(w("key"));
          const algorithm = this.SUBRULE(this.name);
          return { kind: "KeyIdentity", algorithm, key: this.SUBRULE(this.text), span: this.spanFrom(from) };
        },
      },
      {
        ALT: () => {
          this.CONSUME(w("oidc"));
          const issuer = this.SUBRULE2(this.text);
          const claims = this.block(this.claims);
          return { kind: "OidcIdentity", issuer, claims, span: this.spanFrom(from) };
        },
      },
      {
        ALT: () => {
          this.CONSUME(w("mtls"));
          this.CONSUME(w("sha256"));
          return { kind: "MtlsIdentity", sha256: this.SUBRULE3(this.text), span: this.spanFrom(from) };
        },
      },
    ]);
    return { kind: "Identity", identity, span: this.spanFrom(start) };
  });

  /** `claim = fieldName (STRING | "in" name)` */
  private readonly claim: ParserMethod<[], IdentityClaim> = this.production("claim_", () => {
    const start = this.start();
    const name = this.SUBRULE(this.fieldName);
    const rest = this.either<Pick<IdentityClaim, "value" | "set">>({
      DEF: [
        { ALT: () => ({ value: this.SUBRULE(this.text), set: null }) },
        { ALT: () => (this.CONSUME(w("in")), { value: null, set: this.SUBRULE(this.name) }) },
      ],
      ERR_MSG: "the claim's value in double quotes, or `in` and the name of a set",
    });
    return { name, ...rest, span: this.spanFrom(start) };
  });

  private readonly claims = blockOfCalls(this.claim, "a claim and its value", [], [t.Text, w("in")]);
  private readonly agentItems = blockOf(this.agentItem, "a setting or a rule of the agent", agentWords, clauseWords);

  /** `agent = "agent" name ["like" name] "{" { agentItem } "}"` */
  readonly agent: ParserMethod<[], AgentDeclaration> = this.production("agent", () => {
    const doc = this.takeDoc();
    const start = this.start();
    this.CONSUME(w("agent"));
    const name = this.SUBRULE(this.name);
    const like = this.OPTION(() => {
      this.CONSUME(w("like"));
      return this.SUBRULE2(this.name);
    });
    const items = this.block(this.agentItems);
    return { kind: "Agent", doc, name, like: like ?? null, items, span: this.spanFrom(start) };
  });

  // -- gateways, canaries, breakers -----------------------------------------------------------------------------

  /** `gatewayItem = identity | "for" names` */
  private readonly gatewayItem: ParserMethod<[], IdentityItem | readonly Name[]> = this.production("gatewayItem", () =>
    this.either<IdentityItem | readonly Name[]>([
      { ALT: () => this.SUBRULE(this.identity) },
      { ALT: () => (this.CONSUME(w("for")), this.SUBRULE(this.names)) },
    ]),
  );

  private readonly gatewayItems = blockOf(this.gatewayItem, "`identity …` or `for` and agents", ["identity", "for"]);

  /** `gateway = "gateway" name "{" { gatewayItem } "}"` */
  readonly gateway: ParserMethod<[], GatewayDeclaration> = this.production("gateway", () => {
    const doc = this.takeDoc();
    const start = this.start();
    this.CONSUME(w("gateway"));
    const name = this.SUBRULE(this.name);
    const items = this.block(this.gatewayItems);
    const identities = items.filter((item): item is IdentityItem => "kind" in item);
    const agents = items.flatMap((item) => ("kind" in item ? [] : item));
    return { kind: "Gateway", doc, name, identities, agents, span: this.spanFrom(start) };
  });

  /** `canary = "canary" name "sha256" STRING` */
  readonly canary: ParserMethod<[], CanaryDeclaration> = this.production("canary", () => {
    const doc = this.takeDoc();
    const start = this.start();
    this.CONSUME(w("canary"));
    const name = this.SUBRULE(this.name);
    this.CONSUME(w("sha256"));
    return { kind: "Canary", doc, name, sha256: this.SUBRULE(this.text), span: this.spanFrom(start) };
  });

  /** `breaker = "breaker" name "{" "when" event "per" name "then" breakerAction { "," breakerAction } "}"` */
  readonly breaker: ParserMethod<[], BreakerDeclaration> = this.production("breaker", () => {
    const doc = this.takeDoc();
    const start = this.start();
    const actions: BreakerAction[] = [];
    this.CONSUME(w("breaker"));
    const name = this.SUBRULE(this.name);
    this.CONSUME(t.LBrace);
    this.CONSUME(w("when"));
    const event = this.SUBRULE(this.event);
    this.CONSUME(w("per"));
    const per = this.SUBRULE2(this.name);
    this.CONSUME(w("then"));
    this.AT_LEAST_ONE_SEP({
      SEP: t.Comma,
      DEF: () => actions.push(this.SUBRULE(this.breakerAction, { ARGS: [actions] })),
    });
    this.CONSUME(t.RBrace);
    return { kind: "Breaker", doc, name, event, per, actions, span: this.spanFrom(start) };
  });

  /** `breakerAction = "kill" name | ["tell"] name`: `tell` goes on over the commas behind it. */
  private readonly breakerAction: ParserMethod<[readonly BreakerAction[]], BreakerAction> = this.production(
    "breakerAction",
    (before: readonly BreakerAction[]) => {
      const start = this.start();
      return this.either<BreakerAction>({
        DEF: [
          {
            ALT: () => {
              this.CONSUME(w("kill"));
              return { kind: "KillAction", scope: this.SUBRULE(this.name), span: this.spanFrom(start) };
            },
          },
          {
            ALT: () => {
              this.CONSUME(w("tell"));
              return { kind: "TellAction", channel: this.SUBRULE2(this.name), span: this.spanFrom(start) };
            },
          },
          {
            GATE: () => before.at(-1)?.kind === "TellAction",
            ALT: () => ({ kind: "TellAction", channel: this.SUBRULE3(this.name), span: this.spanFrom(start) }),
          },
        ],
        IGNORE_AMBIGUITIES: true,
        ERR_MSG: "`kill` and a scope, or `tell` and a channel",
      });
    },
  );

  /** `event = count | ratio | usual | firstUse | "canary"` */
  private readonly event: ParserMethod<[], BreakerEvent> = this.production("event", () => {
    const start = this.start();
    return this.either<BreakerEvent>({
      DEF: [
        { ALT: () => this.SUBRULE(this.countEvent) },
        { ALT: () => this.SUBRULE(this.ratioEvent) },
        { ALT: () => this.SUBRULE(this.usualEvent) },
        {
          ALT: () => {
            this.CONSUME(w("first"));
            this.CONSUME(w("use"));
            this.CONSUME(w("after"));
            return { kind: "FirstUseEvent", after: this.SUBRULE(this.duration), span: this.spanFrom(start) };
          },
        },
        { ALT: () => (this.CONSUME(w("canary")), { kind: "CanaryEvent", span: this.spanFrom(start) }) },
      ],
      ERR_MSG: "an event like `5 denied in 1m`, `20% failed in 10m of at least 50`, `5x usual calls in 1h` or `canary`",
    });
  });

  /** `count = NUMBER ("denied" | "failed") "in" DURATION` */
  private readonly countEvent: ParserMethod<[], BreakerEvent> = this.production("countEvent", () => {
    const start = this.start();
    const number = this.SUBRULE(this.numeral);
    const what = this.either<"denied" | "failed">([
      { ALT: () => (this.CONSUME(w("denied")), "denied") },
      { ALT: () => (this.CONSUME(w("failed")), "failed") },
    ]);
    this.CONSUME(w("in"));
    return { kind: "CountEvent", what, number, in: this.SUBRULE(this.duration), span: this.spanFrom(start) };
  });

  /** `ratio = PERCENT "failed" "in" DURATION "of" "at" "least" NUMBER` */
  private readonly ratioEvent: ParserMethod<[], BreakerEvent> = this.production("ratioEvent", () => {
    const start = this.start();
    const percent = this.numberIn(this.CONSUME(t.Percent));
    this.CONSUME(w("failed"));
    this.CONSUME(w("in"));
    const window = this.SUBRULE(this.duration);
    this.CONSUME(w("of"));
    this.CONSUME(w("at"));
    this.CONSUME(w("least"));
    return { kind: "RatioEvent", percent, in: window, atLeast: this.SUBRULE(this.numeral), span: this.spanFrom(start) };
  });

  /** `usual = FACTOR "usual" "calls" "in" DURATION` */
  private readonly usualEvent: ParserMethod<[], BreakerEvent> = this.production("usualEvent", () => {
    const start = this.start();
    const factor = this.numberIn(this.CONSUME(t.Factor));
    this.CONSUME(w("usual"));
    this.CONSUME(w("calls"));
    this.CONSUME(w("in"));
    return { kind: "UsualEvent", factor, in: this.SUBRULE(this.duration), span: this.spanFrom(start) };
  });

  /** The number of `20%` or `5x`. */
  private numberIn(token: IToken): NumberLiteral {
    return { kind: "Number", text: token.image.slice(0, -1), span: this.spanOf(token) };
  }
}

/** Rules, limits, and the blocks that hold them. Sections 6 and 9 of the language. */
import type { IToken, ParserMethod } from "chevrotain";
import type {
  EveryAgentDeclaration,
  LimitNode,
  Name,
  PathExpression,
  RoleDeclaration,
  RuleNode,
  SelectorNode,
  StringLiteral,
  Tier,
} from "../ast.ts";
import { meantDuration } from "../lex/foreign-number.ts";
import { retype } from "../lex/screen.ts";
import * as t from "../lex/tokens.ts";
import { replacement } from "../mistake.ts";
import { blockOf } from "./block.ts";
import { ExpressionParser } from "./expression-parser.ts";
import { fitted } from "./fitted.ts";

const w = t.word;
const anApproval = { ERR_MSG: "`ask via` and the name of an approval" };
/** What may follow in a rule or limit. */
export const clauseWords = "except on when unless and or total to via until in per then".split(" ");
export const ruleWords = ["trial", "allow", "notify", "ask", "never", "limit"] as const;
/** What precedes the clauses of a rule or limit. */
interface Scope {
  readonly select: readonly SelectorNode[];
  readonly except: readonly SelectorNode[];
  readonly on: readonly StringLiteral[] | null;
  readonly onExcept: readonly StringLiteral[];
}

export class RuleParser extends ExpressionParser {
  /** `selectors = selector { "," selector }` */
  readonly selectors: ParserMethod<[], SelectorNode[]> = this.production("selectors", () => {
    const selectors: SelectorNode[] = [];
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => selectors.push(this.SUBRULE(this.selector)) });
    return fitted(selectors);
  });

  /** `selector = "*" | dottedName | dottedName "." "*"` */
  readonly selector: ParserMethod<[], SelectorNode> = this.production("selector", () => {
    const start = this.start();
    return this.either<SelectorNode>({
      DEF: [
        { ALT: () => (this.CONSUME(t.Star), { kind: "AnySelector", span: this.spanFrom(start) }) },
        { ALT: () => this.SUBRULE(this.nameSelector) },
      ],
      ERR_MSG: "an action like `email.send`, a prefix like `crm.*`, a class like `read`, or `*`",
    });
  });

  private readonly nameSelector: ParserMethod<[], SelectorNode> = this.production("nameSelector", () => {
    const start = this.start();
    const tokens = [this.either([{ ALT: () => this.CONSUME(t.Identifier) }, { ALT: () => this.CONSUME(t.Text) }])];
    let prefix = false;
    // `crm.*` may only end in a star, so the name is read here and not by `dottedName`.
    this.MANY({
      GATE: () => !prefix,
      DEF: () => {
        this.CONSUME(t.Dot);
        this.either<unknown>(
          [
            { ALT: () => tokens.push(this.CONSUME2(t.Identifier)) },
            { ALT: () => tokens.push(this.CONSUME2(t.Text)) },
            { ALT: () => this.CONSUME(t.Star) && (prefix = true) },
          ],
          2,
        );
      },
    });
    return this.ACTION((): SelectorNode => {
      const segments = tokens.map((token) => this.nameOf(token).value);
      const last = tokens.at(-1);
      const end = last === undefined ? start : last.startOffset + last.image.length;
      const name: Name = {
        kind: "Name",
        value: segments.join("."),
        segments,
        span: { source: this.source, start, end },
      };
      return { kind: prefix ? "PrefixSelector" : "NameSelector", name, span: this.spanFrom(start) };
    });
  });

  /** `scope = selectors ["except" selectors] ["on" patterns ["except" patterns]]` */
  private readonly scope: ParserMethod<[], Scope> = this.production("scope", () => {
    const select = this.SUBRULE(this.selectors);
    const except = this.OPTION(() => {
      this.CONSUME(w("except"));
      return this.SUBRULE2(this.selectors);
    });
    let onExcept: StringLiteral[] | undefined;
    const on = this.OPTION2(() => {
      this.CONSUME(w("on"));
      const patterns = this.SUBRULE(this.texts);
      onExcept = this.OPTION3(() => {
        this.CONSUME2(w("except"));
        return this.SUBRULE2(this.texts);
      });
      return patterns;
    });
    this.ACTION(() => [...(on ?? []), ...(onExcept ?? [])].forEach((pattern) => this.warnOfRegex(pattern)));
    return { select, except: except ?? [], on: on ?? null, onExcept: onExcept ?? [] };
  });

  /** `rule = ["trial"] tier scope [guard] ["to" names] [approvals] ["until" moment]` */
  readonly rule: ParserMethod<[], RuleNode> = this.production("rule", () => {
    const doc = this.takeDoc();
    const start = this.start();
    const trial = this.OPTION(() => this.CONSUME(w("trial"))) !== undefined;
    const { tier, token } = this.SUBRULE(this.tier);
    const scope = this.SUBRULE(this.scope);
    const guard = this.OPTION2(() => this.SUBRULE(this.guard));
    const to = this.OPTION3(() => {
      this.CONSUME(w("to"));
      return this.SUBRULE(this.names);
    });
    const via = this.OPTION4(() => this.SUBRULE(this.approvals));
    const until = this.OPTION5(() => {
      this.CONSUME(w("until"));
      return this.SUBRULE(this.moment);
    });
    return {
      kind: "Rule",
      doc,
      trial,
      tier,
      tierSpan: this.spanOf(token),
      select: scope.select,
      except: scope.except,
      on: scope.on,
      onExcept: scope.onExcept,
      guard: guard ?? null,
      to: to ?? [],
      via: via ?? [],
      until: until ?? null,
      span: this.spanFrom(start),
    };
  });

  /** `tier = "allow" | "notify" | "ask" | "never"` */
  readonly tier: ParserMethod<[], { tier: Tier; token: IToken }> = this.production("tier", () =>
    this.either<{ tier: Tier; token: IToken }>({
      DEF: [
        { ALT: () => ({ tier: "allow", token: this.CONSUME(w("allow")) }) },
        { ALT: () => ({ tier: "notify", token: this.CONSUME(w("notify")) }) },
        { ALT: () => ({ tier: "ask", token: this.CONSUME(w("ask")) }) },
        { ALT: () => ({ tier: "never", token: this.CONSUME(w("never")) }) },
      ],
      ERR_MSG: "a tier: `allow`, `notify`, `ask` or `never`",
    }),
  );

  /**
   * `limit = ["trial"] "limit" scope [guard] ["total" path] "to" NUMBER ["in" DURATION] "per" name { "," path } [then]`
   */
  readonly limit: ParserMethod<[], LimitNode> = this.production("limit", () => {
    const doc = this.takeDoc();
    const start = this.start();
    const trial = this.OPTION(() => this.CONSUME(w("trial"))) !== undefined;
    this.CONSUME(w("limit"));
    const scope = this.SUBRULE(this.scope);
    const guard = this.OPTION2(() => this.SUBRULE(this.guard));
    const total = this.OPTION3(() => {
      this.CONSUME(w("total"));
      return this.SUBRULE(this.path);
    });
    this.CONSUME(w("to"), { ERR_MSG: "`to` and the number" });
    const to = this.SUBRULE(this.numeral);
    this.ACTION(() => this.settleWindow());
    const window = this.OPTION4(() => {
      this.CONSUME(w("in"));
      return this.SUBRULE(this.duration);
    });
    this.CONSUME(w("per"), { ERR_MSG: "`per session`, `per agent`, `per requester` or `per fleet`" });
    const per = this.SUBRULE(this.name);
    const keys: PathExpression[] = [];
    this.MANY(() => {
      this.CONSUME(t.Comma);
      keys.push(this.SUBRULE2(this.path));
    });
    const via = this.OPTION5(() => this.SUBRULE(this.thenAsk));
    return {
      kind: "Limit",
      doc,
      trial,
      select: scope.select,
      except: scope.except,
      on: scope.on,
      onExcept: scope.onExcept,
      guard: guard ?? null,
      total: total ?? null,
      to,
      in: window ?? null,
      per,
      keys,
      via: via ?? null,
      span: this.spanFrom(start),
    };
  });

  /** `then = "then" "ask" "via" name` */
  private readonly thenAsk: ParserMethod<[], Name> = this.production("thenAsk", () => {
    this.CONSUME(w("then"));
    this.CONSUME(w("ask"), anApproval);
    this.CONSUME(w("via"), anApproval);
    return this.SUBRULE(this.name);
  });

  /** `per 24h`, `per day`: told, and read as `in` where `per agent` still follows. */
  private settleWindow(): void {
    const [per, length] = [this.LA(1), this.LA(2)];
    if (per.tokenType !== w("per")) return;
    const isUnit = length.tokenType === t.Identifier;
    const meant = length.tokenType === t.Duration ? length.image : isUnit ? meantDuration(`1${length.image}`) : null;
    if (meant === null) return;
    const message = "`per` says for whom the limit holds, `in` for how long";
    if (this.LA(3).tokenType !== w("per")) {
      throw this.fail(1108, length, message, { help: `write \`in ${meant} per agent\`` });
    }
    const span = { source: this.source, start: per.startOffset, end: length.startOffset + length.image.length };
    const fix = replacement(`write \`in ${meant}\``, span, `in ${meant}`);
    this.tell(1108, span, message, { help: `write \`in ${meant}\``, fix });
    retype(per, w("in"));
    retype(length, t.Duration);
    length.payload = meant;
  }

  /** `ruleOrLimit = rule | limit` */
  readonly ruleOrLimit: ParserMethod<[], RuleNode | LimitNode> = this.production("ruleOrLimit", () =>
    this.either<RuleNode | LimitNode>({
      DEF: [{ ALT: () => this.SUBRULE(this.rule) }, { ALT: () => this.SUBRULE(this.limit) }],
      ERR_MSG: "a rule or a limit",
    }),
  );

  private readonly rules = blockOf(this.ruleOrLimit, "a rule or a limit", ruleWords, clauseWords);

  /** `role = "role" name "{" { ruleOrLimit } "}"` */
  readonly role: ParserMethod<[], RoleDeclaration> = this.production("role", () => {
    const doc = this.takeDoc();
    const start = this.start();
    this.CONSUME(w("role"));
    const name = this.SUBRULE(this.name);
    const items = this.block(this.rules);
    return { kind: "Role", doc, name, items, span: this.spanFrom(start) };
  });

  /** `everyAgent = "every" "agent" "{" { ruleOrLimit } "}"` */
  readonly everyAgent: ParserMethod<[], EveryAgentDeclaration> = this.production("everyAgent", () => {
    const doc = this.takeDoc();
    const start = this.start();
    this.CONSUME(w("every"));
    this.CONSUME(w("agent"));
    const items = this.block(this.rules);
    return { kind: "EveryAgent", doc, items, span: this.spanFrom(start) };
  });
}

/** Conditions. Section 8 of the language. */
import type { IToken, ParserMethod } from "chevrotain";
import type { CompareOperator, Expression, Guard, Literal, PathExpression, StringLiteral } from "../ast.ts";
import * as t from "../lex/tokens.ts";
import { fitted } from "./fitted.ts";
import { globOf, looksLikeRegex } from "../habits/glob-of.ts";
import { Mistake, mistake, replacement } from "../mistake.ts";
import { printExpression } from "../print/expression.ts";
import { detection } from "./detection.ts";
import { LiteralParser } from "./literal-parser.ts";

const w = t.word;
const aCondition = "a condition like `args.amount <= 50` or `session has untrusted`";
const anOperand = "a value, a list, an argument like `args.amount`, or a fact";
const mostParts = 1_000;
const mostSegments = 32;

export class ExpressionParser extends LiteralParser {
  /** `guard = ("when" | "unless") condition` */
  readonly guard: ParserMethod<[], Guard> = this.production("guard", () => {
    const start = this.start();
    const unless = this.either([
      { ALT: () => (this.CONSUME(w("when")), false) },
      { ALT: () => (this.CONSUME(w("unless")), true) },
    ]);
    const condition = this.SUBRULE(this.condition);
    return { unless, condition, span: this.spanFrom(start) };
  });

  /** `condition = negation { "and" negation } | negation { "or" negation }` */
  readonly condition: ParserMethod<[], Expression> = this.production("condition", () => {
    const start = this.start();
    const first = this.SUBRULE(this.negation);
    let joint: IToken | null = null;
    const parts = [first];
    this.MANY(() => {
      const word = this.either([{ ALT: () => this.CONSUME(w("and")) }, { ALT: () => this.CONSUME(w("or")) }]);
      this.ACTION(() => {
        if (joint !== null && joint.tokenType !== word.tokenType) this.tellMixed(joint, word, start);
        joint ??= word;
      });
      this.ACTION(() => this.refuseLong(parts.length));
      parts.push(this.SUBRULE2(this.negation));
    });
    return this.ACTION(() => (joint === null ? first : this.joined(joint, parts, start)));
  });

  /** `negation = "not" negation | predicate` */
  readonly negation: ParserMethod<[], Expression> = this.production("negation", () => {
    const start = this.start();
    return this.either<Expression>({
      DEF: [
        {
          ALT: () => {
            this.CONSUME(w("not"));
            const of = this.nested(() => this.SUBRULE(this.negation));
            return { kind: "Not", of, span: this.spanFrom(start) };
          },
        },
        { ALT: () => this.SUBRULE(this.predicate) },
      ],
      // `not` is a name too, but never one that a condition begins with.
      IGNORE_AMBIGUITIES: true,
      MAX_LOOKAHEAD: 1,
      ERR_MSG: aCondition,
    });
  });

  /** `predicate = "(" condition ")" | quantifier | session | during | mentions | comparison` */
  readonly predicate: ParserMethod<[], Expression> = this.production("predicate", () =>
    this.either<Expression>({
      DEF: [
        { ALT: () => this.SUBRULE(this.parens) },
        { ALT: () => this.SUBRULE(this.quantifier) },
        { ALT: () => this.SUBRULE(this.sessionHas) },
        { ALT: () => this.SUBRULE(this.sessionDid) },
        { ALT: () => this.SUBRULE(this.during) },
        { ALT: () => this.SUBRULE(this.taskMentions) },
        { ALT: () => this.SUBRULE(this.comparison) },
      ],
      // A name that is a keyword gives way to the keyword where the second word fits too.
      IGNORE_AMBIGUITIES: true,
      MAX_LOOKAHEAD: 2,
      ERR_MSG: aCondition,
    }),
  );

  private readonly parens: ParserMethod<[], Expression> = this.production("parens", () => {
    const start = this.start();
    this.CONSUME(t.LParen);
    const of = this.nested(() => this.SUBRULE(this.condition));
    this.CONSUME(t.RParen);
    return { kind: "Parens", of, span: this.spanFrom(start) };
  });

  /** `quantifier = ("every" | "some") name "in" path ":" negation` */
  private readonly quantifier: ParserMethod<[], Expression> = this.production("quantifier", () => {
    const start = this.start();
    const quantifier = this.either<"every" | "some">([
      { ALT: () => (this.CONSUME(w("every")), "every") },
      { ALT: () => (this.CONSUME(w("some")), "some") },
    ]);
    const variable = this.SUBRULE(this.name);
    this.CONSUME(w("in"));
    const list = this.SUBRULE(this.path);
    this.CONSUME(t.Colon);
    const body = this.nested(() => this.SUBRULE(this.negation));
    return { kind: "Quantifier", quantifier, variable, list, body, span: this.spanFrom(start) };
  });

  /** `sessionHas = "session" "has" name` */
  private readonly sessionHas: ParserMethod<[], Expression> = this.production("sessionHas", () => {
    const start = this.start();
    this.CONSUME(w("session"));
    this.CONSUME(w("has"));
    const label = this.SUBRULE(this.name);
    return { kind: "SessionHas", label, span: this.spanFrom(start) };
  });

  /** `sessionDid = "session" "did" dottedName ["same" fieldNames] ["within" DURATION]` */
  private readonly sessionDid: ParserMethod<[], Expression> = this.production("sessionDid", () => {
    const start = this.start();
    this.CONSUME(w("session"));
    this.CONSUME(w("did"));
    const action = this.SUBRULE(this.dottedName);
    const same = this.OPTION(() => {
      this.CONSUME(w("same"));
      return this.SUBRULE(this.fieldNames);
    });
    const within = this.OPTION2(() => {
      this.CONSUME(w("within"));
      return this.SUBRULE(this.duration);
    });
    return { kind: "SessionDid", action, same: same ?? [], within: within ?? null, span: this.spanFrom(start) };
  });

  /** `during = "during" name` */
  private readonly during: ParserMethod<[], Expression> = this.production("during_", () => {
    const start = this.start();
    this.CONSUME(w("during"));
    const schedule = this.SUBRULE(this.name);
    return { kind: "During", schedule, span: this.spanFrom(start) };
  });

  /** `taskMentions = "task" "mentions" path` */
  private readonly taskMentions: ParserMethod<[], Expression> = this.production("taskMentions", () => {
    const start = this.start();
    this.CONSUME(w("task"));
    this.CONSUME(w("mentions"));
    const of = this.SUBRULE(this.path);
    return { kind: "TaskMentions", of, span: this.spanFrom(start) };
  });

  /** `comparison = operand [comparing]` */
  private readonly comparison: ParserMethod<[], Expression> = this.production("comparison", () => {
    const left = this.SUBRULE(this.operand);
    const compared = this.OPTION(() => this.SUBRULE(this.comparing, { ARGS: [left] })) ?? left;
    this.ACTION(() => this.refuseChain(compared));
    return compared;
  });

  /** `comparing = compare operand | ["not"] "in" operand | "like" … | "is" ["not"] "present"` */
  private readonly comparing: ParserMethod<[Expression], Expression> = this.production(
    "comparing",
    (left: Expression) =>
      this.either<Expression>([
        { ALT: () => this.SUBRULE(this.compareTest, { ARGS: [left] }) },
        { ALT: () => this.SUBRULE(this.inTest, { ARGS: [left] }) },
        { ALT: () => this.SUBRULE(this.textTest, { ARGS: [left] }) },
        { ALT: () => this.SUBRULE(this.presentTest, { ARGS: [left] }) },
      ]),
  );

  private readonly compareTest: ParserMethod<[Expression], Expression> = this.production(
    "compareTest",
    (left: Expression) => {
      const operator = this.either<CompareOperator>([
        { ALT: () => (this.CONSUME(t.Equal), "==") },
        { ALT: () => (this.CONSUME(t.Unequal), "!=") },
        { ALT: () => (this.CONSUME(t.AtMost), "<=") },
        { ALT: () => (this.CONSUME(t.AtLeast), ">=") },
        { ALT: () => (this.CONSUME(t.Less), "<") },
        { ALT: () => (this.CONSUME(t.Greater), ">") },
        { ALT: () => this.assignedFor(this.CONSUME(t.Assign)) },
      ]);
      const right = this.SUBRULE(this.operand);
      const span = this.spanFrom(this.startOf(left));
      return this.ACTION(
        () => this.presenceFor(operator, left, right, span) ?? { kind: "Compare", operator, left, right, span },
      );
    },
  );

  private readonly inTest: ParserMethod<[Expression], Expression> = this.production("inTest", (left: Expression) => {
    const negated = this.OPTION(() => this.CONSUME(w("not"))) !== undefined;
    this.CONSUME(w("in"));
    const right = this.SUBRULE(this.operand);
    return { kind: "In", negated, left, right, span: this.spanFrom(this.startOf(left)) };
  });

  /** `textTest = ("like" | "contains" | "contain" | "starts" "with" | "ends" "with") operand` */
  private readonly textTest: ParserMethod<[Expression], Expression> = this.production(
    "textTest",
    (left: Expression) => {
      const operator = this.either<"like" | "contains" | "starts with" | "ends with">([
        { ALT: () => (this.CONSUME(w("like")), "like") },
        { ALT: () => (this.CONSUME(w("contains")), "contains") },
        { ALT: () => (this.CONSUME(w("contain")), "contains") },
        { ALT: () => (this.CONSUME(w("starts")), this.CONSUME(w("with")), "starts with") },
        { ALT: () => (this.CONSUME(w("ends")), this.CONSUME2(w("with")), "ends with") },
      ]);
      const right = this.SUBRULE(this.operand);
      const span = this.spanFrom(this.startOf(left));
      this.ACTION(() => this.refuseSessionContains(operator, left, right));
      this.ACTION(() => operator === "like" && right.kind === "String" && this.warnOfRegex(right));
      return this.ACTION(
        () => detection(operator, left, right, span) ?? { kind: "TextTest", operator, left, right, span },
      );
    },
  );

  private readonly presentTest: ParserMethod<[Expression], Expression> = this.production(
    "presentTest",
    (left: Expression) => {
      const is = this.CONSUME(w("is"));
      const negated = this.OPTION(() => this.CONSUME(w("not"))) !== undefined;
      this.CONSUME(w("present"));
      const span = this.spanFrom(this.startOf(left));
      return this.ACTION((): Expression => {
        if (left.kind === "Path") return { kind: "IsPresent", negated, of: left, span };
        throw this.fail(1101, is, "only an argument or a fact can be `present`");
      });
    },
  );

  /** `operand = literal | list | call | path` */
  readonly operand: ParserMethod<[], Expression> = this.production("operand", () =>
    this.either<Expression>({
      DEF: [
        { ALT: () => this.SUBRULE(this.literal) },
        { ALT: () => this.SUBRULE(this.list) },
        { ALT: () => this.SUBRULE(this.defineCall) },
        { ALT: () => this.SUBRULE(this.path) },
      ],
      IGNORE_AMBIGUITIES: true,
      MAX_LOOKAHEAD: 2,
      ERR_MSG: anOperand,
    }),
  );

  /** `list = "[" [literal { "," literal }] "]"` */
  private readonly list: ParserMethod<[], Expression> = this.production("list", () => {
    const start = this.start();
    const items = this.SUBRULE(this.literals);
    return { kind: "List", items, span: this.spanFrom(start) };
  });

  /** `literals = "[" [literal { "," literal }] "]"` */
  readonly literals: ParserMethod<[], Literal[]> = this.production("literals", () => {
    const items: Literal[] = [];
    this.CONSUME(t.LBracket);
    this.MANY_SEP({ SEP: t.Comma, DEF: () => items.push(this.SUBRULE(this.literal)) });
    this.CONSUME(t.RBracket);
    return fitted(items);
  });

  /** `call = name "(" [operand { "," operand }] ")"` */
  private readonly defineCall: ParserMethod<[], Expression> = this.production("defineCall", () => {
    const start = this.start();
    const args: Expression[] = [];
    const name = this.SUBRULE(this.name);
    this.CONSUME(t.LParen);
    this.MANY_SEP({ SEP: t.Comma, DEF: () => args.push(this.nested(() => this.SUBRULE(this.operand))) });
    this.CONSUME(t.RParen);
    return { kind: "DefineCall", name, args, span: this.spanFrom(start) };
  });

  /** `path = IDENTIFIER { "." (IDENTIFIER | STRING) }` */
  readonly path: ParserMethod<[], PathExpression> = this.production("path", () => {
    const start = this.start();
    const segments = [this.SUBRULE(this.name)];
    this.MANY(() => {
      this.CONSUME(t.Dot);
      this.ACTION(() => this.refuseLongPath(segments.length));
      segments.push(this.SUBRULE(this.fieldName));
    });
    return { kind: "Path", segments, span: this.spanFrom(start) };
  });

  // -- what these productions mind ------------------------------------------------------------------------------

  private joined(joint: IToken, of: readonly Expression[], start: number): Expression {
    this.tellHalves(joint, of);
    return { kind: joint.tokenType === w("and") ? "And" : "Or", of, span: this.spanFrom(start) };
  }

  private tellMixed(first: IToken, second: IToken, start: number): void {
    const before = this.landmarks.textBetween(start, second.startOffset).trim();
    const example = before.length > 80 || before.includes("\n") ? "" : `, as in \`(${before}) ${second.image} …\``;
    this.tell(1103, this.spanOf(second), "`and` and `or` are mixed without parentheses", {
      label: `\`${second.image}\` beside \`${first.image}\``,
      related: [{ span: this.spanOf(first), label: "the other one" }],
      help: `put parentheses round the part that belongs together${example}`,
    });
  }

  /** `args.currency == "EUR" or "USD"`: told, and the values are put into one list. */
  private tellHalves(joint: IToken, of: readonly Expression[]): void {
    const [first, ...others] = of;
    const half = others.find(isValue);
    if (half === undefined || first?.kind !== "Compare" || !others.every(isValue)) return;
    const operator = joint.tokenType === w("or") && first.operator === "==" ? "in" : "not in";
    if (operator === "not in" && first.operator !== "!=") return;
    const help = `write \`${printExpression(first.left)} ${operator} [${[first.right, ...others].map(printExpression).join(", ")}]\``;
    throw new Mistake(
      mistake(1122, half.span, `each side of \`${joint.image}\` is a whole condition`, {
        label: "neither true nor false",
        help,
      }),
    );
  }

  /** `"^o-[0-9]+$"` where a glob stands. */
  protected warnOfRegex({ value, span }: StringLiteral): void {
    if (!looksLikeRegex(value)) return;
    const glob = globOf(`^${value.replace(/^\^|\$$/g, "")}$`);
    const help = glob === null ? "a glob has `*` for anything, and no other signs" : `write \`"${glob}"\``;
    const label = "stands for itself here";
    this.warn(1127, span, "this is written as a regular expression, but read as a glob", { label, help });
  }

  /** `session contains untrusted` */
  private refuseSessionContains(operator: string, left: Expression, right: Expression): void {
    const alone = left.kind === "Path" && left.segments.length === 1 && left.segments[0]?.value === "session";
    if (operator !== "contains" || !alone || right.kind !== "Path") return;
    const help = `write \`session has ${printExpression(right)}\``;
    throw new Mistake(mistake(1122, left.span, "a session has labels", { help }));
  }

  /** `args.team != null` */
  private presenceFor(
    operator: CompareOperator,
    left: Expression,
    right: Expression,
    span: Expression["span"],
  ): Expression | null {
    const word = right.kind === "Path" && right.segments.length === 1 ? right.segments[0]?.value : undefined;
    if (left.kind !== "Path" || word === undefined || !/^(?:null|nil|None|undefined|NULL)$/.test(word)) return null;
    if (operator !== "==" && operator !== "!=") return null;
    const negated = operator === "==";
    const meant = `${printExpression(left)} is ${negated ? "not " : ""}present`;
    const message = `nothing is compared with \`${word}\`: an argument that is \`null\` wasn't given`;
    this.tell(1122, span, message, { help: `write \`${meant}\``, fix: replacement(`write \`${meant}\``, span, meant) });
    return { kind: "IsPresent", negated, of: left, span };
  }

  private assignedFor(token: IToken): CompareOperator {
    const span = this.spanOf(token);
    const fix = { title: "write `==`", edits: [{ span, text: "==" }] };
    this.tell(1105, span, "`=` doesn't compare", { help: "write `==`", fix });
    return "==";
  }

  /** A condition that no reader follows, and that every decision would have to go through. */
  private refuseLong(count: number): void {
    if (count < mostParts) return;
    const help = "name the values in a `set`, or write several rules";
    throw this.fail(1107, this.LA(0), `this condition has more than ${mostParts} parts`, { help });
  }

  private refuseLongPath(count: number): void {
    if (count < mostSegments) return;
    throw this.fail(1107, this.LA(0), `this name has more than ${mostSegments} segments`, { help: "shorten it" });
  }

  private refuseChain(compared: Expression): void {
    const next = this.LA(1);
    const comparisons = [t.Equal, t.Unequal, t.AtMost, t.AtLeast, t.Less, t.Greater, t.Assign];
    if (compared.kind !== "Compare" || !comparisons.includes(next.tokenType)) return;
    throw this.fail(1104, next, "comparisons don't chain", {
      help: "write two comparisons joined by `and`, as in `args.x >= 1 and args.x <= 5`",
    });
  }

  private startOf(left: Expression): number {
    return this.RECORDING_PHASE ? 0 : left.span.start;
  }
}

function isValue(expression: Expression): boolean {
  return expression.kind === "String" || expression.kind === "Number";
}

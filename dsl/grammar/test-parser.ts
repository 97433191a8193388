/** Tests and proofs. Section 13 of the language. */
import type { ParserMethod } from "chevrotain";
import type {
  Expectation,
  ProveClaim,
  ProveDeclaration,
  SelectorNode,
  TestArgument,
  TestDeclaration,
  TestStep,
  TestValue,
} from "../ast.ts";
import * as t from "../lex/tokens.ts";
import { AgentParser } from "./agent-parser.ts";
import { blockOfCalls } from "./block.ts";
import { isName } from "./landmarks.ts";

const w = t.word;

export class TestParser extends AgentParser {
  /** `noAgentCan = "no" "agent" "can" selector { "and" selector }` */
  private readonly noAgentCan: ParserMethod<[], ProveClaim> = this.production("noAgentCan", () => {
    const start = this.start();
    const select: SelectorNode[] = [];
    this.CONSUME(w("no"));
    this.CONSUME(w("agent"));
    this.CONSUME(w("can"));
    this.AT_LEAST_ONE_SEP({ SEP: w("and"), DEF: () => select.push(this.SUBRULE(this.selector)) });
    return { kind: "NoAgentCan", select, span: this.spanFrom(start) };
  });

  /** `bound = selectors [guard] "=>" "at" ("least" | "most") tier [approvals]` */
  private readonly bound: ParserMethod<[], ProveClaim> = this.production("bound", () => {
    const start = this.start();
    const select = this.SUBRULE(this.selectors);
    const guard = this.OPTION(() => this.SUBRULE(this.guard));
    this.CONSUME(t.Arrow);
    this.CONSUME(w("at"), { ERR_MSG: "`at least` or `at most` and a tier" });
    const bound = this.either<"at least" | "at most">([
      { ALT: () => (this.CONSUME(w("least")), "at least") },
      { ALT: () => (this.CONSUME(w("most")), "at most") },
    ]);
    const { tier } = this.SUBRULE(this.tier);
    const via = this.OPTION2(() => this.SUBRULE(this.approvals));
    return { kind: "Bound", select, guard: guard ?? null, bound, tier, via: via ?? [], span: this.spanFrom(start) };
  });

  /** `proveClaim = noAgentCan | bound` */
  private readonly proveClaim: ParserMethod<[], ProveClaim> = this.production("proveClaim", () =>
    this.either<ProveClaim>({
      DEF: [{ ALT: () => this.SUBRULE(this.noAgentCan) }, { ALT: () => this.SUBRULE(this.bound) }],
      IGNORE_AMBIGUITIES: true,
      ERR_MSG: "a claim",
    }),
  );

  private readonly proveClaims = blockOfCalls(
    this.proveClaim,
    "a claim like `payments.refund when args.amount > 50 => at least ask`",
    ["no"],
    [t.Dot, t.Arrow, w("when"), w("unless")],
  );

  /** `prove = "prove" STRING "{" { proveClaim } "}"` */
  readonly prove: ParserMethod<[], ProveDeclaration> = this.production("prove", () => {
    const doc = this.takeDoc();
    const start = this.start();
    this.CONSUME(w("prove"));
    const title = this.SUBRULE(this.text);
    const claims = this.block(this.proveClaims);
    return { kind: "Prove", doc, title, claims, span: this.spanFrom(start) };
  });

  /** `given = "given" "session" "has" name` */
  private readonly given: ParserMethod<[], TestStep> = this.production("given_", () => {
    const start = this.start();
    this.CONSUME(w("given"));
    this.CONSUME(w("session"));
    this.CONSUME(w("has"));
    return { kind: "Given", label: this.SUBRULE(this.name), span: this.spanFrom(start) };
  });

  /** `call = ["repeat" NUMBER ":"] ["approved"] dottedName ["(" arguments ")"] "=>" expectation` */
  private readonly call: ParserMethod<[], TestStep> = this.production("call_", () => {
    const start = this.start();
    const repeat = this.OPTION(() => {
      this.CONSUME(w("repeat"));
      const times = this.SUBRULE(this.numeral);
      this.CONSUME(t.Colon);
      return times;
    });
    const approved = this.OPTION2({
      // `approved` may itself be the name of an action.
      GATE: () => isName(this.LA(2)) || this.LA(2).tokenType === t.Text,
      DEF: () => this.CONSUME(w("approved")),
    });
    const action = this.SUBRULE(this.dottedName);
    const args = this.OPTION3(() => this.SUBRULE(this.callArguments)) ?? [];
    this.CONSUME(t.Arrow, { ERR_MSG: "`=>` and what the answer should be" });
    const expectation = this.SUBRULE(this.expectation);
    return {
      kind: "Call",
      repeat: repeat ?? null,
      approved: approved !== undefined,
      action,
      args,
      expectation,
      span: this.spanFrom(start),
    };
  });

  private readonly callArguments: ParserMethod<[], TestArgument[]> = this.production("callArguments", () => {
    const args: TestArgument[] = [];
    this.CONSUME(t.LParen);
    this.MANY_SEP({ SEP: t.Comma, DEF: () => args.push(this.SUBRULE(this.argument)) });
    this.CONSUME(t.RParen);
    return args;
  });

  /** `argument = fieldName ":" testValue` */
  private readonly argument: ParserMethod<[], TestArgument> = this.production("argument", () => {
    const start = this.start();
    const name = this.SUBRULE(this.fieldName);
    this.CONSUME(t.Colon, { ERR_MSG: "`:` and the argument's value" });
    const value = this.SUBRULE(this.testValue);
    return { name, value, span: this.spanFrom(start) };
  });

  /** `testValue = literal | "null" | "[" [testValue { "," testValue }] "]" | "{" [argument { "," argument }] "}"` */
  private readonly testValue: ParserMethod<[], TestValue> = this.production("testValue", () => {
    const start = this.start();
    return this.either<TestValue>({
      DEF: [
        { ALT: () => this.SUBRULE(this.literal) },
        { ALT: () => (this.CONSUME(w("null")), { kind: "Null", span: this.spanFrom(start) }) },
        {
          ALT: () => {
            const items: TestValue[] = [];
            this.CONSUME(t.LBracket);
            this.nested(() => this.MANY_SEP({ SEP: t.Comma, DEF: () => items.push(this.SUBRULE(this.testValue)) }));
            this.CONSUME(t.RBracket);
            return { kind: "ListValue", items, span: this.spanFrom(start) };
          },
        },
        {
          ALT: () => {
            const fields: TestArgument[] = [];
            this.CONSUME(t.LBrace);
            this.nested(() => this.MANY_SEP2({ SEP: t.Comma, DEF: () => fields.push(this.SUBRULE(this.argument)) }));
            this.CONSUME(t.RBrace);
            return { kind: "RecordValue", fields, span: this.spanFrom(start) };
          },
        },
      ],
      ERR_MSG:
        "a value: a string in double quotes, a number, a list in `[ ]`, a record in `{ }`, `true`, `false` or `null`",
    });
  });

  /** `expectation = name [approvals]` */
  private readonly expectation: ParserMethod<[], Expectation> = this.production("expectation", () => {
    const start = this.start();
    const outcome = this.nameOf(
      this.CONSUME(t.Identifier, { ERR_MSG: "`allow`, `notify`, `ask`, `never` or the reason of a denial" }),
    );
    const via = this.OPTION(() => this.SUBRULE(this.approvals));
    return { kind: "Expectation", outcome, via: via ?? [], span: this.spanFrom(start) };
  });

  /** `testStep = given | call` */
  private readonly testStep: ParserMethod<[], TestStep> = this.production("testStep", () =>
    this.either<TestStep>({
      DEF: [{ ALT: () => this.SUBRULE(this.given) }, { ALT: () => this.SUBRULE(this.call) }],
      IGNORE_AMBIGUITIES: true,
      ERR_MSG: "a step of the test",
    }),
  );

  private readonly testSteps = blockOfCalls(
    this.testStep,
    'a step of the test like `email.send(subject: "hi") => allow`',
    ["given", "repeat", "approved"],
    [t.Dot, t.LParen, t.Arrow],
  );

  /** `test = "test" STRING "{" "agent" name ["for" STRING] ["at" moment] ["task" STRING] { testStep } "}"` */
  readonly test: ParserMethod<[], TestDeclaration> = this.production("test", () => {
    const doc = this.takeDoc();
    const start = this.start();
    this.CONSUME(w("test"));
    const title = this.SUBRULE(this.text);
    const open = this.CONSUME(t.LBrace);
    this.CONSUME(w("agent"), { ERR_MSG: "`agent` and its name: whose calls these are" });
    const agent = this.SUBRULE(this.name);
    const requester = this.OPTION(() => {
      this.CONSUME(w("for"));
      return this.SUBRULE2(this.text);
    });
    const at = this.OPTION2(() => {
      this.CONSUME(w("at"));
      return this.SUBRULE(this.moment);
    });
    const task = this.OPTION3(() => {
      this.CONSUME(w("task"));
      return this.SUBRULE3(this.text);
    });
    const steps = this.items(open, this.testSteps);
    return {
      kind: "Test",
      doc,
      title,
      agent,
      requester: requester ?? null,
      at: at ?? null,
      task: task ?? null,
      steps,
      span: this.spanFrom(start),
    };
  });
}

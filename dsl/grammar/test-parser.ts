/** Tests and proofs. Section 13 of the language. */
import type { IToken, ParserMethod, TokenType } from "chevrotain";
import type {
  BecomeStep,
  CallStep,
  DelegateStep,
  Expectation,
  ProveClaim,
  ProveDeclaration,
  SelectorNode,
  StringLiteral,
  TestAnswer,
  TestArgument,
  TestDeclaration,
  TestStep,
  TestValue,
} from "../ast.ts";
import * as t from "../lex/tokens.ts";
import { AgentParser } from "./agent-parser.ts";
import { nearestWord } from "../nearest-word.ts";
import { type Block, blockOfCalls } from "./block.ts";
import { isName } from "./landmarks.ts";
import { stepHere, testWords } from "./test-words.ts";

const w = t.word;

const answers: readonly TokenType[] = ["approved", "denied", "expired"].map(w);
/** What stands behind the first segment of an action's name in a call. */
const behindAction: readonly TokenType[] = [t.Dot, t.LParen, t.Arrow];

/** A word that was meant for one of a step's begins one too: so that each line with a mistake is told by itself. */
function stepsBlock<T>(block: Block<T>): Block<T> {
  const seems = (token: IToken): boolean =>
    isName(token) && (stepHere(token.image) !== null || nearestWord(token.image, testWords) !== null);
  return { ...block, begins: (token, next) => block.begins(token, next) || (seems(token) && isName(next)) };
}

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
    [t.Star],
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

  /** `givenSet = "given" "set" name "has" text { "," text }` */
  private readonly givenSet: ParserMethod<[], TestStep> = this.production("givenSet", () => {
    const start = this.start();
    const members: StringLiteral[] = [];
    this.CONSUME(w("given"));
    this.CONSUME(w("set"));
    const set = this.SUBRULE(this.name);
    this.CONSUME(w("has"));
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => members.push(this.SUBRULE(this.text)) });
    return { kind: "GivenSet", set, members, span: this.spanFrom(start) };
  });

  /** `after = "after" DURATION` */
  private readonly after: ParserMethod<[], TestStep> = this.production("after_", () => {
    const start = this.start();
    this.CONSUME(w("after"));
    return { kind: "After", duration: this.SUBRULE(this.duration), span: this.spanFrom(start) };
  });

  /** `return = "return"` */
  private readonly comeBack: ParserMethod<[], TestStep> = this.production("return_", () => {
    const start = this.start();
    this.CONSUME(w("return"));
    return { kind: "Return", span: this.spanFrom(start) };
  });

  /** `delegate = "delegate" "to" name ["=>" expectation]` */
  private readonly delegate: ParserMethod<[], DelegateStep> = this.production("delegate_", () => {
    const start = this.start();
    this.CONSUME(w("delegate"));
    this.CONSUME(w("to"));
    const agent = this.SUBRULE(this.name);
    const expectation = this.OPTION(() => {
      this.CONSUME(t.Arrow);
      return this.SUBRULE(this.expectation);
    });
    return { kind: "Delegate", agent, expectation: expectation ?? null, span: this.spanFrom(start) };
  });

  /** `become = [answer] "become" name "=>" expectation` */
  private readonly become: ParserMethod<[], BecomeStep> = this.production("become_", () => {
    const start = this.start();
    const answer = this.OPTION({
      GATE: () => this.LA(2).tokenType === w("become"),
      DEF: () => this.SUBRULE(this.answer),
    });
    this.CONSUME(w("become"));
    const role = this.SUBRULE(this.name);
    this.CONSUME(t.Arrow, { ERR_MSG: "`=>` and what the answer should be" });
    const expectation = this.SUBRULE(this.expectation);
    return { kind: "Become", answer: answer ?? null, role, expectation, span: this.spanFrom(start) };
  });

  /** `answer = "approved" | "denied" | "expired"`: what people do with what is asked. */
  private readonly answer: ParserMethod<[], TestAnswer> = this.production("answer", () =>
    this.either<TestAnswer>([
      { ALT: () => (this.CONSUME(w("approved")), "approved") },
      { ALT: () => (this.CONSUME(w("denied")), "denied") },
      { ALT: () => (this.CONSUME(w("expired")), "expired") },
    ]),
  );

  /** `call = ["repeat" NUMBER ":"] [answer] ["failed"] dottedName ["(" arguments ")"] "=>" expectation` */
  private readonly call: ParserMethod<[], CallStep> = this.production("call_", () => {
    const start = this.start();
    const repeat = this.OPTION(() => {
      this.CONSUME(w("repeat"));
      const times = this.SUBRULE(this.numeral);
      this.CONSUME(t.Colon);
      return times;
    });
    // Each of these words may itself be the name of an action.
    const answer = this.OPTION2({ GATE: () => this.beginsCall(2), DEF: () => this.SUBRULE(this.answer) });
    const failed = this.OPTION3({ GATE: () => this.beginsCall(2), DEF: () => this.CONSUME(w("failed")) });
    const action = this.SUBRULE(this.dottedName);
    const args = this.OPTION4(() => this.SUBRULE(this.callArguments)) ?? [];
    this.CONSUME(t.Arrow, { ERR_MSG: "`=>` and what the answer should be" });
    const expectation = this.SUBRULE(this.expectation);
    return {
      kind: "Call",
      repeat: repeat ?? null,
      answer: answer ?? null,
      failed: failed !== undefined,
      action,
      args,
      expectation,
      span: this.spanFrom(start),
    };
  });

  private beginsCall(ahead: number): boolean {
    return isName(this.LA(ahead)) || this.LA(ahead).tokenType === t.Text;
  }

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

  /**
   * `testStep = given | givenSet | after | delegate | return | become | call`. A step's first word may also be the name
   * of an action: which it is the token behind it tells.
   */
  private readonly testStep: ParserMethod<[], TestStep> = this.production("testStep", () =>
    this.either<TestStep>({
      DEF: [
        { GATE: () => this.opens("given", "session"), ALT: () => this.SUBRULE(this.given) },
        { GATE: () => this.opens("given", "set"), ALT: () => this.SUBRULE(this.givenSet) },
        { GATE: () => this.opensAfter(), ALT: () => this.SUBRULE(this.after) },
        { GATE: () => this.opens("delegate", "to"), ALT: () => this.SUBRULE(this.delegate) },
        { GATE: () => this.opensReturn(), ALT: () => this.SUBRULE(this.comeBack) },
        { GATE: () => this.opensBecome(), ALT: () => this.SUBRULE(this.become) },
        { ALT: () => this.SUBRULE(this.call) },
      ],
      IGNORE_AMBIGUITIES: true,
      ERR_MSG: "a step of the test",
    }),
  );

  private opens(first: string, second: string): boolean {
    return this.LA(1).tokenType === w(first) && this.LA(2).tokenType === w(second);
  }

  private opensAfter(): boolean {
    const [first, second] = [this.LA(1), this.LA(2)];
    return first.tokenType === w("after") && (second.tokenType === t.Duration || second.tokenType === t.Numeral);
  }

  private opensReturn(): boolean {
    return this.LA(1).tokenType === w("return") && !behindAction.includes(this.LA(2).tokenType);
  }

  private opensBecome(): boolean {
    const answered = answers.includes(this.LA(1).tokenType) ? 1 : 0;
    return this.LA(1 + answered).tokenType === w("become") && isName(this.LA(2 + answered));
  }

  private readonly testSteps = stepsBlock(
    blockOfCalls(
      this.testStep,
      'a step of the test like `email.send(subject: "hi") => allow`',
      testWords,
      behindAction,
    ),
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

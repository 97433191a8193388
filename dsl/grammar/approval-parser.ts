/** Approvals: who is asked, and how. Section 11 of the language. */
import type { ParserMethod } from "chevrotain";
import type { ApprovalDeclaration, ApprovalSetting, Name } from "../ast.ts";
import * as t from "../lex/tokens.ts";
import { blockOf } from "./block.ts";
import { RuleParser } from "./rule-parser.ts";

const w = t.word;
const words = "approvers quorum tell within escalate reason excluding use reuse fatigue decoys".split(" ");

export class ApprovalParser extends RuleParser {
  /** `approvalSetting = approvers | quorum | tell | within | escalate | reason | excluding | use | reuse | …` */
  private readonly approvalSetting: ParserMethod<[], ApprovalSetting> = this.production("approvalSetting", () =>
    this.either<ApprovalSetting>([
      { ALT: () => this.SUBRULE(this.approvers) },
      { ALT: () => this.SUBRULE(this.timing) },
      { ALT: () => this.SUBRULE(this.demand) },
      { ALT: () => this.SUBRULE(this.reuse) },
      { ALT: () => this.SUBRULE(this.vigilance) },
    ]),
  );

  /** `approvers = "approvers" names | "quorum" NUMBER | "tell" names` */
  private readonly approvers: ParserMethod<[], ApprovalSetting> = this.production("approvers_", () => {
    const start = this.start();
    return this.either<ApprovalSetting>([
      {
        ALT: () => {
          this.CONSUME(w("approvers"));
          return { kind: "Approvers", groups: this.SUBRULE(this.names), span: this.spanFrom(start) };
        },
      },
      {
        ALT: () => {
          this.CONSUME(w("quorum"));
          return { kind: "Quorum", number: this.SUBRULE(this.numeral), span: this.spanFrom(start) };
        },
      },
      {
        ALT: () => {
          this.CONSUME(w("tell"));
          return { kind: "Tell", channels: this.SUBRULE2(this.names), span: this.spanFrom(start) };
        },
      },
    ]);
  });

  /** `timing = "within" DURATION | "use" "within" DURATION | "escalate" names "after" DURATION` */
  private readonly timing: ParserMethod<[], ApprovalSetting> = this.production("timing", () => {
    const start = this.start();
    return this.either<ApprovalSetting>([
      {
        ALT: () => {
          this.CONSUME(w("within"));
          return { kind: "Within", duration: this.SUBRULE(this.duration), span: this.spanFrom(start) };
        },
      },
      {
        ALT: () => {
          this.CONSUME(w("use"));
          this.CONSUME2(w("within"));
          return { kind: "UseWithin", duration: this.SUBRULE2(this.duration), span: this.spanFrom(start) };
        },
      },
      {
        ALT: () => {
          this.CONSUME(w("escalate"));
          const groups = this.SUBRULE(this.names);
          this.CONSUME(w("after"));
          return { kind: "Escalate", groups, after: this.SUBRULE3(this.duration), span: this.spanFrom(start) };
        },
      },
    ]);
  });

  /** `demand = "reason" "required" | "excluding" "owners"` */
  private readonly demand: ParserMethod<[], ApprovalSetting> = this.production("demand", () => {
    const start = this.start();
    return this.either<ApprovalSetting>([
      {
        ALT: () => {
          this.CONSUME(w("reason"));
          this.CONSUME(w("required"));
          return { kind: "ReasonRequired", span: this.spanFrom(start) };
        },
      },
      {
        ALT: () => {
          this.CONSUME(w("excluding"));
          this.CONSUME(w("owners"));
          return { kind: "ExcludingOwners", span: this.spanFrom(start) };
        },
      },
    ]);
  });

  /** `reuse = "reuse" NUMBER "in" DURATION ["varying" fieldNames]` */
  private readonly reuse: ParserMethod<[], ApprovalSetting> = this.production("reuse_", () => {
    const start = this.start();
    this.CONSUME(w("reuse"));
    const number = this.SUBRULE(this.numeral);
    this.CONSUME(w("in"));
    const window = this.SUBRULE(this.duration);
    const varying: Name[] | undefined = this.OPTION(() => {
      this.CONSUME(w("varying"));
      return this.SUBRULE(this.fieldNames);
    });
    return { kind: "Reuse", number, in: window, varying: varying ?? [], span: this.spanFrom(start) };
  });

  /** `vigilance = "fatigue" NUMBER "in" DURATION | "decoys" NUMBER "in" NUMBER` */
  private readonly vigilance: ParserMethod<[], ApprovalSetting> = this.production("vigilance", () => {
    const start = this.start();
    return this.either<ApprovalSetting>([
      {
        ALT: () => {
          this.CONSUME(w("fatigue"));
          const number = this.SUBRULE(this.numeral);
          this.CONSUME(w("in"));
          return { kind: "Fatigue", number, in: this.SUBRULE(this.duration), span: this.spanFrom(start) };
        },
      },
      {
        ALT: () => {
          this.CONSUME(w("decoys"));
          const number = this.SUBRULE2(this.numeral);
          this.CONSUME2(w("in"));
          return { kind: "Decoys", number, in: this.SUBRULE3(this.numeral), span: this.spanFrom(start) };
        },
      },
    ]);
  });

  private readonly approvalSettings = blockOf(this.approvalSetting, "a setting of the approval", words);

  /** `approval = "approval" name "{" { approvalSetting } "}"` */
  readonly approval: ParserMethod<[], ApprovalDeclaration> = this.production("approval", () => {
    const doc = this.takeDoc();
    const start = this.start();
    this.CONSUME(w("approval"));
    const name = this.SUBRULE(this.name);
    const settings = this.block(this.approvalSettings);
    return { kind: "Approval", doc, name, settings, span: this.spanFrom(start) };
  });
}

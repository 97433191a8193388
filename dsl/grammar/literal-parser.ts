/** Names, lists of names, and literals. Section 3 of the language. */
import type { IToken, ParserMethod } from "chevrotain";
import type {
  BooleanLiteral,
  DateLiteral,
  DurationLiteral,
  Literal,
  Name,
  NumberLiteral,
  StringLiteral,
  TimeLiteral,
} from "../ast.ts";
import { durationOf } from "../lex/calendar.ts";
import * as t from "../lex/tokens.ts";
import { fitted } from "./fitted.ts";
import { RecoveringParser } from "./recovering-parser.ts";

const w = t.word;

export class LiteralParser extends RecoveringParser {
  // -- names ----------------------------------------------------------------------------------------------------

  /** `name = IDENTIFIER` */
  readonly name: ParserMethod<[], Name> = this.production("name", () => this.nameOf(this.CONSUME(t.Identifier)));

  /** `fieldName = IDENTIFIER | STRING`: an argument's name. */
  readonly fieldName: ParserMethod<[], Name> = this.production("fieldName", () => this.nameOf(this.segment(0)));

  /** `dottedName = segment { "." segment }`, `segment = IDENTIFIER | STRING` */
  readonly dottedName: ParserMethod<[], Name> = this.production("dottedName", () => {
    const start = this.start();
    const first = valueOf(this.segment(0));
    if (this.LA(1).tokenType !== t.Dot && !this.RECORDING_PHASE) {
      return { kind: "Name", value: first, segments: [first], span: this.spanFrom(start) };
    }
    const segments = [first];
    this.MANY(() => {
      this.CONSUME(t.Dot);
      segments.push(valueOf(this.segment(1)));
    });
    return { kind: "Name", value: segments.join("."), segments, span: this.spanFrom(start) };
  });

  /** `names = name { "," name }` */
  readonly names: ParserMethod<[], Name[]> = this.production("names", () => {
    const names: Name[] = [];
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => names.push(this.SUBRULE(this.name)) });
    return fitted(names);
  });

  /** `fieldNames = "(" fieldName { "," fieldName } ")"` */
  readonly fieldNames: ParserMethod<[], Name[]> = this.production("fieldNames", () => {
    const names: Name[] = [];
    this.CONSUME(t.LParen);
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => names.push(this.SUBRULE(this.fieldName)) });
    this.CONSUME(t.RParen);
    return fitted(names);
  });

  /** `approvals = "via" name { "and" name }` */
  readonly approvals: ParserMethod<[], Name[]> = this.production("approvals", () => {
    const names: Name[] = [];
    this.CONSUME(w("via"));
    this.AT_LEAST_ONE_SEP({ SEP: w("and"), DEF: () => names.push(this.SUBRULE(this.name)) });
    return fitted(names);
  });

  private segment(index: number): IToken {
    return this.or(index, {
      DEF: [{ ALT: () => this.consume(index, t.Identifier) }, { ALT: () => this.consume(index, t.Text) }],
      ERR_MSG: "a name",
    });
  }

  protected nameOf(token: IToken): Name {
    const value = valueOf(token);
    return { kind: "Name", value, segments: [value], span: this.spanOf(token) };
  }

  // -- literals -------------------------------------------------------------------------------------------------

  readonly text: ParserMethod<[], StringLiteral> = this.production("text", () => {
    const token = this.CONSUME(t.Text);
    return { kind: "String", value: valueOf(token), span: this.spanOf(token) };
  });

  /** `texts = STRING { "," STRING }` */
  readonly texts: ParserMethod<[], StringLiteral[]> = this.production("texts", () => {
    const texts: StringLiteral[] = [];
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => texts.push(this.SUBRULE(this.text)) });
    return fitted(texts);
  });

  readonly numeral: ParserMethod<[], NumberLiteral> = this.production("numeral", () => {
    const token = this.CONSUME(t.Numeral);
    return { kind: "Number", text: valueOf(token), span: this.spanOf(token) };
  });

  readonly duration: ParserMethod<[], DurationLiteral> = this.production("duration", () => {
    const token = this.CONSUME(t.Duration);
    const text = valueOf(token);
    return { kind: "Duration", text, milliseconds: durationOf(text), span: this.spanOf(token) };
  });

  readonly date: ParserMethod<[], DateLiteral> = this.production("date", () => {
    const token = this.CONSUME(t.Day);
    return { kind: "Date", text: valueOf(token), span: this.spanOf(token) };
  });

  /** `moment = DATE | TIME` */
  readonly moment: ParserMethod<[], DateLiteral | TimeLiteral> = this.production("moment", () =>
    this.either({
      DEF: [
        { ALT: (): DateLiteral | TimeLiteral => this.SUBRULE(this.date) },
        { ALT: (): DateLiteral | TimeLiteral => this.timeOf(this.CONSUME(t.Time)) },
      ],
      ERR_MSG: "a date like `2027-01-31` or a time like `2026-11-23T10:00:00Z`",
    }),
  );

  /** `literal = STRING | NUMBER | DURATION | DATE | TIME | "true" | "false"` */
  readonly literal: ParserMethod<[], Literal> = this.production("literal", () =>
    this.either<Literal>({
      DEF: [
        { ALT: () => this.SUBRULE(this.text) },
        { ALT: () => this.SUBRULE(this.numeral) },
        { ALT: () => this.SUBRULE(this.duration) },
        { ALT: () => this.SUBRULE(this.date) },
        { ALT: () => this.timeOf(this.CONSUME(t.Time)) },
        { ALT: () => this.truth(this.CONSUME(w("true")), true) },
        { ALT: () => this.truth(this.CONSUME(w("false")), false) },
      ],
      ERR_MSG: "a value: a string in double quotes, a number, a duration, a date, `true` or `false`",
    }),
  );

  private timeOf(token: IToken): TimeLiteral {
    return { kind: "Time", text: token.image, span: this.spanOf(token) };
  }

  private truth(token: IToken, value: boolean): BooleanLiteral {
    return { kind: "Boolean", value, span: this.spanOf(token) };
  }
}

/** What the token says: its text, unless it was mended or stands in quotes. */
function valueOf(token: IToken): string {
  const payload: unknown = token.payload;
  return typeof payload === "string" ? payload : token.image;
}

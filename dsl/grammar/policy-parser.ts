/** The whole file: declarations in any order. */
import type { IToken, ParserMethod } from "chevrotain";
import type { Declaration, File } from "../ast.ts";
import type { Diagnostic } from "../diagnostic.ts";
import type { Lexed } from "../lex/lex.ts";
import { blockOf } from "./block.ts";
import { TestParser } from "./test-parser.ts";

const declarationWords = (
  "policy label set live schedule group channel approval class action server define role every agent gateway canary " +
  "breaker prove test"
).split(" ");

const innerWords = "is on when unless and or yields clears recovery tool tools sha256 claim secret editors".split(" ");

export class PolicyParser extends TestParser {
  constructor(prove = false) {
    super(prove);
    this.performSelfAnalysis();
  }

  /** `declaration = policy | label | set | … | test` */
  private readonly declaration: ParserMethod<[], Declaration> = this.production("declaration", () =>
    this.either<Declaration>([
      { ALT: () => this.SUBRULE(this.action) },
      { ALT: () => this.SUBRULE(this.role) },
      { ALT: () => this.SUBRULE(this.agent) },
      { ALT: () => this.SUBRULE(this.test) },
      { ALT: () => this.SUBRULE(this.policy) },
      { ALT: () => this.SUBRULE(this.label) },
      { ALT: () => this.SUBRULE(this.set) },
      { ALT: () => this.SUBRULE(this.liveSet) },
      { ALT: () => this.SUBRULE(this.schedule) },
      { ALT: () => this.SUBRULE(this.group) },
      { ALT: () => this.SUBRULE(this.channel) },
      { ALT: () => this.SUBRULE(this.approval) },
      { ALT: () => this.SUBRULE(this.class) },
      { ALT: () => this.SUBRULE(this.server) },
      { ALT: () => this.SUBRULE(this.define) },
      { ALT: () => this.SUBRULE(this.everyAgent) },
      { ALT: () => this.SUBRULE(this.gateway) },
      { ALT: () => this.SUBRULE(this.canary) },
      { ALT: () => this.SUBRULE(this.breaker) },
      { ALT: () => this.SUBRULE(this.prove) },
    ]),
  );

  private readonly declarations = {
    ...blockOf(this.declaration, "a declaration like `action`, `role` or `agent`", declarationWords, innerWords),
    closes: false,
    begins: (token: IToken) => this.landmarks.opensDeclaration(token),
  };

  /** `file = { declaration }` */
  private readonly file: ParserMethod<[], Declaration[]> = this.production("file", () =>
    this.items(null, this.declarations),
  );

  /** Reads one file; never fails. */
  read(source: string, text: string, lexed: Lexed): { file: File; diagnostics: Diagnostic[] } {
    this.begin(source, text, lexed);
    const declarations = this.file();
    const comments = this.allComments(lexed.comments);
    const span = { source, start: 0, end: text.length };
    const file: File = { kind: "File", declarations, comments, blanks: blankLines(text), span };
    return { file, diagnostics: this.end() };
  }
}

/** The offset behind the line break that a run of blank lines follows. */
function blankLines(text: string): number[] {
  return Array.from(
    text.matchAll(/(?:\r\n|\n|\r)(?=[ \t]*(?:\r\n|\n|\r))(?:[ \t]*(?:\r\n|\n|\r))+/g),
    ({ index }) => index + 1,
  );
}

/** Actions, their parameters and types, servers and defines. Sections 5 and 7 of the language. */
import type { IToken, ParserMethod } from "chevrotain";
import type {
  ActionDeclaration,
  ClassItem,
  DefineDeclaration,
  Guard,
  LabelClause,
  Name,
  OnNone,
  Parameter,
  ResourceItem,
  ServerDeclaration,
  StringLiteral,
  TypeNode,
  TypeSetting,
} from "../ast.ts";
import * as t from "../lex/tokens.ts";
import { shown } from "./explain-unexpected.ts";
import { fitted } from "./fitted.ts";
import { isName } from "./landmarks.ts";
import { brief } from "../mistake.ts";
import { VocabularyParser } from "./vocabulary-parser.ts";

const w = t.word;
const clauseWords = new Set(["is", "on", "yields", "clears", "recovery", "tool", "when", "unless"].map(w));

const unfinishedTypes = new Map([
  ["list", "list<string>"],
  ["enum", 'enum("one", "other")'],
  ["record", "record { name: string }"],
]);

/** The clauses of an action while they are read; each may stand once. */
interface Clauses {
  classes: readonly ClassItem[];
  resources: OnNone | readonly ResourceItem[] | null;
  yields: readonly LabelClause[];
  clears: readonly Name[];
  recovery: StringLiteral | null;
  tool: StringLiteral | null;
}

export class ActionParser extends VocabularyParser {
  /** `action = "action" dottedName ["(" parameters ")"] { actionClause }` */
  readonly action: ParserMethod<[], ActionDeclaration> = this.production("action", () => {
    const doc = this.takeDoc();
    const start = this.start();
    this.CONSUME(w("action"));
    const name = this.SUBRULE(this.dottedName);
    let open = false;
    let paramsEnd: number | null = null;
    const params = this.OPTION(() => {
      this.CONSUME(t.LParen);
      const read = this.SUBRULE(this.parameters);
      paramsEnd = this.CONSUME(t.RParen).startOffset;
      open = read.open;
      return read.params;
    });
    const bare = this.OPTION2({
      GATE: () => this.lacksIs(),
      // Only a plain name passes the gate, and nothing that may follow begins with one.
      MAX_LOOKAHEAD: 1,
      DEF: () => {
        this.ACTION(() => this.tellMissingIs(this.LA(1)));
        return this.SUBRULE(this.classItems);
      },
    });
    const clauses: Clauses = {
      classes: bare ?? [],
      resources: null,
      yields: [],
      clears: [],
      recovery: null,
      tool: null,
    };
    const seen = new Map<string, IToken>();
    this.MANY(() => this.SUBRULE(this.actionClause, { ARGS: [clauses, seen] }));
    return {
      kind: "Action",
      doc,
      name,
      params: params ?? null,
      paramsEnd,
      open,
      ...clauses,
      span: this.spanFrom(start),
    };
  });

  /** `actionClause = "is" … | "on" … | "yields" … | "clears" names | "recovery" STRING | "tool" STRING` */
  private readonly actionClause: ParserMethod<[Clauses, Map<string, IToken>], void> = this.production(
    "actionClause",
    (clauses: Clauses, seen: Map<string, IToken>) => {
      this.ACTION(() => this.refuseTwice(seen));
      this.either([
        { ALT: () => this.readInto(clauses, "classes", this.SUBRULE(this.isClause)) },
        { ALT: () => this.readInto(clauses, "resources", this.SUBRULE(this.onClause)) },
        { ALT: () => this.readInto(clauses, "yields", this.SUBRULE(this.yieldsClause)) },
        { ALT: () => (this.CONSUME(w("clears")), this.readInto(clauses, "clears", this.SUBRULE(this.names))) },
        { ALT: () => (this.CONSUME(w("recovery")), this.readInto(clauses, "recovery", this.SUBRULE(this.text))) },
        { ALT: () => (this.CONSUME(w("tool")), this.readInto(clauses, "tool", this.SUBRULE2(this.text))) },
      ]);
    },
  );

  private readInto<K extends keyof Clauses>(clauses: Clauses, key: K, value: Clauses[K]): void {
    this.ACTION(() => {
      clauses[key] = value;
    });
  }

  /** `isClause = "is" classItems` */
  private readonly isClause: ParserMethod<[], ClassItem[]> = this.production("isClause", () => {
    this.CONSUME(w("is"));
    return this.SUBRULE(this.classItems);
  });

  /** `classItems = name [guard] { "," name [guard] }` */
  private readonly classItems: ParserMethod<[], ClassItem[]> = this.production("classItems", () => {
    const items: ClassItem[] = [];
    this.AT_LEAST_ONE_SEP({
      SEP: t.Comma,
      DEF: () => {
        const start = this.start();
        const name = this.SUBRULE(this.name);
        const guard = this.OPTION(() => this.SUBRULE(this.guard));
        items.push({ name, guard: guard ?? null, span: this.spanFrom(start) });
      },
    });
    return fitted(items);
  });

  /** `onClause = "on" ("none" | STRING [guard] { "," STRING [guard] })` */
  private readonly onClause: ParserMethod<[], OnNone | ResourceItem[]> = this.production("onClause", () => {
    const start = this.start();
    const items: ResourceItem[] = [];
    this.CONSUME(w("on"));
    return this.either<OnNone | ResourceItem[]>({
      DEF: [
        { ALT: () => (this.CONSUME(w("none")), { kind: "OnNone", span: this.spanFrom(start) }) },
        {
          ALT: () => {
            this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => items.push(this.SUBRULE(this.resource)) });
            return fitted(items);
          },
        },
      ],
      ERR_MSG: 'a template like `"crm/contacts/{id}"`, or `none`',
    });
  });

  private readonly resource: ParserMethod<[], ResourceItem> = this.production("resource", () => {
    const start = this.start();
    const template = this.SUBRULE(this.text);
    const guard = this.OPTION(() => this.SUBRULE(this.guard));
    return { template, guard: guard ?? null, span: this.spanFrom(start) };
  });

  /** `yieldsClause = "yields" name [guard] { "," name [guard] }` */
  private readonly yieldsClause: ParserMethod<[], LabelClause[]> = this.production("yieldsClause", () => {
    const labels: LabelClause[] = [];
    this.CONSUME(w("yields"));
    this.AT_LEAST_ONE_SEP({
      SEP: t.Comma,
      DEF: () => {
        const start = this.start();
        const label = this.SUBRULE(this.name);
        const guard: Guard | undefined = this.OPTION(() => this.SUBRULE(this.guard));
        labels.push({ label, guard: guard ?? null, span: this.spanFrom(start) });
      },
    });
    return fitted(labels);
  });

  // -- parameters and types -------------------------------------------------------------------------------------

  /** `parameters = [parameter { "," parameter }] ["..."]` with a comma before the dots */
  readonly parameters: ParserMethod<[], { params: Parameter[]; open: boolean }> = this.production("parameters", () => {
    const params: Parameter[] = [];
    let open = false;
    this.MANY_SEP({
      SEP: t.Comma,
      DEF: () => {
        this.ACTION(() => {
          if (open)
            throw this.fail(1108, this.LA(0), "`...` stands last", { help: "move it behind the last parameter" });
        });
        this.either<unknown>([
          { ALT: () => params.push(this.SUBRULE(this.parameter)) },
          { ALT: () => this.CONSUME(t.Dots) && (open = true) },
        ]);
      },
    });
    return { params: fitted(params), open };
  });

  /** `parameter = fieldName ":" ["secret"] type ["?"]` */
  readonly parameter: ParserMethod<[], Parameter> = this.production("parameter", () => {
    const doc = this.takeDoc();
    const start = this.start();
    const name = this.SUBRULE(this.fieldName);
    const early = this.OPTION(() => this.CONSUME(t.Question));
    this.CONSUME(t.Colon, { ERR_MSG: "`:` and the parameter's type" });
    const secret = this.OPTION2(() => this.CONSUME(w("secret"))) !== undefined;
    const type = this.SUBRULE(this.type);
    const late = this.OPTION3(() => this.CONSUME2(t.Question));
    if (early !== undefined) {
      this.tell(1108, this.spanOf(early), "`?` stands behind the type", { help: "write `name: string?`" });
    }
    const optional = early !== undefined || late !== undefined;
    return { kind: "Parameter", doc, name, secret, type, optional, span: this.spanFrom(start) };
  });

  /** `type = enum | list | record | name ["(" typeSettings ")"]` */
  readonly type: ParserMethod<[], TypeNode> = this.production("type", () =>
    this.either<TypeNode>({
      DEF: [
        { ALT: () => this.SUBRULE(this.recordType) },
        { ALT: () => this.SUBRULE(this.listType) },
        // Elsewhere two words decide; were Chevrotain to look at three, each start would take twice as long for it.
        { GATE: () => this.LA(3).tokenType === t.Text, ALT: () => this.SUBRULE(this.enumType) },
        { ALT: () => this.SUBRULE(this.namedType) },
      ],
      IGNORE_AMBIGUITIES: true,
      ERR_MSG: "a type like `string`, `decimal(min 0.01)` or `list<email>`",
    }),
  );

  private readonly recordType: ParserMethod<[], TypeNode> = this.production("recordType", () => {
    const start = this.start();
    const fields: Parameter[] = [];
    this.typeWord("record");
    this.CONSUME(t.LBrace);
    this.nested(() => this.MANY_SEP({ SEP: t.Comma, DEF: () => fields.push(this.SUBRULE(this.parameter)) }));
    this.CONSUME(t.RBrace);
    return { kind: "RecordType", fields: fitted(fields), span: this.spanFrom(start) };
  });

  /** `listType = "list" "<" type ">" ["(" typeSettings ")"]` */
  private readonly listType: ParserMethod<[], TypeNode> = this.production("listType", () => {
    const start = this.start();
    this.typeWord("list");
    this.CONSUME(t.Less);
    const of = this.nested(() => this.SUBRULE(this.type));
    this.CONSUME(t.Greater);
    const settings = this.OPTION(() => this.SUBRULE(this.typeSettings));
    return { kind: "ListType", of, settings: settings ?? [], span: this.spanFrom(start) };
  });

  /** `enumType = "enum" "(" texts ")"` */
  private readonly enumType: ParserMethod<[], TypeNode> = this.production("enumType", () => {
    const start = this.start();
    this.typeWord("enum");
    this.CONSUME(t.LParen);
    const values = this.SUBRULE(this.texts);
    this.CONSUME(t.RParen);
    return { kind: "EnumType", values, span: this.spanFrom(start) };
  });

  private readonly namedType: ParserMethod<[], TypeNode> = this.production("namedType", () => {
    const start = this.start();
    const name = this.SUBRULE(this.name);
    this.ACTION(() => this.refuseUnfinishedType());
    const settings = this.OPTION(() => this.SUBRULE(this.typeSettings));
    return { kind: "NamedType", name, settings: settings ?? [], span: this.spanFrom(start) };
  });

  private typeWord(spelling: "record" | "list" | "enum"): IToken {
    return this.CONSUME(w(spelling));
  }

  /** `typeSettings = "(" [name [NUMBER | STRING | DURATION] { "," … }] ")"` */
  private readonly typeSettings: ParserMethod<[], TypeSetting[]> = this.production("typeSettings", () => {
    const settings: TypeSetting[] = [];
    this.CONSUME(t.LParen);
    this.ACTION(() => this.refuseBareSetting());
    this.MANY_SEP({
      SEP: t.Comma,
      DEF: () => {
        const start = this.start();
        const name = this.SUBRULE(this.name);
        const value = this.OPTION(() =>
          this.either<TypeSetting["value"]>([
            { ALT: () => this.SUBRULE(this.numeral) },
            { ALT: () => this.SUBRULE(this.text) },
            { ALT: () => this.SUBRULE(this.duration) },
          ]),
        );
        settings.push({ name, value: value ?? null, span: this.spanFrom(start) });
      },
    });
    this.CONSUME(t.RParen);
    return settings;
  });

  // -- servers and defines --------------------------------------------------------------------------------------

  /** `server = "server" name name STRING "tools" STRING "sha256" STRING` */
  readonly server: ParserMethod<[], ServerDeclaration> = this.production("server", () => {
    const doc = this.takeDoc();
    const start = this.start();
    this.CONSUME(w("server"));
    const name = this.SUBRULE(this.name);
    const protocol = this.SUBRULE2(this.name);
    const url = this.SUBRULE(this.text);
    this.CONSUME(w("tools"));
    const tools = this.SUBRULE2(this.text);
    this.CONSUME(w("sha256"));
    const sha256 = this.SUBRULE3(this.text);
    return { kind: "Server", doc, name, protocol, url, tools, sha256, span: this.spanFrom(start) };
  });

  /** `define = "define" name "(" parameters ")" "=" condition` */
  readonly define: ParserMethod<[], DefineDeclaration> = this.production("define", () => {
    const doc = this.takeDoc();
    const start = this.start();
    this.CONSUME(w("define"));
    const name = this.SUBRULE(this.name);
    this.CONSUME(t.LParen);
    const { params } = this.SUBRULE(this.parameters);
    const paramsEnd = this.CONSUME(t.RParen).startOffset;
    this.CONSUME(t.Assign);
    const body = this.SUBRULE(this.condition);
    return { kind: "Define", doc, name, params, paramsEnd, body, span: this.spanFrom(start) };
  });

  // -- what these productions mind ------------------------------------------------------------------------------

  /** `action a.b(x: string) read`: what was meant is plain, so it is told and read on. */
  private lacksIs(): boolean {
    const [next, second] = [this.LA(1), this.LA(2)];
    if (next.tokenType !== t.Identifier || second.tokenType === t.LParen) return false;
    return !isName(second) || clauseWords.has(second.tokenType) || this.landmarks.opensLine(second);
  }

  private tellMissingIs(token: IToken): void {
    this.tell(1109, this.spanOf(token), `\`is\` is missing before \`${brief(token.image)}\``, {
      help: `write \`is ${brief(token.image)}\`; an action says which classes it is of`,
    });
  }

  /** `list`, `enum(EUR, USD)`, `record`: the word alone is no type. */
  private refuseUnfinishedType(): void {
    const token = this.LA(0);
    const example = unfinishedTypes.get(token.image);
    if (example === undefined) return;
    const help = `write \`${example}\``;
    throw this.fail(1101, token, `\`${token.image}\` doesn't say of what`, { help });
  }

  /** `string(40)`, `int(1, 5)` */
  private refuseBareSetting(): void {
    const token = this.LA(1);
    const word = token.tokenType === t.Numeral ? "max" : token.tokenType === t.Text ? "like" : null;
    if (word === null) return;
    const setting = this.barePair() ?? `${word} ${brief(token.image)}`;
    throw this.fail(1101, token, `${shown(token)} doesn't say what it bounds`, { help: `write \`${setting}\`` });
  }

  /** `(1, 5)`: two bounds as other languages write them. */
  private barePair(): string | null {
    const [least, comma, most, end] = [this.LA(1), this.LA(2), this.LA(3), this.LA(4)];
    const isPair = least.tokenType === t.Numeral && comma.tokenType === t.Comma && most.tokenType === t.Numeral;
    return isPair && end.tokenType === t.RParen ? `min ${brief(least.image)}, max ${brief(most.image)}` : null;
  }

  private refuseTwice(seen: Map<string, IToken>): void {
    const token = this.LA(1);
    const first = seen.get(token.image);
    if (first !== undefined && clauseWords.has(token.tokenType)) {
      const related = [{ span: this.spanOf(first), label: "the first one" }];
      throw this.fail(1108, token, `\`${token.image}\` stands twice in this action`, {
        related,
        help: "join the two with a comma",
      });
    }
    seen.set(token.image, token);
  }
}

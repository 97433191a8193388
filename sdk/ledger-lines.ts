/**
 * What a pulled log holds beside records: the ledger's checkpoints, its leaves, proofs of heads, and what it refused. One
 * JSON object a line, each with one member that says what it is.
 */
export interface LedgerLines {
  /** True where the leaves of the whole ledger were pulled, so that nothing can be missing unnoticed. */
  readonly whole: boolean;
  readonly checkpoints: readonly { readonly shard: number; readonly note: string }[];
  /** In the order in which they stand in the tree. */
  readonly leaves: readonly LeafLine[];
  readonly anchors: readonly AnchorLine[];
  readonly disputes: readonly DisputeLine[];
}

export interface LeafLine {
  readonly shard: number;
  readonly session: string;
  /** Of the first record. */
  readonly seq: number;
  /** Base64 of the leaf hashes, 32 bytes each. */
  readonly hashes: string;
}

/** That the last anchored record of a session stands in the checkpoint's tree. */
export interface AnchorLine {
  readonly shard: number;
  readonly session: string;
  readonly seq: number;
  readonly leaf: number;
  readonly hashes: readonly string[];
}

export interface DisputeLine {
  readonly session: string;
  readonly seq: number;
  readonly what: string;
  readonly at: string;
}

type Collected = {
  -readonly [Name in keyof LedgerLines]: LedgerLines[Name] extends readonly (infer Item)[] ? Item[] : boolean;
};

export interface LedgerReader {
  /** Whether the line is the ledger's and could be read; null where it is none of its lines. */
  take(value: object): boolean | null;
  /** Null where there was no line of the ledger. */
  lines(): LedgerLines | null;
}

export function createLedgerReader(): LedgerReader {
  const found: Collected = { whole: false, checkpoints: [], leaves: [], anchors: [], disputes: [] };
  let any = false;
  return {
    take(value) {
      const [name, ...more] = Object.keys(value);
      const line = name === undefined ? undefined : (Reflect.get(value, name) as unknown);
      if (name === undefined || more.length > 0 || !KINDS.has(name)) return null;
      any = true;
      return takeLine(found, name, line);
    },
    lines: () => (any ? found : null),
  };
}

const KINDS = new Set(["ledger", "checkpoint", "leaves", "anchor", "dispute"]);

type Fields = { readonly [name: string]: unknown };

function takeLine(found: Collected, name: string, line: unknown): boolean {
  if (typeof line !== "object" || line === null) return false;
  const fields = line as Fields;
  switch (name) {
    case "ledger":
      found.whole ||= fields["whole"] === true;
      return typeof fields["whole"] === "boolean";
    case "checkpoint":
      return put(found.checkpoints, fields, { shard: isPlace, note: isText });
    case "leaves":
      return put(found.leaves, fields, { shard: isPlace, session: isText, seq: isPlace, hashes: isText });
    case "anchor":
      return put(found.anchors, fields, {
        shard: isPlace,
        session: isText,
        seq: isPlace,
        leaf: isPlace,
        hashes: (value) => Array.isArray(value) && value.every(isText),
      });
    default:
      return put(found.disputes, fields, { session: isText, seq: isPlace, what: isText, at: isText });
  }
}

/** What the line holds beside what is asked for is passed over: nothing vouches for it. */
function put<Item>(
  list: Item[],
  fields: Fields,
  shape: { readonly [Name in keyof Item]: (value: unknown) => boolean },
): boolean {
  const names = Object.keys(shape) as (keyof Item & string)[];
  if (!names.every((name) => shape[name](fields[name]))) return false;
  list.push(Object.fromEntries(names.map((name) => [name, fields[name]])) as Item);
  return true;
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isPlace(value: unknown): boolean {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

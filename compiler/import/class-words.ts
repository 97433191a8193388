/** Words in names of tools, and the classes that they speak for. */

/** Say what is done; the first that is found decides, and those of {@link ALWAYS} count wherever they stand. */
const VERBS: { readonly [classes: string]: string } = {
  read:
    "get list search find read describe view show query count check retrieve lookup status diff log history compare " +
    "summarize summary info inspect preview validate estimate recommend detect analyze explain help wait resolve verify tree",
  write:
    "create add update set put edit write insert save append move rename copy merge push commit assign apply change patch " +
    "modify enable disable register import sync configure submit upsert replace attach detach mark link label lock unlock " +
    "close open reopen archive restore request type fill select drag press click hover resize checkout branch tag fork " +
    "convert transform mock seed schedule migrate scale import ingest load store increment decrement toggle",
  "write, delete":
    "delete remove drop destroy purge wipe erase truncate clear unlink reset prune uninstall cancel dismiss discard",
  "write, delete, irreversible": "shred expunge",
  execute:
    "run execute exec eval evaluate invoke start stop restart trigger dispatch launch kill shell command script deploy rerun code",
  "external, irreversible":
    "send email mail notify publish broadcast post reply tweet sms message dm announce share invite",
  "read, external": "fetch browse download scrape crawl",
  external: "navigate upload http webhook request_url goto export",
  "write, spend":
    "pay refund charge transfer purchase buy order payout withdraw deposit donate subscribe capture invoice",
  "write, admin": "grant revoke permit authorize impersonate rotate",
};

/** Done, these weigh too much to be outdone by another word of the name. */
const ALWAYS: ReadonlySet<string> = new Set(
  (
    "delete remove drop destroy purge wipe erase truncate uninstall execute exec eval send publish refund pay charge transfer " +
    "payout withdraw grant revoke shred expunge"
  ).split(" "),
);

/** Say what it is done to; they count where the tool doesn't only read. */
const THINGS: { readonly [classes: string]: string } = {
  spend: "payment payments refund refunds invoice invoices payout charge subscription price coupon billing card bank",
  admin:
    "permission permissions role roles policy secret secrets credential credentials token acl firewall keyvault password admin",
  external: "email mail sms webhook message",
};

export const VERB_CLASSES = byWord(VERBS);
export const THING_CLASSES = byWord(THINGS);

export function isAlways(word: string): boolean {
  return ALWAYS.has(word);
}

/** `createRefund`, `browser_click`, `get-env`: the words, in lower case. */
export function wordsOf(name: string): readonly string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
}

function byWord(table: { readonly [classes: string]: string }): ReadonlyMap<string, readonly string[]> {
  return new Map(
    Object.entries(table).flatMap(([classes, words]) =>
      words.split(" ").map((word): [string, readonly string[]] => [word, classes.split(", ")]),
    ),
  );
}

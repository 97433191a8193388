/** One mistake is one message: thirty of all kinds in one policy, and each of them by itself. */
import { describe, expect, test } from "vitest";
import { compile } from "../../compiler/index.ts";
import { positionOf } from "../../dsl/index.ts";
import { readCorpus } from "../harness/corpus-file.ts";

const TODAY = { today: Date.UTC(2026, 10, 21) };
const { text } = readCorpus("diagnostics/thirty-mistakes.agentpolicy");
const lines = text.split("\n");
const marks = lines.flatMap((line, index) => {
  const number = /\/\/ <- (\d+) /.exec(line)?.[1];
  return number === undefined ? [] : [{ number: Number(number), line: index + 1, what: line.split("<- ")[1] ?? "" }];
});

/** The line as it should be; a mistake that isn't named here is mended by taking its line away. */
const RIGHT: { readonly [number: number]: string } = {
  1: "  auditors  leads",
  2: "  lease     10s",
  3: 'group finance = ["noor@acme.example", "sam@acme.example"]',
  4: 'schedule hours = mon-fri 09:00-18:00 "Europe/Berlin"',
  5: "approval pair { approvers finance quorum 2 }",
  6: 'action crm.read(id: string) is read on "crm/{id}" yields confidential',
  7: "action crm.find(text: string(min 2, max 5)) is read on none",
  8: 'action crm.write(id: string, text: string?) is write on "crm/{id}"',
  9: 'action web.get(url: url(https)) is read, external on "web/{url.host}" yields untrusted',
  10: "action mail.list(box: string) is read on none",
  11: "action mail.copy(to: email) is write, external on none",
  12: 'action db.open(name: string) is read on "db/{name}"',
  13: "  ask mail.send via lead",
  14: "  allow db.query when args.limit == 5",
  18: '  allow files.put when args.name != "x" and during hours',
  23: "  notify mail.copy to ops",
  24: "  never pay.out when session has untrusted",
  25: "  ask pay.out when args.amount > 5 via pair",
  26: "  limit pay.out total args.amount to 500 in 24h per agent, args.currency",
  28: "  roles    clerk",
  29: "  review   by 2099-12-01",
  30: '  identity key ed25519 "PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw"',
};

const SOUND = `
every agent {
  limit * to 60 in 1m per agent
  never external when session has untrusted and session has confidential
}
`;

/** The policy with only some of its mistakes; what else a sound policy has stands at the end. */
function policyWith(mistakes: readonly number[]): string {
  const mended = lines.map((line, index) => {
    const mark = marks.find((one) => one.line === index + 1);
    return mark === undefined || mistakes.includes(mark.number) ? line : (RIGHT[mark.number] ?? "");
  });
  return `${mended.join("\n")}${SOUND}`;
}

function linesOf(policy: string): readonly string[] {
  const { diagnostics } = compile([{ name: "p.agentpolicy", text: policy }], TODAY);
  return diagnostics.map(({ code, message, span }) => `${positionOf(policy, span.start).line} ${code} ${message}`);
}

test("the policy has thirty mistakes, and gives a message for each, on its line", () => {
  expect(marks.map(({ number }) => number)).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
  expect(linesOf(text).map((line) => Number(line.split(" ")[0]))).toEqual(marks.map(({ line }) => line));
});

test("without its mistakes the policy has no finding", () => {
  expect(linesOf(policyWith([]))).toEqual([]);
});

describe("each mistake by itself is one message", () => {
  test.each(marks)("$what", ({ number, line }) => {
    expect(linesOf(policyWith([number]))).toEqual([expect.stringMatching(`^${line} AP`)]);
  });
});

/**
 * `npm run demo`: the whole path, played for real in a temporary folder. The command compiles the policy and runs the
 * Worker; an agent asks through the client; people decide, stop and audit with the same command that they would use.
 * Whatever comes out differently from what is said here ends the demo with 1.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { connect } from "agentpolicy";
import type { AuthorizeResponse, Session } from "agentpolicy";
import { PermitError, verify } from "agentpolicy/permit";
import type { VerifyOptions } from "agentpolicy/permit";
import { startDevEdge } from "./demo/dev-edge.ts";
import type { DevEdge } from "./demo/dev-edge.ts";
import { Story } from "./demo/story.ts";

const HOME = import.meta.dirname;
const MAIL = { to: ["bo@customer.example"], subject: "Demo", body: "Would Tuesday suit you?" };

const story = new Story();

async function play(edge: DevEdge): Promise<void> {
  const sales = await open(edge, "sales_bot");
  const reports = await open(edge, "report_bot");
  await everydayWork(sales);
  await aMailThatAPersonReads(edge, sales);
  await whatNeverHappens(sales);
  await aLimit(sales);
  await aKillSwitch(edge, sales, reports);
  await theRecords(edge);
}

async function open(edge: DevEdge, agent: string): Promise<Session> {
  const key = await readFile(join(HOME, "keys", `${agent}.jwk`), "utf8");
  return connect({ edge: edge.url, agent, key }).open({ task: "Follow up on open deals" });
}

async function everydayWork(sales: Session): Promise<void> {
  story.chapter("everyday work runs by itself");
  await ask(sales, "crm.contacts.read", { contact: "c-1" }, "allow");
  story.say("a deal that closes runs too, and the team is told:");
  await ask(sales, "crm.deals.move", { deal: "d-1", stage: "won" }, "notify");
}

async function aMailThatAPersonReads(edge: DevEdge, sales: Session): Promise<void> {
  story.chapter("a mail waits for a person");
  const asked = await ask(sales, "mail.draft", MAIL, "ask");
  const approval = asked.approval?.id ?? "";
  story.say("a sales lead looks at the whole request and says yes:");
  await story.command(edge, ["approvals"], 0, /mail\.draft/);
  await story.command(edge, ["approve", approval, "--digest", asked.request_digest], 0, /approved/);

  story.say("the agent tries to use that yes for another recipient:");
  const other = { ...MAIL, to: ["eve@elsewhere.example"] };
  await ask(sales, "mail.draft", other, "approval_mismatch", approval);
  story.say("for what the lead has read it is good,");
  const allowed = await ask(sales, "mail.draft", MAIL, "allow", approval);
  await theMailService(edge, allowed.permit ?? "", other);
  story.say("and good once:");
  await ask(sales, "mail.draft", MAIL, "approval_used", approval);
  await theSameInOneCall(edge, sales);
}

/** What an agent's program really does: the guard asks, waits for the person, and calls the function. */
async function theSameInOneCall(edge: DevEdge, sales: Session): Promise<void> {
  story.say("in an agent's program all of this is one guarded function, which waits:");
  const mail = { ...MAIL, subject: "Demo, part two" };
  const asked = Promise.withResolvers<readonly [string, string]>();
  const draft = sales.guard("mail.draft", ({ subject }: typeof MAIL) => `drafted “${subject}”`, {
    onAsk: (approval, answer) => asked.resolve([approval.id, answer.request_digest]),
  });
  const drafted = draft(mail);
  const [approval, digest] = await Promise.race([asked.promise, drafted.then(() => ["none", "none"] as const)]);
  await story.command(edge, ["approve", approval, "--digest", digest], 0, /approved/);
  story.fact("the function ran", await drafted, "drafted “Demo, part two”");
}

/** The service that executes trusts nobody's word: it checks the permit against what it is about to do. */
async function theMailService(edge: DevEdge, permit: string, other: object): Promise<void> {
  const answer = await fetch(`${edge.url}/.well-known/jwks.json`);
  const jwks = (await answer.json()) as NonNullable<VerifyOptions["jwks"]>;
  const options = {
    jwks,
    issuer: edge.url,
    audience: "first-policy/development",
    action: "mail.draft",
    seen: new Set<string>(),
  };
  const outcome = async (args: object): Promise<string> => {
    try {
      return `good, for ${(await verify(permit, { ...options, args })).sub}`;
    } catch (error) {
      return error instanceof PermitError ? error.problem : String(error);
    }
  };
  story.say("the mail service checks the permit before it sends anything:");
  story.fact("permit, another recipient", await outcome(other), "wrong_arguments");
  story.fact("permit, this mail", await outcome(MAIL), "good, for sales_bot");
  story.fact("permit, the same again", await outcome(MAIL), "already_used");
}

async function whatNeverHappens(sales: Session): Promise<void> {
  story.chapter("what never happens, whoever asks");
  await ask(sales, "files.read", { file: "finance/payroll.xlsx" }, "never");
  await ask(sales, "crm.contacts.delete", { contact: "c-1" }, "never");
  story.say("nor by another spelling:");
  await ask(sales, "files.read", { file: "sales/../finance/payroll.xlsx" }, "invalid_argument");
}

async function aLimit(sales: Session): Promise<void> {
  story.chapter("a limit: five notes a session");
  const outcomes = new Set<string>();
  for (let n = 1; n <= 5; n++) {
    const { decision, message } = await sales.authorize("crm.notes.write", { deal: "d-1", text: `Call ${n}` });
    outcomes.add(decision === "allow" ? decision : message);
  }
  story.fact("five notes", [...outcomes].join(", "), "allow");
  await ask(sales, "crm.notes.write", { deal: "d-1", text: "Call 6" }, "limit_exceeded");
}

async function aKillSwitch(edge: DevEdge, sales: Session, reports: Session): Promise<void> {
  story.chapter("one agent is stopped, another goes on");
  await story.command(edge, ["kill", "agent", "sales_bot", "--reason", "mails look odd"], 0, /reached 1, pending 0/);
  await ask(sales, "crm.contacts.read", { contact: "c-1" }, "killed");
  await ask(reports, "crm.deals.read", { deal: "d-1" }, "allow");
}

async function theRecords(edge: DevEdge): Promise<void> {
  story.chapter("everything is on record, and the records can be checked");
  await story.command(edge, ["audit", "pull", "-o", "records.ndjson"], 0, /records of 3 logs/);
  await story.command(edge, ["audit", "verify", "records.ndjson"], 0, /every one fits/);
  story.say("somebody turns a refusal into a yes, in one record:");
  await edge.edit("records.ndjson", '"decision":"deny"', '"decision":"allow"');
  await story.command(edge, ["audit", "verify", "records.ndjson"], 1, /was changed/);
}

/** Asks once and compares: a decision's tier where it is admitted or asked, `never` or the reason where it is refused. */
async function ask(
  session: Session,
  action: string,
  args: object,
  expected: string,
  approval?: string,
): Promise<AuthorizeResponse> {
  const answer = await session.authorize(action, args, approval === undefined ? {} : { approval });
  story.answer(session.agent, action, args, answer, expected);
  return answer;
}

async function main(): Promise<number> {
  story.title("A sales agent under a policy", "examples/01-first-policy, on the real Worker, on this machine");
  const edge = await startDevEdge(HOME);
  try {
    story.chapter("the policy");
    await story.command(edge, ["check"], 0, /no findings/);
    await story.command(edge, ["test"], 0, /0 failed|passed/);
    await story.command(edge, ["show"], 0, /sales_bot/);
    story.learnRules((await edge.command(["compile"])).output);
    story.say(`the edge enforces it at ${edge.url}`);
    await play(edge);
  } finally {
    story.fact("edge stopped with exit code", String(await edge.stop()), "0");
  }
  return story.end();
}

// `npm run demo | head` reads no further; that is no error of anybody's.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(0);
  });
}

process.exitCode = await main();

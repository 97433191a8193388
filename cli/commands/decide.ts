/** `agentpolicy approve` and `deny`: one vote, on exactly what was shown. */
import type { Command } from "commander";
import type { WireApproval, WireApprovalState } from "../../sdk/index.ts";
import { orWhereToLook } from "../client-error.ts";
import { confirm } from "../confirm.ts";
import { personAt, withEdgeOptions } from "../edge-access.ts";
import type { ActingPerson, EdgeOptions } from "../edge-access.ts";
import { Failure, usage } from "../failure.ts";
import { approvalText } from "../show-approval.ts";
import { colours, note, print, printJson, printText } from "../terminal.ts";

interface Options extends EdgeOptions {
  readonly reason?: string;
  readonly digest?: string;
  readonly json?: true;
}

type Choice = "approve" | "deny";

const LIST = "`agentpolicy approvals` lists what waits for you";

export function approve(command: Command): void {
  define(command, "approve")
    .description("Shows one request whole, asks, and approves it.")
    .option("--reason <text>", "why; some approvals require it")
    .addHelpText("after", '\nExample:\n  agentpolicy approve apr_0c7… --reason "checked with the customer"');
}

export function deny(command: Command): void {
  define(command, "deny")
    .description("Shows one request whole, asks, and refuses it. It stays refused for that session.")
    .requiredOption("--reason <text>", "why; the agent is told")
    .addHelpText("after", '\nExample:\n  agentpolicy deny apr_0c7… --reason "wrong customer"');
}

function define(command: Command, choice: Choice): Command {
  return withEdgeOptions(command)
    .argument("<id>", "the approval")
    .option("--digest <digest>", "decide without asking, but only the request with this digest")
    .option("--json", "print as JSON")
    .action((id: string, options: Options) => run(choice, id, options));
}

async function run(choice: Choice, id: string, options: Options): Promise<void> {
  const person = await personAt(options, "approver");
  const approval = await orWhereToLook(person.approval(id), whereToLook(person));
  const digest = options.digest ?? (await askPerson(choice, approval, options));
  if (digest === null) {
    note("nothing was decided");
    process.exitCode = 1;
    return;
  }
  if (digest !== approval.request_digest) {
    throw new Failure(
      1,
      "the digest isn't that of this request; nothing was decided",
      `look at it with \`agentpolicy ${choice} ${approval.id}\`, without \`--digest\`, and compare`,
    );
  }
  await decide(person, choice, approval, options);
}

function whereToLook(person: ActingPerson): string {
  if (!person.chosen) return LIST;
  return `you act${person.as}; \`agentpolicy approvals --as EMAIL\` lists what waits for somebody else`;
}

async function decide(person: ActingPerson, choice: Choice, approval: WireApproval, options: Options): Promise<void> {
  const state = await person.decide(approval.id, {
    decision: choice,
    request_digest: approval.request_digest,
    ...(options.reason === undefined ? {} : { reason: options.reason }),
  });
  if (options.json) return printJson(state);
  const paint = colours("stdout");
  const word = choice === "approve" ? paint.green("approved") : paint.red("denied");
  printText(`${word}${person.as}; ${outcome(choice, state)}`);
}

function outcome(choice: Choice, state: WireApprovalState): string {
  if (choice === "deny") return "the agent is told, and the same request stays denied in this session";
  if (state.status === "used") return "the agent has the role from now on";
  if (state.status === "approved") return `the agent can use this once, until ${state.expires_at}`;
  const missing = state.needs.filter((need) => need.votes < need.quorum);
  if (state.status !== "pending" || missing.length === 0) return `the request is ${state.status}`;
  return `it still needs ${missing.map((need) => `${need.quorum - need.votes} of ${need.approval}`).join(", ")}`;
}

/** What the person saw is what is decided: the digest is that of the request on the screen. */
async function askPerson(choice: Choice, approval: WireApproval, options: Options): Promise<string | null> {
  print(approvalText(approval));
  if (approval.status !== "pending") {
    throw new Failure(1, `this request is ${approval.status}; nothing is left to decide`, LIST);
  }
  const missing =
    choice === "approve" && options.reason === undefined && approval.needs.some((one) => one.reason_required);
  if (!process.stdin.isTTY) {
    throw usage(
      "there is no terminal to ask at",
      `check the request and run this again with \`--digest ${approval.request_digest}\`${missing ? ' and `--reason "…"`' : ""}`,
    );
  }
  if (missing) throw usage("this approval needs a reason", 'say why with `--reason "…"`');
  const yes = await confirm(choice === "approve" ? "Approve this request?" : "Deny this request?");
  return yes ? approval.request_digest : null;
}

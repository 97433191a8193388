/** The objects as they are deployed, with gates at the calls between them. */
import { AgentObject as Agent } from "../../edge/objects/agent-object.ts";
import { BudgetObject as Budget } from "../../edge/objects/budget-object.ts";
import { LedgerObject as Ledger } from "../../edge/objects/ledger-object.ts";
import { SessionObject as Session } from "../../edge/objects/session-object.ts";
import { SwitchboardObject as Switchboard } from "../../edge/objects/switchboard-object.ts";
import type {
  AdmitInput,
  AdmitOutput,
  AgentRpc,
  FlipInput,
  FlipOutput,
  GrantedSet,
  GrantOutput,
  LearnOutput,
  LeaseOutput,
  ReachOutput,
  Refusal,
  Reported,
  ReserveInput,
  ReserveOutput,
  SessionReport,
  SwitchboardRpc,
  SwitchNotice,
  TakeInput,
  TakeOutput,
} from "../../edge/rpc.ts";
import { pass } from "./gates.ts";

export class SessionObject extends Session {
  override async learnSwitches(notice: SwitchNotice): Promise<LearnOutput> {
    await pass("session.learn");
    return super.learnSwitches(notice);
  }
}

export class AgentObject extends Agent {
  override async admit(input: AdmitInput): Promise<AdmitOutput> {
    const output = await super.admit(input);
    await pass("admit.after");
    return output;
  }

  override async reserve(input: ReserveInput): Promise<ReserveOutput> {
    await pass("reserve.before");
    const output = await super.reserve(input);
    await pass("reserve.after");
    return output;
  }

  override async renewLease(input: Parameters<AgentRpc["renewLease"]>[0]): Promise<LeaseOutput> {
    await pass("lease.before");
    const output = await super.renewLease(input);
    await pass("lease.after");
    return output;
  }

  override async report(input: SessionReport): Promise<Reported> {
    await pass("report.before");
    const output = await super.report(input);
    await pass("report.after");
    return output;
  }

  override async learnSwitches(notice: SwitchNotice): Promise<ReachOutput> {
    await pass("agent.learn");
    return super.learnSwitches(notice);
  }
}

export class BudgetObject extends Budget {
  override async reserve(input: ReserveInput): Promise<ReserveOutput> {
    await pass("budget.before");
    const output = await super.reserve(input);
    await pass("budget.after");
    return output;
  }

  override async report(input: SessionReport): Promise<Reported> {
    await pass("budget.report");
    return super.report(input);
  }
}

export class SwitchboardObject extends Switchboard {
  override async flip(input: FlipInput): Promise<FlipOutput | Refusal> {
    await pass("flip.before");
    const output = await super.flip(input);
    await pass("flip.after");
    return output;
  }

  override async grantSet(input: Parameters<SwitchboardRpc["grantSet"]>[0]): Promise<GrantedSet> {
    await pass("set.grant");
    return super.grantSet(input);
  }

  override async grantLease(input: Parameters<SwitchboardRpc["grantLease"]>[0]): Promise<GrantOutput> {
    const output = await super.grantLease(input);
    await pass("grant.after");
    return output;
  }
}

export class LedgerObject extends Ledger {
  override async take(input: TakeInput): Promise<TakeOutput> {
    await pass("ledger.before");
    const output = await super.take(input);
    await pass("ledger.after");
    return output;
  }
}

export default {
  fetch: () => new Response("only objects are tested here", { status: 404 }),
};

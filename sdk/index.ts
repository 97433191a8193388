/** For those who write agents and tools: wire types, client, guard. Start at `client.ts`. */
export type * from "./wire.ts";
export { connect } from "./client.ts";
export type { Client, ConnectOptions, OpenOptions } from "./client.ts";
export type { AuthorizeOptions, Session } from "./session.ts";
export type { BecomeOptions } from "./become.ts";
export type { Guarded, GuardOptions, Permission } from "./guard.ts";
export type { CredentialOptions, GiveCredential } from "./credential.ts";
export { InvalidKey } from "./key.ts";
export type { AgentKey } from "./key.ts";
export { edgeOrigin } from "./transport.ts";
export type { TransportOptions } from "./transport.ts";
export type { ExportDesk, SinkState, WireDeadLetter } from "./export-desk.ts";
export { connectPerson } from "./person.ts";
export type {
  Person,
  PersonOptions,
  PolicyRule,
  SessionSummary,
  SetChange,
  SetEdit,
  SetSummary,
  UsualSummary,
  WireSet,
} from "./person.ts";
export { verifyRecords } from "./verify-records.ts";
export { ledgerShardOf } from "./verify-ledger.ts";
export type { Auditor, InclusionProof, LedgerState } from "./auditor.ts";
export type { CheckpointReport, LedgerProblem, LedgerReport, LedgerTrust } from "./verify-ledger.ts";
export type { Unanchored } from "./unanchored.ts";
export { isSignedBy, parseCheckpoint } from "./checkpoint.ts";
export type { Checkpoint } from "./checkpoint.ts";
export { isConsistent, leafHash, rootOfInclusion } from "./merkle-proof.ts";
export type { TreeState } from "./merkle-proof.ts";
export type { RecordProblem, RecordsReport, SessionReport, Unchecked } from "./verify-records.ts";
export * from "./errors.ts";
export { toolDigest } from "./tool-digest.ts";
export type { ListedTool } from "./tool-digest.ts";
export { connectGateway } from "./gateway.ts";
export type { Evaluation, EvaluationRequest, GatewayClient, GatewayOptions } from "./gateway.ts";

/** Tree to canonical text: a table of declaration → rows, laid out. The basis of `agentpolicy fmt`. */
import type { Declaration, File, Span } from "../ast.ts";
import { actionRows, defineRows, serverRows } from "./action.ts";
import { agentRows, breakerRows, canaryRows, everyAgentRows, gatewayRows, proveRows, roleRows } from "./agent.ts";
import { layOut } from "./layout.ts";
import { type Context, docRows, type Row } from "./row.ts";
import { testRows } from "./test.ts";
import {
  approvalRows,
  channelRows,
  classRows,
  groupRows,
  labelRows,
  liveSetRows,
  policyRows,
  scheduleRows,
  setRows,
} from "./vocabulary.ts";

type Printers = {
  readonly [K in Declaration["kind"]]: (node: Extract<Declaration, { kind: K }>, context: Context) => Row[];
};

const printers: Printers = {
  Policy: policyRows,
  Label: labelRows,
  Set: setRows,
  LiveSet: liveSetRows,
  Schedule: scheduleRows,
  Group: groupRows,
  Channel: channelRows,
  Approval: approvalRows,
  Class: classRows,
  Action: actionRows,
  Server: serverRows,
  Define: defineRows,
  Role: roleRows,
  EveryAgent: everyAgentRows,
  Agent: agentRows,
  Gateway: gatewayRows,
  Canary: canaryRows,
  Breaker: breakerRows,
  Prove: proveRows,
  Test: testRows,
};

/**
 * The file in canonical form: comments kept, one rule to a line, reading it back gives the same tree. Give it only a
 * tree that was read without errors: what a mistake kept out of the tree isn't in the text either.
 */
export function print(file: File): string {
  const starts = file.comments.map(({ span }) => span.start);
  const hasComment = ({ start, end }: Span): boolean => starts.some((at) => at >= start && at < end);
  const pieces = file.declarations.map((declaration) => {
    // oxlint-disable-next-line no-unsafe-type-assertion -- the table has the printer of this kind's own type
    const rows = printers[declaration.kind] as (node: Declaration, context: Context) => Row[];
    return [...docRows(declaration.doc, declaration.span), ...rows(declaration, { hasComment })];
  });
  return layOut(pieces, file.comments, file.blanks);
}

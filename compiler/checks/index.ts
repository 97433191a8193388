/** The checks. */
import { brokenProof } from "./broken-proof.ts";
import { checkAllowEverything } from "./allow-everything.ts";
import { checkBroadAllow } from "./broad-allow.ts";
import type { Check } from "./check.ts";
import { checkClosedLimit } from "./closed-limit.ts";
import { checkCrossingRoles } from "./crossing-roles.ts";
export { type CellMemory, createCellMemory } from "./dead-rule/cell-memory.ts";
import { checkDeadRule } from "./dead-rule/dead-rule.ts";
import { checkDueReview } from "./due-review.ts";
import { checkEmptyList } from "./empty-list.ts";
import { checkForeignHole } from "./foreign-hole.ts";
import { checkFreeText } from "./free-text.ts";
import { checkIdleAgent } from "./idle-agent.ts";
import { checkIdleLimit } from "./idle-limit.ts";
import { checkLeavingAddress } from "./leaving-address.ts";
import { checkMissingPeople } from "./missing-people.ts";
import { checkMixedUnits } from "./mixed-units.ts";
import { checkNarrowLimit } from "./narrow-limit.ts";
import { checkNoAgent } from "./no-agent.ts";
import { checkOpenExit } from "./open-exit.ts";
import { checkOpenedByTaint } from "./opened-by-taint.ts";
import { checkSameRule } from "./same-rule.ts";
import { checkSecretInPolicy } from "./secret-in-policy.ts";
import { checkSilentCanary } from "./silent-canary.ts";
import { checkSharedApprovers } from "./shared-approvers.ts";
import { checkUnknownOwner } from "./unknown-owner.ts";
import { checkUnreachableQuorum } from "./unreachable-quorum.ts";
import { checkUnvouchedTask } from "./unvouched-task.ts";
import { checkUnused } from "./unused.ts";

/** Checks that look at one rule, action or agent: they hold whatever else is wrong in the policy. */
export const LOCAL_CHECKS: readonly Check[] = [
  checkAllowEverything,
  checkFreeText,
  checkEmptyList,
  checkMixedUnits,
  checkLeavingAddress,
  checkDueReview,
  checkClosedLimit,
  checkForeignHole,
  checkSecretInPolicy,
  checkUnvouchedTask,
];

/** Checks that look at the whole policy. Where part of it couldn't be resolved they would speak of what is missing. */
export const WHOLE_CHECKS: readonly Check[] = [
  checkBroadAllow,
  checkNarrowLimit,
  checkUnused,
  checkIdleAgent,
  checkUnreachableQuorum,
  checkSharedApprovers,
  checkOpenExit,
  checkOpenedByTaint,
  checkSameRule,
  checkNoAgent,
  checkDeadRule,
  checkCrossingRoles,
  checkIdleLimit,
  checkUnknownOwner,
  checkMissingPeople,
  checkSilentCanary,
  brokenProof,
];

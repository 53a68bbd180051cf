import type { ApprovalFact } from "../facts.ts";
import type { Claim } from "../workday.ts";
import type { OvertimePolicy } from "./rules.ts";

/**
 * How what a policy claimed on a day stands. The latest word holds, and only for exactly the seconds it was given for: when
 * the day has changed since, an approval and a rejection lapse alike.
 */
export function approvalOf(
  { name, needsApproval }: OvertimePolicy,
  seconds: number,
  approvals: readonly ApprovalFact[],
): Claim["approval"] {
  if (!needsApproval) return "not-needed";
  let latest: ApprovalFact | null = null;
  for (const approval of approvals) {
    if (approval.policy !== name) continue;
    if (latest === null || isLater(approval, latest)) latest = approval;
  }
  if (latest === null) return "pending";
  return latest.seconds === seconds ? latest.decision : "lapsed";
}

/** At one instant, the id decides, so that the order of arrival does not. */
function isLater(a: ApprovalFact, b: ApprovalFact): boolean {
  return a.decidedAt === b.decidedAt ? a.approvalId > b.approvalId : a.decidedAt > b.decidedAt;
}

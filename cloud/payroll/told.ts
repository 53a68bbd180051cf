import { type ToldAggregate, tellsState } from "../eventing/told-aggregate.ts";
import { accountDecider } from "./account-decider.ts";
import { adjustmentDecider, estimateDecider } from "./adjustment-decider.ts";
import { resultDecider } from "./result-decider.ts";
import { runDecider } from "./run-decider.ts";

/** What the audit log tells of PAYROLL. */
export const PAYROLL_TOLD: readonly ToldAggregate[] = [
  tellsState({
    kind: "pay-account",
    decider: accountDecider,
    types: ["payroll.account.created", "payroll.account.changed"],
    // What held before stays on record with its own entries; two versions next to each other say what changed.
    show: ({ versions }) => versions.at(-1) ?? null,
  }),
  tellsState({
    kind: "pay-run",
    decider: runDecider,
    types: [
      "payroll.run.opened",
      "payroll.run.calculation-requested",
      "payroll.run.submitted",
      "payroll.run.approved",
      "payroll.run.rejected",
      "payroll.period.locked",
    ],
  }),
  tellsState({
    kind: "pay-result",
    decider: resultDecider,
    types: [
      "payroll.salary.calculated",
      "payroll.tax.deducted",
      "payroll.payslip.generated",
      "payroll.payment.processed",
    ],
  }),
  tellsState({
    kind: "pay-adjustment",
    decider: adjustmentDecider,
    types: ["payroll.adjustment.recorded"],
    show: ({ last }) => last,
  }),
  tellsState({
    kind: "pay-estimate",
    decider: estimateDecider,
    types: ["payroll.pay.estimated"],
    show: ({ last }) => last,
  }),
];

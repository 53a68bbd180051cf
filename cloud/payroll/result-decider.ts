import type { Decided, EventOf } from "@clockleaf/shared/events/envelope.ts";
import type {
  paymentProcessed,
  payslipGenerated,
  salaryCalculated,
  taxDeducted,
} from "@clockleaf/shared/events/payroll.ts";
import type { Decider } from "../eventing/decider.ts";
import { isSame } from "./same.ts";

export type ResultEvent =
  | EventOf<typeof salaryCalculated>
  | EventOf<typeof taxDeducted>
  | EventOf<typeof payslipGenerated>
  | EventOf<typeof paymentProcessed>;

type Salary = EventOf<typeof salaryCalculated>["data"];
type Tax = EventOf<typeof taxDeducted>["data"];
type Payslip = EventOf<typeof payslipGenerated>["data"];
type Payment = EventOf<typeof paymentProcessed>["data"];

/** What one run comes to for one person. */
export interface Result {
  readonly salary: Salary | null;
  readonly tax: Tax | null;
  readonly payslip: Payslip | null;
  readonly payment: Payment | null;
}

export type ResultCommand =
  | {
      readonly type: "record";
      readonly salary: Omit<Salary, "revision">;
      readonly tax: Tax | null;
    }
  | { readonly type: "payslip"; readonly payslip: Payslip }
  | { readonly type: "pay"; readonly payment: Payment };

/** The same result, payslip or payment again changes nothing, so each may be told as often as it takes. */
export const resultDecider: Decider<Result, ResultCommand, ResultEvent> = {
  initial: { salary: null, tax: null, payslip: null, payment: null },
  decide(result, command) {
    switch (command.type) {
      case "record":
        return record(result, command);
      case "payslip":
        return isSame(result.payslip, command.payslip)
          ? []
          : [{ type: "payroll.payslip.generated", data: command.payslip }];
      case "pay":
        return result.payment === null
          ? [{ type: "payroll.payment.processed", data: command.payment }]
          : [];
    }
  },
  evolve(result, event) {
    switch (event.type) {
      case "payroll.salary.calculated":
        return { ...result, salary: event.data };
      case "payroll.tax.deducted":
        return { ...result, tax: event.data };
      case "payroll.payslip.generated":
        return { ...result, payslip: event.data };
      case "payroll.payment.processed":
        return { ...result, payment: event.data };
    }
  },
};

function record(
  { salary: before, tax: taxBefore }: Result,
  { salary, tax }: Extract<ResultCommand, { type: "record" }>,
): ReadonlyArray<Decided<ResultEvent>> {
  const revision = before?.revision ?? 0;
  // With the revision it has, it is what is there already; else it is the next.
  if (before !== null && isSame(before, { ...salary, revision }) && isSame(taxBefore, tax)) {
    return [];
  }
  return [
    { type: "payroll.salary.calculated", data: { ...salary, revision: revision + 1 } },
    ...(tax === null ? [] : [{ type: "payroll.tax.deducted", data: tax } as const]),
  ];
}

import type { ServiceImpl } from "@connectrpc/connect";
import { z } from "zod";
import type { ApiCaller } from "./api-caller.ts";
import type { PayrollService } from "./gen/clockleaf/v1/payroll_pb.js";

const salarySchema = z.object({
  employeeId: z.string(),
  periodId: z.string(),
  fromOn: z.string(),
  toOn: z.string(),
  currency: z.string(),
  gross: z.string(),
  taxable: z.string(),
  tax: z.string(),
  net: z.string(),
  employerCost: z.string(),
  lines: z.array(
    z.object({
      code: z.string(),
      label: z.string(),
      kind: z.string(),
      seconds: z.int().nullable(),
      rate: z.string().nullable(),
      amount: z.string(),
    }),
  ),
  blockers: z.array(
    z.object({ kind: z.string(), workdayOn: z.string().nullable(), detail: z.string() }),
  ),
});

export function payrollService(api: ApiCaller): ServiceImpl<typeof PayrollService> {
  return {
    async calculateSalary({ employeeId, period, payGroup }, context) {
      const path = `/payroll/people/${encodeURIComponent(employeeId)}/salary`;
      const request = { method: "GET", path, query: { period, payGroup } } as const;
      const salary = await api.json(context, request, salarySchema);
      const { currency, lines, blockers, gross, taxable, tax, net, employerCost, ...which } =
        salary;
      const money = (amount: string) => ({ currency, amount });
      return {
        ...which,
        gross: money(gross),
        taxable: money(taxable),
        tax: money(tax),
        net: money(net),
        employerCost: money(employerCost),
        lines: lines.map((line) => lineOf(line, money)),
        blockers: blockers.map(({ kind, workdayOn, detail }) => ({
          kind,
          workdayOn: workdayOn ?? "",
          detail,
        })),
      };
    },
  };
}

function lineOf(
  { code, label, kind, amount, seconds, rate }: z.output<typeof salarySchema>["lines"][number],
  money: (amount: string) => { currency: string; amount: string },
) {
  const line = { code, label, kind, amount: money(amount), rate: rate ?? "" };
  return seconds === null ? line : { ...line, seconds: BigInt(seconds) };
}

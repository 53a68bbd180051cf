import type { PayAccount } from "@clockleaf/shared/events/payroll.ts";
import type { Period } from "../../cloud/payroll/calculation/calendar.ts";
import type { DayFacts } from "../../cloud/payroll/calculation/day-facts.ts";
import type { AccountVersion, PayFacts, Person } from "../../cloud/payroll/calculation/facts.ts";
import { type PayrollConfig, payrollConfigSchema } from "../../cloud/payroll/config.ts";

export const PAYROLL_TEST_CONFIG: PayrollConfig = payrollConfigSchema.parse({
  employer: "Example GmbH",
  defaultGroup: "monthly",
  groups: {
    monthly: {
      currency: "EUR",
      calendar: { kind: "monthly" },
      hoursAMonth: "160",
      taxTable: "plain",
      files: ["sepa", "csv"],
      bank: { name: "Example GmbH", iban: "DE89370400440532013000", bic: "COBADEFFXXX" },
    },
    weekly: {
      currency: "USD",
      calendar: { kind: "weekly", anchorOn: "2026-11-02" },
      payday: { kind: "days-after", days: 5 },
      files: ["nacha"],
      bank: {
        name: "Example Inc",
        routing: "021000021",
        bankName: "Example Bank",
        companyId: "1123456789",
      },
    },
  },
  codes: { MEAL: { label: "Meal penalty", amountMinor: 500 } },
  components: [
    {
      name: "transport",
      code: "TRANSPORT",
      label: "Transport allowance",
      kind: "allowance",
      howMuch: { kind: "fixed", amountMinor: 5000 },
      taxable: false,
      onlyIfNamed: true,
    },
    {
      name: "pension",
      code: "PENSION",
      label: "Pension",
      kind: "deduction",
      howMuch: { kind: "percent", percent: "5", of: "gross" },
      taxable: false,
      onlyIfNamed: true,
    },
    {
      name: "social",
      code: "SOCIAL",
      label: "Social security, employer",
      kind: "employer-cost",
      howMuch: { kind: "percent", percent: "20.5", of: "gross" },
      groups: ["monthly"],
    },
  ],
  taxTables: [
    {
      name: "plain",
      allowanceMinor: 1_200_000,
      brackets: [
        { upToMinor: 1_200_000, percent: "10" },
        { upToMinor: null, percent: "20" },
      ],
    },
  ],
});

export const NOVEMBER: Period = {
  periodId: "monthly-2026-11",
  payGroup: "monthly",
  fromOn: "2026-11-01",
  toOn: "2026-11-30",
  payOn: "2026-11-30",
};

export const MARA: Person = {
  employeeId: "mara",
  startOn: "2020-01-01",
  lastDayOn: null,
  departmentId: "assembly",
  employmentType: "full-time",
};

export function payAccount(more: Partial<PayAccount> = {}, version = 1): AccountVersion {
  const account: PayAccount = {
    employeeId: "mara",
    payGroup: "monthly",
    currency: "EUR",
    basis: "salaried",
    rateMinor: 320_000,
    taxTable: null,
    taxId: null,
    bank: {
      holder: "Mara Muster",
      iban: "DE02120300000000202051",
      bic: null,
      routing: null,
      account: null,
    },
    components: [],
    fromOn: "2020-01-01",
    ...more,
  };
  return { account, version };
}

export function payDay(workdayOn: string, more: Partial<DayFacts> = {}): DayFacts {
  return {
    workdayOn,
    revision: 1,
    state: "complete",
    entries: [{ kind: "regular", code: "REG", seconds: 28_800, factor: "1" }],
    pendingSeconds: 0,
    isDecided: false,
    problems: [],
    ...more,
  };
}

export function payFacts(more: Partial<PayFacts> = {}): PayFacts {
  return { accounts: [payAccount()], days: [], payouts: [], adjustments: [], ...more };
}

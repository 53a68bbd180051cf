import { type ApiKey, createApiKey } from "../../cloud/api/auth.ts";

/** Who does the office work of a made-up company, each with an API key of their own. */
export const OFFICERS = {
  /** Enters people, decides where nobody else may. */
  hr: { scopes: ["admin"], roles: ["hr"] },
  /** Everybody's manager. */
  manager: { scopes: ["write"], roles: [], employeeId: "p001" },
  clerk: { scopes: ["write"], roles: ["payroll"] },
  /** The second person who must approve a pay run. */
  lead: { scopes: ["write"], roles: ["payroll"] },
} as const satisfies Record<
  string,
  Pick<ApiKey, "scopes" | "roles"> & { readonly employeeId?: string }
>;
export type Officer = keyof typeof OFFICERS;
export const MANAGER = OFFICERS.manager.employeeId;

export function createOfficeKeys(): {
  readonly keys: Readonly<Record<Officer, string>>;
  readonly entries: readonly ApiKey[];
} {
  const keyOf = (name: Officer): { key: string; entry: ApiKey } => {
    const { scopes, roles, ...rest } = OFFICERS[name];
    const { key, entry } = createApiKey(name, [...scopes]);
    return { key, entry: { ...entry, ...rest, roles: [...roles] } };
  };
  const made = {
    hr: keyOf("hr"),
    manager: keyOf("manager"),
    clerk: keyOf("clerk"),
    lead: keyOf("lead"),
  };
  return {
    keys: {
      hr: made.hr.key,
      manager: made.manager.key,
      clerk: made.clerk.key,
      lead: made.lead.key,
    },
    entries: Object.values(made).map(({ entry }) => entry),
  };
}

export const PAY_GROUP = "plant";
/** Public example numbers, used in documentation all over the world. */
const COMPANY_IBAN = "DE89370400440532013000";
const PEOPLES_IBAN = "DE75512108001245126199";

export interface OfficeOptions {
  readonly zone: string;
  /** A Monday: pay weeks begin on it and every seventh day before and after. */
  readonly anchorOn: string;
  readonly smtpPort: number;
}

/** The sections of the cloud's configuration that make a small company of it: leave, pay, mail, completeness. */
export function officeConfig({ zone, anchorOn, smtpPort }: OfficeOptions): object {
  return {
    employee: { zone, checkEverySeconds: 1 },
    attendance: {
      watermark: { everyMinutes: 0, lookEverySeconds: 0.5, readerSettleSeconds: 0 },
    },
    leave: {
      policies: {
        annual: {
          code: "VAC",
          accrual: { kind: "yearly", minutesAYear: 12_000 },
          noticeDays: -60,
        },
      },
      assignments: [{ policies: ["annual"] }],
      otherSites: { zone, workdays: ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] },
      tickSeconds: 1,
    },
    payroll: {
      employer: "Plant 1 GmbH",
      employerAddress: "Musterstraße 1\n12345 Musterstadt",
      defaultGroup: PAY_GROUP,
      groups: {
        [PAY_GROUP]: {
          currency: "EUR",
          calendar: { kind: "weekly", anchorOn },
          payday: { kind: "days-after", days: 3 },
          zone,
          taxTable: "flat",
          files: ["sepa"],
          bank: { name: "Plant 1 GmbH", iban: COMPANY_IBAN },
        },
      },
      taxTables: [
        { name: "flat", basis: "period", brackets: [{ upToMinor: null, percent: "20" }] },
      ],
    },
    notification: {
      // The mail server is next door, and what a killed worker was sending is called uncertain after twice this.
      sendTimeout: "5s",
      smtp: {
        host: "127.0.0.1",
        port: smtpPort,
        requireTls: false,
        from: "Clockleaf <clockleaf@plant-1.example>",
      },
      contacts: [
        { name: "payroll", email: "payroll@plant-1.example", roles: ["payroll"] },
        { name: "hr", email: "hr@plant-1.example", roles: ["hr"] },
      ],
    },
  };
}

/** What a person's pay account says besides their id: so much an hour, to this account. */
export const payAccountOf = (holder: string, fromOn: string): object => ({
  payGroup: PAY_GROUP,
  currency: "EUR",
  basis: "hourly",
  rateMinor: 2_150,
  taxTable: "flat",
  taxId: null,
  bank: { holder, iban: PEOPLES_IBAN, bic: null, routing: null, account: null },
  components: [],
  fromOn,
});

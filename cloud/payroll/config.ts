import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import { z } from "zod";
import { DECIMAL_PATTERN, ROUNDING_MODES } from "./calculation/exact.ts";
import { isCurrency } from "./calculation/money.ts";
import { isBic, isIban, isRoutingNumber } from "./files/bank-numbers.ts";

const on = z.iso.date();
const minor = z.int().min(0).describe("Minor units of the currency, such as cents");
const decimal = z
  .string()
  .regex(DECIMAL_PATTERN, 'a decimal in quotes, such as "0.0725"')
  .describe("Decimal in quotes, so that no digit of it changes");
const name = z.string().min(1).max(64);
const code = z.string().min(1).max(32);
const label = z.string().min(1).max(120);
/** From and until when a rule holds, by the day of payment. */
const dated = {
  from: on.optional().describe("First payday it holds for; default always"),
  until: on.optional().describe("Last payday it holds for; default for ever"),
};

const calendarSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("monthly") }),
  z.strictObject({ kind: z.literal("semi-monthly").describe("1 to 15, and 16 to the end") }),
  z.strictObject({
    kind: z.literal("bi-weekly"),
    anchorOn: on.describe("First day of any one period"),
  }),
  z.strictObject({
    kind: z.literal("weekly"),
    anchorOn: on.describe("First day of any one period"),
  }),
]);

const paydaySchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("days-after"),
    days: z.int().min(0).max(60).describe("Days after the last day of the period"),
  }),
  z.strictObject({
    kind: z.literal("day-of-month"),
    day: z.int().min(1).max(31).describe("Of the month in which the period ends; 31 = its last"),
    monthsLater: z.int().min(0).max(2).default(0).describe("0 = that month, 1 = the next"),
  }),
]);

const employerBankSchema = z.strictObject({
  name: z.string().min(1).max(70).describe("The company as its bank knows it"),
  iban: z.string().refine(isIban, "not an IBAN").optional().describe("Debtor account, for sepa"),
  bic: z.string().refine(isBic, "not a BIC").optional().describe("Debtor bank, for sepa"),
  creditorId: z.string().max(35).optional().describe("Organisation id in the SEPA file"),
  routing: z
    .string()
    .refine(isRoutingNumber, "not an ABA routing number")
    .optional()
    .describe("Receiving bank of the NACHA file (immediate destination and originating bank)"),
  bankName: z.string().max(23).optional().describe("Its name in the NACHA file header"),
  companyId: z
    .string()
    .regex(/^[A-Za-z0-9]{10}$/, "10 characters, often 1 and the EIN")
    .optional()
    .describe("Company identification of the NACHA file"),
});

export const FILE_KINDS = ["sepa", "nacha", "csv"] as const;

const groupSchema = z
  .strictObject({
    currency: z.string().refine(isCurrency, "a currency of ISO 4217, such as EUR"),
    calendar: calendarSchema,
    payday: paydaySchema.prefault({ kind: "days-after", days: 0 }),
    zone: z.string().max(64).default("UTC").describe("IANA zone in which its days begin"),
    taxTable: name.nullable().default(null).describe("For accounts that name none; null = no tax"),
    hoursAMonth: decimal
      .default("173.33")
      .describe("What a monthly salary is divided by for an hour: overtime, unpaid absence"),
    proRata: z
      .enum(["calendar-days", "work-days"])
      .default("calendar-days")
      .describe("How a salary is split where somebody joins, leaves or is paid anew in the period"),
    salariedOvertime: z
      .enum(["full", "extra", "none"])
      .default("full")
      .describe(
        "What overtime adds to a salary: hours times rate; what the rate is above 1; nothing",
      ),
    deductUndertime: z
      .boolean()
      .default(false)
      .describe("Whether unpaid time missing to the hours due reduces a salary"),
    files: z
      .array(z.enum(FILE_KINDS))
      .max(3)
      .default(["csv"])
      .describe("Payment files; money goes into the first that can pay an account"),
    bank: employerBankSchema.optional().describe("Where the money comes from"),
  })
  .superRefine((group, context) => {
    const { files, bank, currency } = group;
    const issue = (message: string): void => {
      context.addIssue({ code: "custom", path: ["bank"], message });
    };
    if (files.includes("sepa") && bank?.iban === undefined) issue("sepa needs bank.iban");
    if (files.includes("sepa") && currency !== "EUR") issue("sepa pays EUR only");
    if (files.includes("nacha") && currency !== "USD") issue("nacha pays USD only");
    if (files.includes("nacha") && (bank?.routing === undefined || bank.companyId === undefined)) {
      issue("nacha needs bank.routing and bank.companyId");
    }
  });
export type PayGroup = z.output<typeof groupSchema>;

const audienceSchema = z
  .strictObject({
    employmentTypes: z.array(z.string().max(32)).max(16).default([]),
    departments: z.array(tokenSchema).max(200).default([]),
    people: z.array(tokenSchema).max(1000).default([]),
  })
  .prefault({})
  .describe("For whom, where each list that is not empty must fit");

const howMuchSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("fixed"), amountMinor: minor.describe("A period") }),
  z.strictObject({
    kind: z.literal("percent"),
    percent: decimal,
    of: z.enum(["base", "gross", "taxable"]).describe("base = pay for time, without components"),
  }),
  z.strictObject({
    kind: z.literal("per-hour"),
    amountMinor: minor.describe("For each hour paid for work"),
  }),
]);

const componentSchema = z
  .strictObject({
    name: name.describe("Accounts name it to have it, or to change its amount"),
    code,
    label,
    kind: z.enum(["earning", "allowance", "deduction", "employer-cost"]),
    howMuch: howMuchSchema,
    taxable: z
      .boolean()
      .default(true)
      .describe("Earnings, allowances: whether they are taxed; deductions: false = before tax"),
    onlyIfNamed: z.boolean().default(false).describe("Only for accounts that name it"),
    for: audienceSchema,
    groups: z.array(tokenSchema).max(64).default([]).describe("Pay groups; none = all"),
    ...dated,
  })
  .superRefine(({ kind, howMuch, taxable }, context) => {
    if (howMuch.kind !== "percent" || howMuch.of === "base") return;
    if (kind === "earning" || kind === "allowance") {
      const message = `an ${kind} cannot be a share of ${howMuch.of}, which it is part of`;
      context.addIssue({ code: "custom", path: ["howMuch", "of"], message });
    }
    if (kind === "deduction" && !taxable && howMuch.of === "taxable") {
      const message = "a deduction before tax cannot be a share of what is taxed after it";
      context.addIssue({ code: "custom", path: ["howMuch", "of"], message });
    }
  });
export type Component = z.output<typeof componentSchema>;

const payCodeSchema = z.strictObject({
  label: label.optional(),
  factor: decimal.optional().describe("Takes the place of the rate or factor of the rules"),
  amountMinor: minor.optional().describe("For each occurrence of a premium without a factor"),
  taxable: z.boolean().default(true),
});

const taxTableSchema = z
  .strictObject({
    name,
    ...dated,
    basis: z
      .enum(["annualised", "period"])
      .default("annualised")
      .describe("Brackets of a year, applied to pay times periods a year; or of one period"),
    allowanceMinor: minor.default(0).describe("Untaxed, of the same basis"),
    brackets: z
      .array(
        z.strictObject({
          upToMinor: minor.nullable().describe("Null = without end, on the last one only"),
          percent: decimal,
        }),
      )
      .min(1)
      .max(50)
      .describe("Marginal: each taxes what lies between the one before and itself"),
    rounding: z.enum(ROUNDING_MODES).default("half-up"),
    roundToMinor: z.int().min(1).max(100_000).default(1).describe("100 = whole major units"),
  })
  .superRefine(({ brackets }, context) => {
    const ends = brackets.map(({ upToMinor }) => upToMinor ?? Number.POSITIVE_INFINITY);
    if (ends.some((end, index) => index > 0 && end <= (ends[index - 1] ?? 0))) {
      context.addIssue({ code: "custom", path: ["brackets"], message: "brackets must rise" });
    }
    if (brackets.at(-1)?.upToMinor !== null) {
      const message = "the last bracket must have upToMinor: null";
      context.addIssue({ code: "custom", path: ["brackets"], message });
    }
  });
export type TaxTable = z.output<typeof taxTableSchema>;

export const payrollConfigSchema = z
  .strictObject({
    employer: z.string().max(140).default("").describe("Who pays, on payslips"),
    employerAddress: z.string().max(300).default("").describe("On payslips, lines split by \\n"),
    defaultGroup: tokenSchema
      .nullable()
      .default(null)
      .describe("Pay group of new people; null = accounts are entered by hand"),
    groups: z
      .record(tokenSchema.max(24), groupSchema)
      .default({})
      .describe("Who is paid when and how, by name (24 characters at most)"),
    rounding: z
      .enum(ROUNDING_MODES)
      .default("half-up")
      .describe("How a line becomes whole minor units, once, after exact calculation"),
    codes: z
      .record(code, payCodeSchema)
      .default({})
      .describe("Pay codes of the working-time rules that are paid otherwise than these say"),
    components: z.array(componentSchema).max(200).default([]),
    taxTables: z.array(taxTableSchema).max(200).default([]),
    leavePayout: z
      .strictObject({ code: code.default("LEAVE-PAYOUT"), label: label.default("Leave paid out") })
      .prefault({}),
    blockingExceptions: z
      .array(z.enum(["info", "warning", "error", "blocking"]))
      .default(["error", "blocking"])
      .describe("Severities of workday exceptions that hold up a run until somebody reviewed them"),
    exports: z
      .strictObject({
        company: z
          .string()
          .max(16)
          .default("")
          .describe("Company or client code that some layouts begin each row with"),
        codes: z
          .record(code, z.string().min(1).max(32))
          .default({})
          .describe("Pay codes by the names the other payroll system has for them"),
      })
      .prefault({}),
    answers: z
      .array(z.enum(["nats", "rabbitmq"]))
      .max(2)
      .default([])
      .describe(
        "Where anybody with the right to ask is told what somebody earns in a period; rabbitmq needs bridges.rabbitmq",
      ),
    payslip: z
      .strictObject({
        fonts: z
          .array(z.string().min(1))
          .max(16)
          .default([])
          .describe("Font files for scripts that DejaVu Sans lacks; absolute paths"),
      })
      .prefault({}),
  })
  .superRefine(({ groups, defaultGroup, taxTables }, context) => {
    const tables = new Set(taxTables.map((table) => table.name));
    for (const [id, { taxTable }] of Object.entries(groups)) {
      if (taxTable === null || tables.has(taxTable)) continue;
      const message = `there is no tax table "${taxTable}"`;
      context.addIssue({ code: "custom", path: ["groups", id, "taxTable"], message });
    }
    if (defaultGroup !== null && groups[defaultGroup] === undefined) {
      const message = `there is no pay group "${defaultGroup}"`;
      context.addIssue({ code: "custom", path: ["defaultGroup"], message });
    }
  });
export type PayrollConfig = z.output<typeof payrollConfigSchema>;

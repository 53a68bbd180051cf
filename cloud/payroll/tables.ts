import type { CreateTableBuilder, Kysely } from "kysely";
import type { RunStatus } from "./run-decider.ts";

/** Sequences (`version`, `…_seq`) are those of the stream; `json` columns hold what the event said. */
export interface PayrollDb {
  pay_accounts: { employee_id: string; version: number; from_on: string; pay_group: string };
  pay_runs: {
    run_id: string;
    period_id: string;
    pay_group: string;
    from_on: string;
    to_on: string;
    pay_on: string;
    currency: string;
    /** Null = the whole pay group. */
    people_json: string | null;
    status: RunStatus;
    opened_by: string;
    opened_seq: number;
    calculation: number;
    calculated_by: string | null;
    submitted_json: string | null;
    decided_by: string | null;
    rejection: string | null;
    /** The place in PAYROLL that approvers decide about. */
    submitted_seq: number | null;
    version: number;
  };
  pay_results: {
    run_id: string;
    employee_id: string;
    revision: number;
    gross_minor: number;
    net_minor: number;
    employer_cost_minor: number;
    tax_minor: number;
    taxable_minor: number;
    /** 1 = the person is not in the run after all: no lines, no days. */
    is_empty: number;
    json: string;
    version: number;
    /** Null until the payslip of this revision is stored. */
    payslip_id: string | null;
    payslip_sha256: string | null;
    payment_id: string | null;
    reference: string | null;
  };
  /** Adjustments and leave payouts that a result pays. */
  pay_items: {
    run_id: string;
    employee_id: string;
    item_id: string;
    /** Of the adjustment as it was paid; 0 = it has none. */
    revision: number;
  };
  /** Every version: a run pays one of them, and later ones are measured against it. */
  pay_adjustments: {
    adjustment_id: string;
    employee_id: string;
    workday_on: string;
    period_id: string;
    revision: number;
    amount_minor: number;
    json: string;
    version: number;
  };
  pay_estimates: { employee_id: string; period_id: string; json: string };
  pay_locks: {
    employee_id: string;
    run_id: string;
    period_id: string;
    from_on: string;
    to_on: string;
    locked_seq: number;
  };
}

type ColumnType = "text" | "bigint" | "integer";
interface TableShape {
  readonly key: readonly [string, ...string[]];
  /** A question mark: may be null. */
  readonly columns: Readonly<Record<string, ColumnType | `${ColumnType}?`>>;
}

const TABLES: Readonly<Record<keyof PayrollDb, TableShape>> = {
  pay_accounts: {
    key: ["employee_id", "version"],
    columns: { employee_id: "text", version: "bigint", from_on: "text", pay_group: "text" },
  },
  pay_runs: {
    key: ["run_id"],
    columns: {
      run_id: "text",
      period_id: "text",
      pay_group: "text",
      from_on: "text",
      to_on: "text",
      pay_on: "text",
      currency: "text",
      people_json: "text?",
      status: "text",
      opened_by: "text",
      opened_seq: "bigint",
      calculation: "integer",
      calculated_by: "text?",
      submitted_json: "text?",
      decided_by: "text?",
      rejection: "text?",
      submitted_seq: "bigint?",
      version: "bigint",
    },
  },
  pay_results: {
    key: ["run_id", "employee_id"],
    columns: {
      run_id: "text",
      employee_id: "text",
      revision: "integer",
      gross_minor: "bigint",
      net_minor: "bigint",
      employer_cost_minor: "bigint",
      tax_minor: "bigint",
      taxable_minor: "bigint",
      is_empty: "integer",
      json: "text",
      version: "bigint",
      payslip_id: "text?",
      payslip_sha256: "text?",
      payment_id: "text?",
      reference: "text?",
    },
  },
  pay_items: {
    key: ["item_id", "run_id", "employee_id"],
    columns: { run_id: "text", employee_id: "text", item_id: "text", revision: "integer" },
  },
  pay_adjustments: {
    key: ["adjustment_id", "version"],
    columns: {
      adjustment_id: "text",
      employee_id: "text",
      workday_on: "text",
      period_id: "text",
      revision: "integer",
      amount_minor: "bigint",
      json: "text",
      version: "bigint",
    },
  },
  pay_estimates: {
    key: ["employee_id", "period_id"],
    columns: { employee_id: "text", period_id: "text", json: "text" },
  },
  pay_locks: {
    key: ["employee_id", "run_id"],
    columns: {
      employee_id: "text",
      run_id: "text",
      period_id: "text",
      from_on: "text",
      to_on: "text",
      locked_seq: "bigint",
    },
  },
};

export async function migratePayroll(db: Kysely<PayrollDb>): Promise<void> {
  for (const [name, { key, columns }] of Object.entries(TABLES)) {
    let table: CreateTableBuilder<string, string> = db.schema.createTable(name);
    for (const [column, type] of Object.entries(columns)) {
      const isNullable = type.endsWith("?");
      table = table.addColumn(column, columnType(type), (each) =>
        isNullable ? each : each.notNull(),
      );
    }
    await table.addPrimaryKeyConstraint(`${name}_key`, [...key]).execute();
  }
  await db.schema
    .createIndex("pay_adjustments_by_person")
    .on("pay_adjustments")
    .columns(["employee_id", "workday_on"])
    .execute();
}

function columnType(type: string): ColumnType {
  if (type.startsWith("text")) return "text";
  return type.startsWith("bigint") ? "bigint" : "integer";
}

import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Kysely } from "kysely";
import { decidedAs } from "../eventing/decided-as.ts";
import type { EventStore } from "../eventing/event-store.ts";
import type { AccountEvent } from "./account-decider.ts";
import type { PayCase } from "./calculation/calculate.ts";
import type { Period } from "./calculation/calendar.ts";
import type { AccountVersion, PayRules, PendingAdjustment, Person } from "./calculation/facts.ts";
import type { PayrollConfig } from "./config.ts";
import { accountAggregate } from "./ids.ts";
import type { LeaveDb } from "./leave-projection.ts";
import type { PeopleDb } from "./people-projection.ts";
import {
  daysOf,
  employedIn,
  type PersonRow,
  payoutsOf,
  peopleWithPayouts,
  personRow,
} from "./people-reads.ts";
import {
  type AdjustmentRecord,
  adjustmentsOf,
  type Db,
  paidElsewhere,
  paidItems,
  payGroupOn,
  peopleWithAccounts,
  peopleWithAdjustments,
  type RunRecord,
} from "./reads.ts";
import type { TimeDb } from "./time-projection.ts";

export interface PaySources {
  readonly tenant: string;
  readonly config: PayrollConfig;
  readonly eventStore: EventStore;
  readonly pay: Db;
  readonly people: Kysely<PeopleDb>;
  readonly time: Kysely<TimeDb>;
  readonly leave: Kysely<LeaveDb>;
}

export const periodOfRun = (run: RunRecord): Period => ({
  periodId: run.period_id,
  payGroup: run.pay_group,
  fromOn: run.from_on,
  toOn: run.to_on,
  payOn: run.pay_on,
});

/** Throws `config.invalid` if the group of something stored is no longer configured. */
export function rulesOf({ config }: PaySources, payGroup: string): PayRules {
  const group = config.groups[payGroup];
  if (group === undefined) {
    throw new PlatformError("config.invalid", `payroll.groups has no "${payGroup}" any more`);
  }
  return { config, group };
}

/**
 * Whom a run is for: the people it was opened for, or those of its pay group who are employed in the period, and those
 * who have something left to be paid. Nobody whom another run of the period pays.
 */
export async function peopleOfRun(sources: PaySources, run: RunRecord): Promise<string[]> {
  const paid = await paidElsewhere(sources.pay, run.period_id, run.run_id);
  const candidates = new Set(run.people ?? (await candidatesOf(sources, run)));
  return [...candidates].filter((each) => !paid.has(each)).toSorted();
}

async function candidatesOf(sources: PaySources, run: RunRecord): Promise<string[]> {
  const { pay, people, leave } = sources;
  const inGroup = await peopleWithAccounts(pay, run.pay_group);
  const employed = await employedIn(people, { fromOn: run.from_on, toOn: run.to_on });
  const found = inGroup.filter((each) => employed.has(each));
  const owed = new Set([
    ...(await peopleWithPayouts(leave, run.to_on)),
    ...(await peopleWithAdjustments(pay)),
  ]);
  for (const each of owed) {
    if (employed.has(each) || !inGroup.includes(each)) continue;
    if ((await payGroupOn(pay, each, run.to_on)) !== run.pay_group) continue;
    const { payouts, adjustments } = await itemsFor(sources, each, run);
    if (payouts.length + adjustments.length > 0) found.push(each);
  }
  return found;
}

/** Who is employed in the period and has no account in any pay group: nobody's run would ever pay them. */
export async function peopleWithoutAccount(
  { people, pay }: PaySources,
  run: RunRecord,
): Promise<string[]> {
  if (run.people !== null) return [];
  const employed = await employedIn(people, { fromOn: run.from_on, toOn: run.to_on });
  const known = new Set(await peopleWithAccounts(pay));
  return [...employed].filter((each) => !known.has(each));
}

/** Everything the pay of a person in a period rests on, as known now. */
export async function caseFor(
  sources: PaySources,
  employeeId: string,
  { period, run }: { readonly period: Period; readonly run: RunRecord | null },
): Promise<PayCase> {
  const row = await personRow(sources.people, employeeId);
  const [accounts, days, items] = await Promise.all([
    accountsOf(sources, employeeId),
    daysOf(sources.time, employeeId, period),
    run === null ? NO_ITEMS : itemsFor(sources, employeeId, run),
  ]);
  return {
    person: personOf(employeeId, row),
    period,
    rules: rulesOf(sources, period.payGroup),
    facts: { accounts, days, ...items },
  };
}

const NO_ITEMS = { payouts: [], adjustments: [] };

/** Somebody whom EMPLOYEE does not know has no days of employment. */
function personOf(employeeId: string, row: PersonRow | undefined): Person {
  return {
    employeeId,
    startOn: row?.start_on ?? "9999-12-31",
    lastDayOn: row?.last_day_on ?? null,
    departmentId: row?.department_id ?? "",
    employmentType: row?.employment_type ?? "",
  };
}

/** What can be paid once, and no other run pays. */
async function itemsFor(
  { pay, leave }: PaySources,
  employeeId: string,
  run: RunRecord,
): Promise<Pick<PayCase["facts"], "payouts" | "adjustments">> {
  const [payouts, adjustments, taken] = await Promise.all([
    payoutsOf(leave, employeeId, run.to_on),
    adjustmentsOf(pay, employeeId),
    paidItems(pay, employeeId, run.run_id),
  ]);
  return {
    payouts: payouts.filter(({ entryId }) => !taken.has(entryId)),
    adjustments: latest(adjustments)
      .filter(({ adjustmentId, lines }) => lines.length > 0 && !taken.has(adjustmentId))
      .map(
        ({ adjustmentId, workdayOn, revision, currency, lines }): PendingAdjustment => ({
          adjustmentId,
          workdayOn,
          revision,
          currency,
          lines,
        }),
      ),
  };
}

/** Of several versions the last one. */
const latest = (adjustments: readonly AdjustmentRecord[]): AdjustmentRecord[] => [
  ...new Map(adjustments.map((each) => [each.adjustmentId, each])).values(),
];

/** Read from the stream with the vault: read models keep nothing personal. `beforeSeq` = as of that place in PAYROLL. */
export async function accountsOf(
  { eventStore, tenant }: Pick<PaySources, "eventStore" | "tenant">,
  employeeId: string,
  beforeSeq = Number.POSITIVE_INFINITY,
): Promise<AccountVersion[]> {
  const aggregateId = accountAggregate(employeeId);
  const { events } = await eventStore.load({ domain: "payroll", tenant, aggregateId }, 0);
  return events
    .filter(({ seq }) => seq < beforeSeq)
    .map((stored) => ({ account: decidedAs<AccountEvent>(stored).data, version: stored.seq }));
}

import type { AttendanceEvent, PunchOrigin } from "@clockleaf/shared/events/attendance.ts";
import { domainSubjects, parseEventSubject, STREAMS } from "@clockleaf/shared/subjects.ts";
import type { Presence } from "@clockleaf/shared/wire/presence.ts";
import type { CountedMeaning } from "@clockleaf/shared/worktime/ledger.ts";
import { phaseAfter } from "@clockleaf/shared/worktime/punches/meaning.ts";
import { type DayState, isEmptyWorkday, type Workday } from "@clockleaf/shared/worktime/workday.ts";
import { type Kysely, sql, type Transaction } from "kysely";
import { decidedAs } from "../eventing/decided-as.ts";
import type { StoredEvent } from "../eventing/event-store.ts";
import type { Projection } from "../eventing/projection.ts";
import type { Alarm } from "./alarm-decider.ts";
import { completeSite, type MarksDb, migrateMarks, reachMark } from "./completeness/projection.ts";
import {
  applyCorrection,
  type CorrectionsDb,
  decideCorrections,
  migrateCorrections,
  requestCorrections,
} from "./corrections/projection.ts";
import {
  type ExceptionsDb,
  findExceptions,
  migrateExceptions,
  reviewException,
} from "./exceptions/projection.ts";
import {
  migrateQuarantine,
  type QuarantineDb,
  quarantinePunch,
  redatePunch,
  resolvePunch,
} from "./quarantine-projection.ts";

/** Instants are UTC milliseconds; `json` columns hold what the event said. */
export interface AttendanceDb extends CorrectionsDb, ExceptionsDb, MarksDb, QuarantineDb {
  /** Every punch that counts for somebody. `meaning` is null while no workday reads it. */
  punches: {
    punch_id: string;
    employee_id: string;
    at: number;
    zone: string;
    site: string;
    gateway: string;
    reader: string;
    badge: string;
    meaning: string | null;
    reason: string | null;
    workday_on: string | null;
    /** Where a correction put it; `at` is where it was made. */
    counts_at: number;
  };
  workdays: {
    employee_id: string;
    workday_on: string;
    /** Site of its first punch; null for an emptied day. */
    site: string | null;
    revision: number;
    is_open: number;
    state: DayState;
    /** 1 = withdrawn: kept for its revision, shown to nobody. */
    is_empty: number;
    json: string;
  };
  /** Where each employee is by the latest punch that counts; nobody without one. */
  presence: {
    employee_id: string;
    state: Presence["state"];
    since: number;
    site: string;
    reader: string;
    punch_id: string;
  };
  alarms: {
    seq: number;
    raised_at: number;
    site: string;
    gateway: string;
    kind: Alarm["kind"];
    epoch: string | null;
    first: number | null;
    last: number | null;
    stream_seq: number;
    detail: string;
  };
}

/** Timesheets, punches, quarantine and alarms, from ATTENDANCE events alone. */
export function attendanceProjection(tenant: string): Projection<AttendanceDb> {
  return {
    name: "attendance",
    version: 4,
    stream: STREAMS.attendance,
    filterSubjects: [domainSubjects("attendance")],
    migrate,
    async apply(tx, stored) {
      if (parseEventSubject(stored.subject)?.tenant === tenant) await apply(tx, stored);
    },
  };
}

type Tx = Transaction<AttendanceDb>;

async function migrate(db: Kysely<AttendanceDb>): Promise<void> {
  await db.schema
    .createTable("punches")
    .addColumn("punch_id", "text", (column) => column.primaryKey())
    .addColumn("employee_id", "text", (column) => column.notNull())
    .addColumn("at", "integer", (column) => column.notNull())
    .addColumn("zone", "text", (column) => column.notNull())
    .addColumn("site", "text", (column) => column.notNull())
    .addColumn("gateway", "text", (column) => column.notNull())
    .addColumn("reader", "text", (column) => column.notNull())
    .addColumn("badge", "text", (column) => column.notNull())
    .addColumn("meaning", "text")
    .addColumn("reason", "text")
    .addColumn("workday_on", "text")
    .addColumn("counts_at", "bigint", (column) => column.notNull())
    .execute();
  await index(db, "punches", ["employee_id", "at"]);
  await index(db, "punches", ["at", "punch_id"]);
  await db.schema
    .createTable("workdays")
    .addColumn("employee_id", "text", (column) => column.notNull())
    .addColumn("workday_on", "text", (column) => column.notNull())
    .addColumn("site", "text")
    .addColumn("revision", "integer", (column) => column.notNull())
    .addColumn("is_open", "integer", (column) => column.notNull())
    .addColumn("state", "text", (column) => column.notNull())
    .addColumn("is_empty", "integer", (column) => column.notNull())
    .addColumn("json", "text", (column) => column.notNull())
    .addPrimaryKeyConstraint("workdays_key", ["employee_id", "workday_on"])
    .execute();
  await index(db, "workdays", ["workday_on", "employee_id"]);
  // The page of a site: without it a small site's is found by reading everybody's days.
  await index(db, "workdays", ["site", "workday_on", "employee_id"]);
  await index(db, "workdays", ["state", "is_empty", "employee_id", "workday_on"]);
  await db.schema
    .createTable("presence")
    .addColumn("employee_id", "text", (column) => column.primaryKey())
    .addColumn("state", "text", (column) => column.notNull())
    .addColumn("since", "integer", (column) => column.notNull())
    .addColumn("site", "text", (column) => column.notNull())
    .addColumn("reader", "text", (column) => column.notNull())
    .addColumn("punch_id", "text", (column) => column.notNull())
    .execute();
  await index(db, "presence", ["site", "employee_id"]);
  await migrateQuarantine(db);
  await migrateAlarms(db);
  await migrateCorrections(db);
  await migrateExceptions(db);
  await migrateMarks(db);
}

async function migrateAlarms(db: Kysely<AttendanceDb>): Promise<void> {
  await db.schema
    .createTable("alarms")
    .addColumn("seq", "integer", (column) => column.primaryKey())
    .addColumn("raised_at", "integer", (column) => column.notNull())
    .addColumn("site", "text", (column) => column.notNull())
    .addColumn("gateway", "text", (column) => column.notNull())
    .addColumn("kind", "text", (column) => column.notNull())
    .addColumn("epoch", "text")
    .addColumn("first", "integer")
    .addColumn("last", "integer")
    .addColumn("stream_seq", "integer", (column) => column.notNull())
    .addColumn("detail", "text", (column) => column.notNull())
    .execute();
}

async function index(
  db: Kysely<AttendanceDb>,
  table: keyof AttendanceDb,
  columns: string[],
): Promise<void> {
  const name = `${table}_by_${columns.join("_")}`;
  await db.schema.createIndex(name).on(table).columns(columns).execute();
}

async function apply(tx: Tx, stored: StoredEvent): Promise<void> {
  const event = decidedAs<AttendanceEvent>(stored);
  const { timestamp } = stored.event.metadata;
  switch (event.type) {
    case "attendance.clock.recorded":
      return record(tx, event.data);
    case "attendance.workday.calculated":
      await calculate(tx, event.data);
      return findExceptions(tx, event.data);
    case "attendance.exception.reviewed":
      return reviewException(tx, event.data, timestamp);
    case "attendance.correction.requested":
      return requestCorrections(tx, event.data, timestamp);
    case "attendance.correction.approved":
      return decideCorrections(tx, event.data, { outcome: "approved", at: timestamp });
    case "attendance.correction.rejected":
      return decideCorrections(tx, event.data, { outcome: "rejected", at: timestamp });
    case "attendance.correction.applied":
      return applyCorrection(tx, event.data, timestamp);
    case "attendance.site.completed":
      return completeSite(tx, event.data, stored);
    case "attendance.watermark.reached":
      return reachMark(tx, event.data);
    case "attendance.punch.quarantined":
      return quarantinePunch(tx, event.data, timestamp);
    case "attendance.punch.redated":
      return redatePunch(tx, event.data);
    case "attendance.quarantine.resolved":
      return resolvePunch(tx, event.data, timestamp);
    case "attendance.gateway.alarmed": {
      const { streamSeq, ...alarm } = event.data;
      await tx
        .insertInto("alarms")
        .values({ ...alarm, seq: stored.seq, raised_at: timestamp, stream_seq: streamSeq })
        .execute();
      return;
    }
    // The workday that comes with them says the same and more.
    case "attendance.check-in.recorded":
    case "attendance.check-out.recorded":
    case "attendance.break.started":
    case "attendance.break.ended":
    case "attendance.transfer.recorded":
    case "attendance.meaning.withdrawn":
    case "attendance.overtime.calculated":
    case "attendance.overtime.withdrawn":
    case "attendance.overtime.approved":
    case "attendance.overtime.rejected":
    case "attendance.absence.recorded":
    case "attendance.timesheet.verified":
    // What it dates is told punch by punch.
    case "attendance.gateway-time.learned":
      return;
  }
}

async function record(
  tx: Tx,
  data: { employeeId: string; punch: PunchOrigin; at: number; zone: string },
): Promise<void> {
  const { punch, employeeId, at, zone } = data;
  const { punchId, site, gateway, reader, badge } = punch;
  await tx
    .insertInto("punches")
    .values({
      punch_id: punchId,
      employee_id: employeeId,
      at,
      zone,
      site,
      gateway,
      reader,
      badge,
      meaning: null,
      reason: null,
      workday_on: null,
      counts_at: at,
    })
    .onConflict((key) => key.column("punch_id").doNothing())
    .execute();
}

async function calculate(
  tx: Tx,
  data: { employeeId: string; revision: number; workday: Workday },
): Promise<void> {
  const { employeeId, revision, workday } = data;
  const { workdayOn, punches } = workday;
  if (revision > 1) {
    await tx
      .updateTable("punches")
      .set((eb) => ({ meaning: null, reason: null, workday_on: null, counts_at: eb.ref("at") }))
      .where("employee_id", "=", employeeId)
      .where("workday_on", "=", workdayOn)
      .execute();
  }
  await read(tx, workday);
  const first = punches[0]?.punchId ?? "";
  const row = {
    revision,
    is_open: workday.isOpen ? 1 : 0,
    state: workday.state,
    is_empty: isEmptyWorkday(workday) ? 1 : 0,
    json: JSON.stringify(workday),
  };
  await tx
    .insertInto("workdays")
    .values((eb) => ({
      employee_id: employeeId,
      workday_on: workdayOn,
      site: eb.selectFrom("punches").select("site").where("punch_id", "=", first),
      ...row,
    }))
    .onConflict((key) =>
      key
        .columns(["employee_id", "workday_on"])
        .doUpdateSet((eb) => ({ ...row, site: eb.ref("excluded.site") })),
    )
    .execute();
  await locate(tx, employeeId);
}

/** Few enough for one statement's parameters. */
const MOST_AT_ONCE = 500;

/** What the day says of its punches, in one statement: this is done for every punch there is, several times. */
async function read(tx: Tx, { workdayOn, punches }: Workday): Promise<void> {
  for (let at = 0; at < punches.length; at += MOST_AT_ONCE) {
    const said = punches
      .slice(at, at + MOST_AT_ONCE)
      .map(
        (each) =>
          sql`(${each.punchId}, ${each.meaning}, ${each.reason}, cast(${each.at} as bigint))`,
      );
    await sql`
      with said (punch_id, meaning, reason, counts_at) as (values ${sql.join(said)})
      update punches set meaning = said.meaning, reason = said.reason, workday_on = ${workdayOn},
        counts_at = said.counts_at
      from said where punches.punch_id = said.punch_id`.execute(tx);
  }
}

/** The last punch by instant decides, whatever order punches and withdrawals came in. */
async function locate(tx: Tx, employeeId: string): Promise<void> {
  const located = await sql`
    insert into presence (employee_id, state, since, site, reader, punch_id)
    select employee_id, case meaning ${STATES} end, counts_at, site, reader, punch_id from punches
    where employee_id = ${employeeId} and meaning in (${sql.join(COUNTED)})
    order by counts_at desc, punch_id desc limit 1
    on conflict (employee_id) do update set state = excluded.state, since = excluded.since,
      site = excluded.site, reader = excluded.reader, punch_id = excluded.punch_id`.execute(tx);
  if (located.numAffectedRows === 0n) {
    await tx.deleteFrom("presence").where("employee_id", "=", employeeId).execute();
  }
}

const COUNTED: readonly CountedMeaning[] = [
  "in",
  "out",
  "break-start",
  "break-end",
  "lunch-start",
  "lunch-end",
  "transfer",
];
const STATES = sql.join(
  COUNTED.map((meaning) => sql`when ${meaning} then ${presenceAfter(meaning)}`),
  sql` `,
);

/** A lunch is a break to those who look for somebody. */
function presenceAfter(meaning: CountedMeaning): Presence["state"] {
  const phase = phaseAfter(meaning);
  return phase === "lunch" ? "break" : phase;
}

import { STREAMS } from "@clockleaf/shared/subjects.ts";
import { parseRuleBook, rulesFor } from "@clockleaf/shared/worktime/rule-book.ts";
import Database from "better-sqlite3";
import { attendanceProjection } from "../../cloud/attendance/projection.ts";
import { createRunners } from "../../cloud/attendance/runners.ts";
import { isRefusal } from "../../cloud/eventing/decider.ts";
import type { EventStore } from "../../cloud/eventing/event-store.ts";
import { followStream } from "../../cloud/eventing/follow-stream.ts";
import { rowTables } from "../../cloud/eventing/generation.ts";
import { fileOf, openSqliteModel } from "../../cloud/eventing/sqlite-model.ts";
import type { CloudHub } from "../support/cloud-hub.ts";
import {
  type Company,
  idOf,
  MODELS,
  modelOf,
  personOf,
  punchesOn,
  RULES,
  weeksOf,
} from "./api-company.ts";

export interface Filling {
  readonly cloud: CloudHub;
  readonly store: EventStore;
  readonly tenant: string;
  readonly company: Company;
  /** Of the process that will answer. */
  readonly dir: string;
  readonly progress: (line: string) => void;
}

export interface Filled {
  /** File of the attendance read model. */
  readonly file: string;
  readonly punches: number;
  readonly workdays: number;
  readonly events: number;
  readonly bytes: number;
  readonly seconds: number;
}

const CAUSE = {
  source: "bench",
  atMs: 0,
  correlationId: null,
  causationId: null,
  traceparent: undefined,
};
/** In one atomic batch. */
const PEOPLE_AT_ONCE = 500;
const DAY_MS = 86_400_000;

/**
 * Fills the attendance read model with a company's punches, days and presence. What a few people did is decided by the
 * working-time engine, stored as events and written to rows by the projection itself; those rows are then copied under
 * the names of everybody else, in the order of time. So rows are what the projection makes of events, whatever it makes.
 */
export async function fillAttendance(filling: Filling): Promise<Filled> {
  const { cloud, tenant, company, dir, progress } = filling;
  const startedAt = performance.now();
  progress(`entering ${company.people} people`);
  await enterPeople(filling);
  progress("deciding and storing what ten of them did");
  await recordModels(filling);
  const projection = attendanceProjection(tenant);
  const model = await openSqliteModel(dir, projection);
  let events = 0;
  await followStream({
    nc: cloud.nc,
    projection,
    vault: undefined,
    generation: model.live,
    onBegun: () => undefined,
    onBatch(batch) {
      events += batch.applied;
      return batch.pending === 0;
    },
  });
  const tables = await rowTables(model.live, model.writer);
  await model.close();
  const file = fileOf(dir, projection.name, 0);
  const copied = copyRows(file, tables, filling);
  return { file, events, ...copied, seconds: (performance.now() - startedAt) / 1000 };
}

async function enterPeople({ store, tenant, company }: Filling): Promise<void> {
  for (let from = 1; from <= company.people; from += PEOPLE_AT_ONCE) {
    const count = Math.min(PEOPLE_AT_ONCE, company.people - from + 1);
    const appends = Array.from({ length: count }, (_, index) => ({
      address: { domain: "employee", tenant, aggregateId: idOf(from + index) } as const,
      expectedSeq: 0,
      events: [{ type: "employee.employee.created", data: personOf(from + index) }],
    }));
    await store.append(appends, CAUSE);
  }
}

async function recordModels({ store, tenant, company }: Filling): Promise<void> {
  const { clocks } = createRunners({ store, tenant });
  const book = parseRuleBook(RULES);
  for (const days of weeksOf(company)) {
    const commands = Array.from({ length: MODELS }, (_, index) => {
      const { employeeId, siteIds: sites } = personOf(index + 1);
      const rules = rulesFor(book, { personId: employeeId, sites, groups: [] });
      const whose = { employeeId, rules };
      const punches = days.flatMap((day) => punchesOn(index + 1, day));
      const completeTo = (days.at(-1) ?? 0) * DAY_MS;
      const watermarks = sites.map((site) => ({ kind: "watermark", site, completeTo }) as const);
      return [
        { aggregateId: employeeId, command: { type: "record-clock", ...whose, punches } as const },
        // Everything but the week's last day has arrived.
        {
          aggregateId: employeeId,
          command: { type: "reach-watermark", ...whose, watermarks } as const,
        },
      ];
    }).flat();
    const refusal = (await clocks.handleMany(commands, CAUSE)).find(isRefusal);
    if (refusal !== undefined) throw new Error(`${STREAMS.attendance}: ${refusal.code}`);
  }
}

/** Rows of the models that are copied in one statement; times the people of each model they are some 100,000. */
const ROWS_AT_ONCE = 200;
const CACHE_KIB = 512 * 1024;

/** Without a journal on disk: what breaks off is thrown away. The file becomes what it was when somebody opens it to answer. */
function copyRows(
  file: string,
  tables: ReadonlyMap<string, readonly string[]>,
  { company, progress }: Filling,
): Pick<Filled, "punches" | "workdays" | "bytes"> {
  const db = new Database(file);
  try {
    db.pragma("journal_mode = MEMORY");
    db.pragma("synchronous = OFF");
    db.pragma(`cache_size = -${CACHE_KIB}`);
    db.exec(
      "create temp table copies (model text, id text, primary key (model, id)) without rowid",
    );
    const copy = db.prepare("insert into copies (model, id) values (?, ?)");
    for (let number = MODELS + 1; number <= company.people; number += 1) {
      copy.run(idOf(modelOf(number)), idOf(number));
    }
    for (const [table, columns] of tables) {
      if (columns.includes("employee_id")) copyTable(db, { table, columns, progress });
    }
    db.exec("drop table copies");
    const count = (table: string): number =>
      Number(db.prepare(`select count(*) from ${table}`).pluck().get());
    const pages = Number(db.pragma("page_count", { simple: true }));
    const pageBytes = Number(db.pragma("page_size", { simple: true }));
    return { punches: count("punches"), workdays: count("workdays"), bytes: pages * pageBytes };
  } finally {
    db.close();
  }
}

interface CopiedTable {
  readonly table: string;
  readonly columns: readonly string[];
  readonly progress: (line: string) => void;
}

/** Names in columns and in JSON alike: an id is part of nothing else. */
function copyTable(db: Database.Database, { table, columns, progress }: CopiedTable): void {
  const list = columns.map((column) => `"${column}"`).join(", ");
  const copied = columns
    .map(
      (column) => `case typeof(m."${column}") when 'text'
      then replace(m."${column}", c.model, c.id) else m."${column}" end`,
    )
    .join(", ");
  // Apart from the table that is written to: else SQLite would keep all copies before it inserts the first.
  db.exec(
    `create temp table models as select rowid as row, ${list} from "${table}" order by rowid`,
  );
  const rows = Number(db.prepare("select count(*) from models").pluck().get());
  const insert = db.prepare(`insert into main."${table}" (${list})
    select ${copied} from models m cross join copies c on c.model = m.employee_id
    where m.rowid > ? and m.rowid <= ? order by m.rowid, c.id`);
  for (let from = 0; from < rows; from += ROWS_AT_ONCE) {
    insert.run(from, from + ROWS_AT_ONCE);
    progress(`${table}: ${Math.round((Math.min(from + ROWS_AT_ONCE, rows) * 100) / rows)} %`);
  }
  db.exec("drop table models");
}

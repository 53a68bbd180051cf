import Database from "better-sqlite3";
import { Kysely, SqliteDialect } from "kysely";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type TempDir, tempDir } from "../../test/support/temp.ts";
import { fileOf, openSqliteModel } from "../eventing/sqlite-model.ts";
import { exceptions } from "./exceptions/reads.ts";
import { lastPunches } from "./last-punches.ts";
import { type AttendanceDb, attendanceProjection } from "./projection.ts";
import { type Db, punches, timesheets } from "./reads.ts";

const EVERYBODY = { kind: "all" } as const;
const YEAR = { from: "2026-01-01", to: "2026-12-31", visible: EVERYBODY, limit: 101 };

/** How SQLite finds the rows, in the order that it does: one file, no statistics, as in a process that answers. */
describe("the lists of attendance", () => {
  let dir: TempDir;
  let db: Db;
  const plans: string[] = [];

  beforeEach(async () => {
    dir = tempDir("pages");
    const projection = attendanceProjection("acme");
    await (await openSqliteModel(dir.path, projection)).close();
    const database = new Database(fileOf(dir.path, projection.name, 0), { readonly: true });
    db = new Kysely<AttendanceDb>({
      dialect: new SqliteDialect({ database }),
      log: ({ query: { sql, parameters } }) => {
        const rows = database.prepare(`explain query plan ${sql}`).all(parameters);
        plans.push(...rows.map((row) => String(Reflect.get(Object(row), "detail"))));
      },
    });
  });
  afterEach(async () => {
    await db.destroy();
    dir.remove();
  });

  async function planOf(work: () => Promise<unknown>): Promise<string> {
    plans.length = 0;
    await work();
    return plans.join("\n");
  }

  it("begin a page where the page before ended, not at the beginning of the list", async () => {
    const all = { fromMs: 0, toMs: 9e15, visible: EVERYBODY, limit: 101 };
    expect(await planOf(() => punches(db, { ...all, after: [5, "x"] }))).toContain(
      "((at,punch_id)>(?,?)",
    );
    expect(await planOf(() => timesheets(db, { ...YEAR, after: ["2026-05-01", "p1"] }))).toContain(
      "((workday_on,employee_id)>(?,?)",
    );
    const after = ["2026-05-01", "p1", "missing-out"] as const;
    expect(await planOf(() => exceptions(db, { ...YEAR, after }))).toContain(
      "((workday_on,employee_id,kind)>(?,?,?)",
    );
  });

  it("show the days of a site, and who is there, without a look at everybody else", async () => {
    const plan = await planOf(() => timesheets(db, { ...YEAR, site: "hq" }));
    expect(plan).toContain("(site=? AND workday_on>? AND workday_on<?)");
    expect(plan).not.toContain("TEMP B-TREE");
    const there = await planOf(() => lastPunches(db, "hq", ["p1"]));
    expect(there).toContain("SEARCH presence USING INDEX presence_by_site_employee_id");
    expect(there).not.toContain("SCAN");
  });
});

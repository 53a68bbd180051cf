import { correctionRequested } from "@clockleaf/shared/events/attendance.ts";
import type { Selectable } from "kysely";
import type { Visible } from "../../identity/access.ts";
import { aboutVisible } from "../../identity/visible.ts";
import type { AttendanceDb } from "../projection.ts";
import type { Db } from "../reads.ts";
import type { CorrectionRequest } from "./decider.ts";

export interface CorrectionRecord extends Omit<Selectable<AttendanceDb["corrections"]>, "json"> {
  readonly request: CorrectionRequest;
  /** Ids of the items that took effect. */
  readonly applied: ReadonlySet<string>;
}

export interface CorrectionQuery {
  readonly state?: AttendanceDb["corrections"]["state"] | undefined;
  readonly employeeId?: string | undefined;
  /** Only requests all of whose people are visible: each shows what it says about every one. */
  readonly visible: Visible;
  /** The request before: the page goes on with older ones. */
  readonly before?: readonly [requestedAt: number, requestId: string] | undefined;
  readonly limit: number;
}

/** Requests, newest first. */
export async function correctionRequests(
  db: Db,
  query: CorrectionQuery,
): Promise<CorrectionRecord[]> {
  const { state, employeeId, visible, before, limit } = query;
  let rows = db.selectFrom("corrections").selectAll();
  if (state !== undefined) rows = rows.where("state", "=", state);
  if (employeeId !== undefined) {
    rows = rows.where("request_id", "in", (eb) =>
      eb
        .selectFrom("corrections_people")
        .select("request_id")
        .where("employee_id", "=", employeeId),
    );
  }
  if (visible.kind === "some") {
    rows = rows.where("request_id", "not in", (eb) =>
      eb
        .selectFrom("corrections_people")
        .select("request_id")
        .where((person) => person.not(aboutVisible(visible, "employee_id"))),
    );
  }
  if (before !== undefined) {
    const [at, id] = before;
    rows = rows.where((eb) => eb(eb.refTuple("requested_at", "request_id"), "<", eb.tuple(at, id)));
  }
  const found = await rows
    .orderBy("requested_at", "desc")
    .orderBy("request_id", "desc")
    .limit(limit)
    .execute();
  return Promise.all(found.map((row) => recordOf(db, row)));
}

export async function correctionRequest(
  db: Db,
  requestId: string,
): Promise<CorrectionRecord | undefined> {
  const row = await db
    .selectFrom("corrections")
    .selectAll()
    .where("request_id", "=", requestId)
    .executeTakeFirst();
  return row === undefined ? undefined : recordOf(db, row);
}

async function recordOf(
  db: Db,
  { json, ...row }: Selectable<AttendanceDb["corrections"]>,
): Promise<CorrectionRecord> {
  const applied = await db
    .selectFrom("corrections_applied")
    .select("correction_id")
    .where("request_id", "=", row.request_id)
    .execute();
  return {
    ...row,
    request: correctionRequested.data.parse(JSON.parse(json)),
    applied: new Set(applied.map((each) => each.correction_id)),
  };
}

/** Whether somebody's days know a punch, made or added, or a correction of this id. */
export async function knowsPunch(db: Db, employeeId: string, punchId: string): Promise<boolean> {
  const row = await db
    .selectFrom("punches")
    .select("punch_id")
    .where("punch_id", "=", punchId)
    .where("employee_id", "=", employeeId)
    .executeTakeFirst();
  return row !== undefined;
}

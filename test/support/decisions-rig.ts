import type { RuleBookInput } from "@clockleaf/shared/worktime/rule-book.ts";
import type { Workday } from "@clockleaf/shared/worktime/workday.ts";
import { createApiKey } from "../../cloud/api/auth.ts";
import { timesheet } from "../../cloud/attendance/reads.ts";
import { createAttendanceRoutes } from "../../cloud/attendance/routes.ts";
import {
  type AttendanceWorld,
  daysBefore,
  startAttendanceWorld,
  WORKDAY,
} from "./attendance-world.ts";
import { apiAppOf } from "./context-api.ts";
import { eventually } from "./eventually.ts";
import { OVERTIME_TO_APPROVE } from "./overtime.ts";

const clerk = createApiKey("clerk", ["write"]);
const admin = createApiKey("admin", ["admin"]);
const ada = createApiKey("ada-phone", ["write"]);
const KEYS = { clerk: clerk.key, admin: admin.key, ada: ada.key } as const;
export type Caller = keyof typeof KEYS;
export type Json = Record<string, unknown>;

/** Overtime needs somebody's word; who has leave is paid eight hours for it. */
const BOOK: RuleBookInput = {
  groups: {
    plant: {
      absences: { codes: [{ name: "Vacation", code: "VAC", dayLength: "8h" }] },
      overtime: OVERTIME_TO_APPROVE,
    },
  },
  assignments: [{ to: "everyone", use: ["plant"], from: "2020-01-01" }],
};

/** Attendance with a gateway and its API, and a voice for those who decide elsewhere. */
export interface DecisionsRig extends AsyncDisposable {
  readonly world: AttendanceWorld;
  /** Somebody new with these punches on the workday; their ids. */
  worker(id: string, ...times: string[]): Promise<string[]>;
  punch(id: string, ...times: string[]): Promise<string[]>;
  dayOf(id: string, on?: string): Promise<Workday | undefined>;
  /** Types of the events about somebody, without the context's name. */
  typesOf(id: string): Promise<string[]>;
  call(who: Caller, path: string, body?: Json): Promise<{ status: number; json: Json }>;
  decided(
    outcome: "approved" | "rejected" | "withdrawn",
    requestId: string,
    about: Json,
  ): Promise<void>;
}

export async function startDecisions(): Promise<DecisionsRig> {
  const world = await startAttendanceWorld(["gw1"], BOOK);
  const app = apiAppOf(
    [createAttendanceRoutes(world.attendance().routes)],
    [clerk.entry, admin.entry, { ...ada.entry, employeeId: "ada" }],
  );
  const gw = world.gateway("gw1");
  await gw.register();
  let rows = 0;

  async function worker(id: string, ...times: string[]): Promise<string[]> {
    await world.hire(id);
    await world.assign(id, `number-${id}`, `${daysBefore(9)}T00:00`);
    const ids = await punch(id, ...times);
    await eventually(async () => (await dayOf(id))?.punches.length === times.length);
    return ids;
  }
  async function punch(id: string, ...times: string[]): Promise<string[]> {
    const ids = times.map((time) => gw.punch(`number-${id}`, time));
    await gw.publish(gw.segment(rows + 1, rows + times.length));
    rows += times.length;
    return ids;
  }
  const dayOf = async (id: string, on = WORKDAY): Promise<Workday | undefined> =>
    (await timesheet(world.attendance().db, id, on))?.workday;
  const typesOf = async (id: string): Promise<string[]> =>
    (await world.eventsOf(id)).map(({ type }) => type.replace("attendance.", ""));

  async function call(
    who: Caller,
    path: string,
    body?: Json,
  ): Promise<{ status: number; json: Json }> {
    const response = await app.request(`/api/v1${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers: { authorization: `Bearer ${KEYS[who]}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, json: (await response.json()) as Json };
  }

  const decided = (
    outcome: "approved" | "rejected" | "withdrawn",
    requestId: string,
    about: Json,
  ): Promise<void> =>
    world.elsewhere("workflow", requestId, [
      {
        type: `workflow.request.${outcome}`,
        data: { requestId, about, by: "mia", note: "so be it", at: Date.now() },
      },
    ]);

  return {
    world,
    worker,
    punch,
    dayOf,
    typesOf,
    call,
    decided,
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  };
}

/** What a decision about somebody's correction is about. */
export const aboutCorrection = (correctionRequestId: unknown, employeeId: string): Json => ({
  kind: "correction",
  correctionRequestId,
  employeeIds: [employeeId],
});

import { attendanceProjection } from "../../cloud/attendance/projection.ts";
import { startAttendanceWorld, TENANT } from "../support/attendance-world.ts";
import { eventually } from "../support/eventually.ts";

/** How many people punch in turns. */
const PEOPLE = 50;
/** Rows of a segment, as a gateway sends its backlog. */
const ROWS = 500;
const DAY_MS = 86_400_000;
const TIMES = ["08:00", "12:00", "12:45", "17:00"];
const WAIT_MS = 300_000;

/**
 * Punches per second from CLOCK to the rows that the API reads: signature and chain, whose punch it is, the person's days
 * computed, events stored in one append, the read model written. A backlog of `punches`, four a day for each person.
 */
export async function measureIntake(punches: number): Promise<number> {
  await using world = await startAttendanceWorld(["gw1"]);
  const gateway = world.gateway("gw1");
  const people = Array.from({ length: PEOPLE }, (_, index) => `p${index}`);
  for (const person of people) {
    await world.hire(person);
    await world.assign(person, `number-${person}`, "2026-01-01T00:00");
  }
  const perDay = PEOPLE * TIMES.length;
  const days = Math.ceil(punches / perDay);
  const first = Math.floor(Date.now() / DAY_MS) - days - 2;
  for (let day = 0; day < days; day += 1) {
    const on = new Date((first + day) * DAY_MS).toISOString().slice(0, 10);
    for (const time of TIMES) {
      for (const person of people) gateway.punch(`number-${person}`, `${on}T${time}`);
    }
  }
  const total = days * perDay;
  await gateway.register();
  const startedAt = performance.now();
  for (let row = 1; row <= total; row += ROWS) {
    await gateway.publish(gateway.segment(row, Math.min(row + ROWS - 1, total)));
  }
  const { name } = attendanceProjection(TENANT);
  const { db } = world.attendance();
  await eventually(
    async () => {
      const { count } = await db
        .selectFrom("punches")
        .select(({ fn }) => fn.countAll<number>().as("count"))
        .where("meaning", "is not", null)
        .executeTakeFirstOrThrow();
      return count >= total;
    },
    { what: `${total} punches to be in ${name}`, timeoutMs: WAIT_MS, everyMs: 50 },
  );
  return Math.round((total * 1000) / (performance.now() - startedAt));
}

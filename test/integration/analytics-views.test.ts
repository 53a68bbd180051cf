import { dateOf, dayOfDate } from "@clockleaf/shared/worktime/civil-time.ts";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type PeopleDb, peopleProjection } from "../../cloud/analytics/people-projection.ts";
import { type AnalyticsDb, analyticsProjection } from "../../cloud/analytics/projection.ts";
import { arrivalWindows, lateRates, overtimeByWeek } from "../../cloud/analytics/reads.ts";
import type { StoredEvent } from "../../cloud/eventing/event-store.ts";
import { openReadModel, type WritableReadModel } from "../../cloud/eventing/read-model.ts";
import { hashRows } from "../../cloud/eventing/row-hash.ts";
import { histories, interleaved } from "../support/analytics-history.ts";
import { ratesBy, weeksBy, windowsBy } from "../support/analytics-oracle.ts";
import { DEPARTMENTS, FIRST_ON, SITES, SPAN_DAYS } from "../support/analytics-span.ts";
import { type Places, presentStores, startPlaces } from "../support/read-model-place.ts";

const SEED = Number(process.env["ANALYTICS_SEED"] ?? 20_261_224);
process.stdout.write(`analytics property tests: seed ${SEED}\n`);

const DAY = 86_400_000;
const WINDOW = 300_000;
const visible = { kind: "all" } as const;
const SPAN = {
  visible,
  fromMs: Date.parse(`${FIRST_ON}T00:00Z`) - DAY,
  toMs: Date.parse(`${FIRST_ON}T00:00Z`) + (SPAN_DAYS + 1) * DAY,
};
const DATES = { visible, fromOn: FIRST_ON, toOn: dateOf(dayOfDate(FIRST_ON) + SPAN_DAYS - 1) };
const EVERY = 10_000;
/** A statement costs far more where it goes to a server. */
const RUNS = { SQLite: 1, PostgreSQL: 0.15 } as const;
const picks = fc.array(fc.nat(100), { minLength: 1, maxLength: 200 });

interface Filling<DB> {
  readonly empty: (rows: WritableReadModel<DB>["writer"]) => Promise<unknown>;
  readonly events: readonly StoredEvent[];
  /** How often each is applied. */
  readonly times: number;
}

/** Rows from nothing; their hash. */
async function fill<DB>(
  { projection, live, writer }: WritableReadModel<DB>,
  { empty, events, times }: Filling<DB>,
): Promise<string> {
  await writer.transaction().execute(async (tx) => {
    await empty(tx);
    for (const event of events) {
      for (let n = 0; n < times; n += 1) await projection.apply(tx, event);
    }
  });
  return (await hashRows(writer, live.dialect)).hash;
}

describe.each(presentStores())("the views (rows in $store)", ({ store }) => {
  let places: Places;
  let time: WritableReadModel<AnalyticsDb>;
  let people: WritableReadModel<PeopleDb>;
  beforeAll(async () => {
    places = await startPlaces(store);
    const place = places.open(places.fresh());
    time = await openReadModel(place, analyticsProjection("acme"));
    people = await openReadModel(place, peopleProjection("acme"));
  });
  afterAll(async () => {
    await time.close();
    await people.close();
    await places[Symbol.asyncDispose]();
  });

  const sources = () => ({ time: time.db, people: people.db });

  /** One hash for each read model. */
  async function tell(events: readonly StoredEvent[], times = 1): Promise<string[]> {
    const of = (domain: string) => events.filter(({ subject }) => subject.includes(domain));
    const ofTime = await fill(time, {
      events: of(".attendance."),
      times,
      async empty(rows) {
        await rows.deleteFrom("arrivals").execute();
        await rows.deleteFrom("days").execute();
        await rows.deleteFrom("overtime").execute();
      },
    });
    const ofPeople = await fill(people, {
      events: of(".employee."),
      times,
      empty: (rows) => rows.deleteFrom("belongings").execute(),
    });
    return [ofTime, ofPeople];
  }

  test("say what brute force over all that stands says, whatever was told before it", async () => {
    await fc.assert(
      fc.asyncProperty(histories, picks, async (all, order) => {
        await tell(interleaved(all, order));
        const windows = await arrivalWindows(time.db, { ...SPAN, limit: EVERY });
        expect(windows).toEqual(windowsBy(all, SPAN));
        expect(await overtimeByWeek(sources(), DATES)).toEqual(weeksBy(all));
        for (const by of ["site", "department"] as const) {
          expect(await lateRates(sources(), { ...DATES, by })).toEqual(ratesBy(all, by));
        }
        for (const departmentId of DEPARTMENTS) {
          expect(await overtimeByWeek(sources(), { ...DATES, departmentId })).toEqual(
            weeksBy(all, departmentId),
          );
        }
        const only = { site: SITES[0], departmentId: DEPARTMENTS[0] };
        expect(await lateRates(sources(), { ...DATES, by: "site", ...only })).toEqual(
          ratesBy(all, "site", only),
        );
      }),
      { seed: SEED, numRuns: Math.ceil(150 * RUNS[store]) },
    );
  });

  test("have the same rows in whatever order people come, and whatever comes twice at once", async () => {
    await fc.assert(
      fc.asyncProperty(histories, picks, picks, async (all, one, other) => {
        const rows = await tell(interleaved(all, one));
        expect(await tell(interleaved(all, other))).toEqual(rows);
        expect(await tell(interleaved(all.toReversed(), other), 2)).toEqual(rows);
      }),
      { seed: SEED, numRuns: Math.ceil(60 * RUNS[store]) },
    );
  });

  test("give whole windows of any span, in pages that miss none and repeat none", async () => {
    const limits = fc.integer({ min: 1, max: 4 });
    await fc.assert(
      fc.asyncProperty(histories, limits, fc.nat(2000), async (all, limit, minute) => {
        await tell(interleaved(all, []));
        const paged = [];
        for (let after: readonly [number, string] | undefined; ; ) {
          const found = await arrivalWindows(time.db, { ...SPAN, after, limit });
          paged.push(...found);
          const last = found.at(-1);
          if (last === undefined) break;
          after = [last.windowAt, last.site];
        }
        expect(paged).toEqual(await arrivalWindows(time.db, { ...SPAN, limit: EVERY }));
        for (const at of [minute * 60_000 + SPAN.fromMs, (paged[0]?.windowAt ?? 0) + 60_000]) {
          const part = { fromMs: at, toMs: at + DAY };
          const whole = { fromMs: at - (at % WINDOW), toMs: at + DAY };
          const found = await arrivalWindows(time.db, { visible, ...part, limit: EVERY });
          expect(found).toEqual(windowsBy(all, whole));
        }
      }),
      { seed: SEED, numRuns: Math.ceil(30 * RUNS[store]) },
    );
  });

  test("keep a newer revision when an older one is told again, and other tenants out", async () => {
    const [history] = fc.sample(histories, { seed: SEED, numRuns: 1 })[0] ?? [];
    const told = interleaved(history === undefined ? [] : [history], []);
    const days = told.filter(({ event }) => event.metadata.eventType.includes("workday"));
    const rows = await tell(told);
    const rival = told.map((each) => ({
      ...each,
      subject: each.subject.replace("acme", "rival"),
    }));
    expect(days.length).toBeGreaterThan(0);
    expect(await tell([...told, ...days, ...rival])).toEqual(rows);
  });
});

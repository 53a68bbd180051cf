import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { parseRuleBook, rulesFor } from "@clockleaf/shared/worktime/rule-book.ts";
import type { Rules } from "@clockleaf/shared/worktime/rules.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { clockPunch } from "../../test/support/clock-punch.ts";
import { eventually } from "../../test/support/eventually.ts";
import { type TempDir, tempDir } from "../../test/support/temp.ts";
import { createMemoryEventStore, type MemoryEventStore } from "../eventing/memory-event-store.ts";
import { type ClockWriter, createClockWriter } from "./clock-writer.ts";
import { type IntakeStore, openIntakeStore } from "./intake-store.ts";
import { createRecalculation, type Recalculation } from "./recalculation.ts";
import { createRunners } from "./runners.ts";

const PEOPLE = ["ada", "bob", "cyd", "dot"];
const rules = (use: string): Rules =>
  rulesFor(parseRuleBook({ assignments: [{ to: "everyone", use: [use], from: "2020-01-01" }] }), {
    personId: "x",
    sites: [],
    groups: [],
  });
const PLAIN = rules("plain-8-40");
const CALIFORNIA = rules("california");
const CALIFORNIA_GROUPS = CALIFORNIA.versions.at(-1)?.groups;
const cause = {
  source: "test",
  atMs: 0,
  correlationId: null,
  causationId: null,
  traceparent: undefined,
};

const revisionOf = (data: { employeeId: string; revision: number }): [string, number] => [
  data.employeeId,
  data.revision,
];

const belongingOf = () => Promise.resolve({ departmentId: null, managerId: null });

describe("the recalculation", () => {
  let dir: TempDir;
  let store: IntakeStore;
  let events: MemoryEventStore;
  let current: Map<string, Rules>;
  let clocks: ClockWriter;
  const running: Recalculation[] = [];

  beforeEach(async () => {
    dir = tempDir("recalculation");
    store = openIntakeStore(dir.path);
    events = createMemoryEventStore();
    current = new Map(PEOPLE.map((id) => [id, PLAIN]));
    clocks = createClockWriter({
      clocks: createRunners({ store: events, tenant: "acme" }).clocks,
      rulesOf,
      belongingOf,
    });
    const day = ["07:00", "17:00"].map((time) => clockPunch(`2026-01-12T${time}`));
    await clocks.record(new Map(PEOPLE.map((id) => [id, day])), cause);
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((each) => each.close()));
    store.close();
    dir.remove();
  });

  const rulesOf = (id: string): Promise<Rules> => Promise.resolve(current.get(id) ?? PLAIN);

  /** A process that has just started; `asked` lists the people it gets to. */
  function start(
    asked: string[],
    recalculate: ClockWriter["recalculate"] = (id, range, why) =>
      clocks.recalculate(id, range, why),
  ): Recalculation {
    const recalculation = createRecalculation({
      clocks: {
        recalculate: (id, range, why) => {
          if (range.fromOn === "0000-01-01") asked.push(id);
          return recalculate(id, range, why);
        },
      },
      store,
      rulesOf,
      peopleWithPunches: (after, limit) =>
        Promise.resolve(PEOPLE.filter((id) => id > after).slice(0, limit)),
      hasPunches: (id) => Promise.resolve(PEOPLE.includes(id)),
      nowMs: () => 0,
      log: silentLog(),
    });
    running.push(recalculation);
    recalculation.start();
    return recalculation;
  }
  const allDone = (recalculation: Recalculation): Promise<unknown> =>
    eventually(() => recalculation.stats().peopleLeft === 0 && PEOPLE.every(isDone));
  const isDone = (id: string): boolean => store.rulesApplied(id) !== undefined;
  const revisions = (): Array<[string, number]> =>
    events.events.flatMap(({ event: { metadata, data } }) =>
      metadata.eventType === "attendance.workday.calculated"
        ? [revisionOf(data as { employeeId: string; revision: number })]
        : [],
    );

  it("goes through people in order, tells what changed, and at the next start asks nobody again", async () => {
    for (const id of PEOPLE) current.set(id, CALIFORNIA);
    const asked: string[] = [];
    const recalculation = start(asked);
    await allDone(recalculation);
    await recalculation.close();
    expect(asked).toEqual(PEOPLE);
    expect(revisions().slice(PEOPLE.length)).toEqual(PEOPLE.map((id) => [id, 2]));
    expect(recalculation.stats()).toEqual({
      peopleLeft: 0,
      peopleTotal: 4,
      daysTotal: 4,
      faultsTotal: 0,
    });
    const again: string[] = [];
    await start(again).close();
    expect(again).toEqual([]);
  });

  it("goes on where it was stopped", async () => {
    for (const id of PEOPLE) current.set(id, CALIFORNIA);
    const first: string[] = [];
    const stopped = start(first, async (id, range, why) => {
      if (id === "cyd") throw new Error("the process dies here");
      return await clocks.recalculate(id, range, why);
    });
    await eventually(() => stopped.stats().faultsTotal === 1);
    await stopped.close();
    const rest: string[] = [];
    await allDone(start(rest));
    expect(rest[0]).toBe("cyd");
    expect(rest).not.toContain("ada");
    const last = new Map(revisions());
    expect([...last]).toEqual(PEOPLE.map((id) => [id, 2]));
  });

  it("asks only those whose rules are other ones now", async () => {
    await allDone(start([]));
    current.set("cyd", CALIFORNIA);
    const asked: string[] = [];
    const recalculation = start(asked);
    await eventually(() => recalculation.stats().peopleTotal === 1);
    expect(asked).toEqual(["cyd"]);
  });

  it("does at once who moves, and nobody whose move changes no rule or who never punched", async () => {
    const asked: string[] = [];
    const recalculation = start(asked);
    await allDone(recalculation);
    asked.length = 0;
    current.set("bob", CALIFORNIA);
    for (const id of ["ada", "bob", "eve"]) await recalculation.consider(id);
    await eventually(() => revisions().some((each) => String(each) === "bob,2"));
    await recalculation.close();
    expect(asked).toEqual(["bob"]);
  });

  it("waits for a hub that is away", async () => {
    current.set("ada", CALIFORNIA);
    events.failNext("not-connected");
    const recalculation = start([]);
    await allDone(recalculation);
    expect(recalculation.stats()).toMatchObject({ daysTotal: 1, faultsTotal: 0 });
  });

  it("has no day stored by rules that were looked up before it began and replaced since", async () => {
    const slow = Promise.withResolvers<Rules>();
    let isAsked = false;
    const writer = createClockWriter({
      clocks: createRunners({ store: events, tenant: "acme" }).clocks,
      rulesOf: (id) => {
        if (isAsked) return rulesOf(id);
        isAsked = true;
        return slow.promise;
      },
      belongingOf,
    });
    const late = [clockPunch("2026-01-13T07:00"), clockPunch("2026-01-13T17:00")];
    const recording = writer.record(new Map([["ada", late]]), cause);
    current.set("ada", CALIFORNIA);
    const range = { fromOn: "0000-01-01", toOn: "9999-12-31" };
    const recalculating = writer.recalculate("ada", range, cause);
    slow.resolve(PLAIN);
    await recording;
    const told = (await recalculating).map(({ data }) => data);
    expect(told).toMatchObject([
      { workday: { workdayOn: "2026-01-12", groups: CALIFORNIA_GROUPS } },
      { workday: { workdayOn: "2026-01-13", groups: CALIFORNIA_GROUPS } },
    ]);
  });
});

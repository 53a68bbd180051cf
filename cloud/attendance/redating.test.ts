import type { PunchOrigin } from "@clockleaf/shared/events/attendance.ts";
import { type PunchTime, punchedAtMs } from "@clockleaf/shared/wire/punch.ts";
import { constantRules, ruleSetSchema } from "@clockleaf/shared/worktime/rules.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Cause, EventStore } from "../eventing/event-store.ts";
import { createMemoryEventStore } from "../eventing/memory-event-store.ts";
import { attribute, DEFAULT_TIME_LIMITS, type People } from "./attribution.ts";
import { createClockWriter } from "./clock-writer.ts";
import { bootTimeId, quarantineId } from "./ids.ts";
import type { Quarantined } from "./reads.ts";
import { createRedating, type Redating } from "./redating.ts";
import { createRunners, type Runners } from "./runners.ts";
import type { ReadAnchor } from "./segment-rows.ts";

const NOON = Date.UTC(2026, 10, 24, 12);
const MINUTE = 60_000;
const address = { tenant: "acme", site: "hq", gateway: "gw" };
const cause: Cause = {
  source: "test",
  atMs: NOON,
  correlationId: null,
  causationId: "row",
  traceparent: undefined,
};
const PEOPLE: People = {
  periods: [{ badge: "number-1", employeeId: "ada", validFrom: 0, validTo: null }],
  employments: [{ employeeId: "ada", fromAt: 0, isActive: true }],
};

/** Taken so many minutes after a boot that does not know the time. */
function undated(bootId: string, minute: number, more: Partial<PunchTime> = {}): PunchOrigin {
  const time: PunchTime = {
    gatewayAtMs: Date.UTC(2000, 0) + minute * MINUTE,
    monotonicMs: minute * MINUTE,
    bootId,
    uncertaintyMs: null,
    deviceLocal: null,
    ...more,
  };
  return {
    punchId: `gw-e-${bootId}-${minute}`,
    site: "hq",
    gateway: "gw",
    reader: "door",
    badge: "number-1",
    time,
    hint: null,
    pin: "not-asked",
    verdict: "known",
  };
}
/** The boot was so many minutes before noon, and told it when it was an hour old. */
const anchorOf = (bootId: string, minutesBeforeNoon: number): ReadAnchor => ({
  bootId,
  gatewayAtMs: NOON - minutesBeforeNoon * MINUTE + 60 * MINUTE,
  monotonicMs: 60 * MINUTE,
  uncertaintyMs: 50,
  rowId: `gw-e-anchor-${bootId}`,
});

type Message = {
  readonly anchors: readonly ReadAnchor[];
  readonly punches: readonly PunchOrigin[];
};

/** What the intake does with a message, on a store that outlives it; `crashAfter` steps of it. */
class Cloud {
  readonly events: EventStore = createMemoryEventStore();
  readonly held = new Map<string, PunchOrigin>();
  runners!: Runners;
  redating!: Redating;
  constructor() {
    this.restart();
  }
  restart(): void {
    this.runners = createRunners({ store: this.events, tenant: "acme" });
    const rules = constantRules(ruleSetSchema.parse({}));
    this.redating = createRedating({
      runners: this.runners,
      clocks: createClockWriter({
        clocks: this.runners.clocks,
        rulesOf: () => Promise.resolve(rules),
        belongingOf: () => Promise.resolve({ departmentId: null, managerId: null }),
      }),
      peopleBehind: () => Promise.resolve(PEOPLE),
      attendanceHas: () => Promise.resolve(),
      limits: DEFAULT_TIME_LIMITS,
      waitingForTime: async (_gateway, bootId) => {
        const all = [...this.held.values()].filter(({ time }) => time.bootId === bootId);
        const waiting = await Promise.all(
          all.map(async (punch) => {
            const { state } = await this.runners.quarantines.state(quarantineId(punch.punchId));
            return state.kind === "waiting" && state.reason === "impossible-time" ? [punch] : [];
          }),
        );
        return waiting.flat().map((punch) => ({ punch, quarantined_at: NOON }) as Quarantined);
      },
    });
  }
  async take({ anchors, punches }: Message, isKilledBetween = false): Promise<void> {
    for (const punch of punches) {
      const owner = attribute(punch, PEOPLE, { atMs: NOON, limits: DEFAULT_TIME_LIMITS });
      if (owner.kind === "person") throw new Error(`dated already: ${punch.punchId}`);
      this.held.set(punch.punchId, punch);
      const command = {
        type: "quarantine",
        punch,
        zone: "UTC",
        reason: "impossible-time",
      } as const;
      await this.runners.quarantines.handle(quarantineId(punch.punchId), command, cause);
    }
    if (isKilledBetween) return this.restart();
    await this.redating.settle({ address, anchors, punches, storedAtMs: NOON }, cause);
  }
  async countedAt(): Promise<ReadonlyMap<string, number>> {
    const { state } = await this.runners.clocks.state("ada");
    const facts = [...state.facts.values()].flatMap((fact) =>
      fact.kind === "punch" ? [[fact.punchId, fact.at] as const] : [],
    );
    return new Map(facts.toSorted(([a], [b]) => a.localeCompare(b)));
  }
  async typesOf(aggregateId: string): Promise<string[]> {
    const loaded = await this.events.load({ domain: "attendance", tenant: "acme", aggregateId }, 0);
    return loaded.events.map(({ event }) => event.metadata.eventType.replace("attendance.", ""));
  }
}

describe("punches of a boot that did not know the time", () => {
  it("are dated when it does, and those of other boots, gateways and kinds are not", async () => {
    const cloud = new Cloud();
    const other = undated("b2", 10);
    const doubted = undated("b1", 20, { doubt: "no-date" });
    const old = undated("b1", 30, {
      deviceLocal: "2026-11-20T08:00:00",
      takenMonotonicMs: -4 * 1440 * MINUTE,
      takenWithinMs: 1000,
    });
    await cloud.take({ anchors: [], punches: [undated("b1", 10), other, doubted, old] });
    expect(await cloud.countedAt()).toEqual(new Map());
    await cloud.take({ anchors: [anchorOf("b1", 90)], punches: [] });
    expect(await cloud.countedAt()).toEqual(
      new Map([
        ["gw-e-b1-10", NOON - 80 * MINUTE],
        ["gw-e-b1-30", NOON - 90 * MINUTE - 4 * 1440 * MINUTE],
      ]),
    );
    expect(await cloud.typesOf(quarantineId(other.punchId))).toEqual(["punch.quarantined"]);
    expect(await cloud.typesOf(quarantineId(doubted.punchId))).toEqual(["punch.quarantined"]);
  });

  it("wait for a person where the time that comes out cannot be either", async () => {
    const cloud = new Cloud();
    const future = { ...anchorOf("b1", 0), gatewayAtMs: NOON + 100_000 * MINUTE };
    await cloud.take({ anchors: [future], punches: [undated("b1", 10)] });
    expect(await cloud.typesOf(quarantineId("gw-e-b1-10"))).toEqual(["punch.quarantined"]);
  });

  it("follow the first word of their boot, and no later one", async () => {
    const cloud = new Cloud();
    await cloud.take({ anchors: [anchorOf("b1", 90)], punches: [undated("b1", 10)] });
    await cloud.take({ anchors: [anchorOf("b1", 500)], punches: [undated("b1", 11)] });
    expect(await cloud.typesOf(bootTimeId(address, "b1"))).toEqual(["gateway-time.learned"]);
    expect([...(await cloud.countedAt()).values()]).toEqual([
      NOON - 80 * MINUTE,
      NOON - 79 * MINUTE,
    ]);
  });
});

it("whatever the order, with repeats and kills in between, each punch counts once and at its time", async () => {
  const boots = [
    { bootId: "b1", minutes: [0, 1, 2, 3], before: 200, isTold: true },
    { bootId: "b2", minutes: [0, 1, 59], before: 100, isTold: true },
    { bootId: "b3", minutes: [5], before: 50, isTold: false },
  ];
  const messages: Message[] = boots.flatMap(({ bootId, minutes, before, isTold }) => [
    ...minutes.map((minute) => ({ anchors: [], punches: [undated(bootId, minute)] })),
    ...(isTold ? [{ anchors: [anchorOf(bootId, before)], punches: [] }] : []),
  ]);
  const wanted = new Map(
    boots
      .filter(({ isTold }) => isTold)
      .flatMap(({ bootId, minutes, before }) =>
        minutes.map(
          (minute) => [`gw-e-${bootId}-${minute}`, NOON + (minute - before) * MINUTE] as const,
        ),
      )
      .toSorted(([a], [b]) => a.localeCompare(b)),
  );
  const schedule = fc.record({
    order: fc.shuffledSubarray(
      messages.map((_, index) => index),
      { minLength: messages.length, maxLength: messages.length },
    ),
    kills: fc.array(fc.boolean(), { minLength: messages.length, maxLength: messages.length }),
    repeats: fc.array(fc.nat({ max: messages.length - 1 }), { maxLength: 5 }),
  });
  await fc.assert(
    fc.asyncProperty(schedule, async ({ order, kills, repeats }) => {
      const cloud = new Cloud();
      for (const index of [...order, ...repeats]) {
        const message = messages[index];
        if (message === undefined) continue;
        // Whoever is killed before its work is done gets the message again.
        if (kills[index] === true) await cloud.take(message, true);
        await cloud.take(message);
      }
      expect(await cloud.countedAt()).toEqual(wanted);
      for (const id of wanted.keys()) {
        expect(await cloud.typesOf(quarantineId(id))).toEqual([
          "punch.quarantined",
          "punch.redated",
          "quarantine.resolved",
        ]);
      }
      expect(await cloud.typesOf(quarantineId("gw-e-b3-5"))).toEqual(["punch.quarantined"]);
    }),
    { numRuns: 60 },
  );
});

it("an undated punch says what its gateway's clock said, until it is dated", () => {
  expect(punchedAtMs(undated("b1", 10).time)).toBe(Date.UTC(2000, 0) + 10 * MINUTE);
});

import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { decode, encode } from "@clockleaf/shared/wire/codec.ts";
import type { PunchHint } from "@clockleaf/shared/wire/punch.ts";
import { siteRulesSchema } from "@clockleaf/shared/wire/roster.ts";
import { parseRuleBook, type RuleBookInput } from "@clockleaf/shared/worktime/rule-book.ts";
import type { Workday } from "@clockleaf/shared/worktime/workday.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSiteRules } from "../../cloud/fleet/site-rules.ts";
import { createAccept } from "../../edge-agent/accept.ts";
import { createGreeter, type Told } from "../../edge-agent/greeting/greeter.ts";
import { type AttendanceWorld, clock, startAttendanceWorld } from "../support/attendance-world.ts";
import { eventually } from "../support/eventually.ts";
import { entryOf } from "../support/greeting.ts";
import { findNatsServer } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import type { PretendedGateway } from "../support/pretended-gateway.ts";

const hasNats = available("nats-server", findNatsServer());

describe.skipIf(!hasNats)("the reader and the cloud", () => {
  const book: RuleBookInput = {
    groups: {
      house: {
        extends: ["plain-8-40"],
        punches: { lunches: { by: "day-window", from: "12:00", to: "13:00" }, doubleIn: "first" },
      },
      early: {
        punches: { detect: ["schedule", "reader", "key"], keys: "hint" },
        schedule: {
          templates: [{ name: "early", start: "06:00", end: "14:00" }],
          rotas: [{ name: "r", kind: "cycle", anchor: "2026-01-05", days: [["early"]] }],
        },
      },
      gates: {
        punches: {
          readers: [
            { site: "hq", reader: "gate-in", means: "in" },
            { site: "hq", reader: "gate-out", means: "out" },
          ],
        },
      },
    },
    assignments: [
      { to: "everyone", use: ["house"], from: "2026-01-01" },
      { to: { site: "hq" }, use: ["gates"], from: "2026-01-01" },
      { to: { person: "eve" }, use: ["early"], from: "2026-01-01" },
    ],
  };
  let world: AttendanceWorld;
  let gw: PretendedGateway;
  beforeAll(async () => {
    world = await startAttendanceWorld(["gw1"], book);
    gw = world.gateway("gw1");
    await gw.register({ zone: "Europe/Berlin" });
  });
  afterAll(() => world[Symbol.asyncDispose]());

  interface Tap {
    readonly time: string;
    readonly hint?: PunchHint;
    readonly reader?: string;
    readonly pin?: "wrong";
  }
  let rows = 0;

  /** Taps at the edge, sends each row up before the next, and holds what both say of it side by side. */
  async function compare(employee: string, taps: readonly Tap[]): Promise<string[]> {
    const badge = employee;
    await world.hire(employee);
    await world.assign(employee, `number-${badge}`);
    const source = await openSiteRules(world.nc, {
      book: parseRuleBook(book),
      nowMs: Date.now,
      log: silentLog(),
    });
    const sent = encode(await source.of("acme", "hq"));
    const arrived = decode(sent, siteRulesSchema, { what: "site rules" });
    const said: Array<Told | null> = [];
    let now = 0;
    const accept = createAccept({
      append(row) {
        gw.add(row);
        rows += 1;
        return Promise.resolve({ row: rows, isRepeat: false });
      },
      lookup: () => ({ kind: "known", entry: entryOf(employee, employee) }),
      greeter: createGreeter({ site: "hq", siteRules: () => arrived, log: silentLog() }),
      punchIdOf: (row) => `gw1-${gw.epoch}-${row}`,
      time: ({ deviceLocal }) => ({
        gatewayAtMs: now,
        monotonicMs: now,
        bootId: "boot",
        uncertaintyMs: 5,
        deviceLocal,
      }),
      feedback: { unknownBadge: "red", withdrawnBadge: "red" },
      onAccepted: ({ told }) => said.push(told),
      confirmBeforeCommit: false,
    });
    const words: string[] = [];
    for (const { time, hint = null, reader = "door", pin = "not-asked" } of taps) {
      now = clock(time);
      const credential = { kind: "number", value: badge } as const;
      await accept({
        reader,
        credential,
        hint,
        pin,
        deviceLocal: null,
        deviceSeq: null,
        recordKey: null,
      });
      const told = said.at(-1);
      await gw.publish(gw.segment(rows, rows));
      const punchId = `gw1-${gw.epoch}-${rows}`;
      if (pin === "wrong") {
        expect(told).toBeNull();
        continue;
      }
      const cloud = await eventually(() => readingOf(employee, punchId), {
        what: `the cloud to read the punch of ${time}`,
      });
      expect({ time, ...told }).toEqual({ time, meaning: cloud.meaning, reason: cloud.reason });
      words.push(cloud.meaning);
    }
    return words;
  }

  /** What the cloud said of a punch when it came. */
  async function readingOf(employee: string, punchId: string) {
    for (const { type, data } of await world.eventsOf(employee)) {
      if (type !== "attendance.workday.calculated") continue;
      const { workday } = data as { workday: Workday };
      const found = workday.punches.find((punch) => punch.punchId === punchId);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  it("say the same of a day with lunch, a break by the key, repeats and a wrong PIN", async () => {
    const words = await compare("ada", [
      { time: "05:58:00" },
      { time: "05:58:20" },
      { time: "07:30:00", hint: "break-start" },
      { time: "07:44:00", hint: "break-end" },
      { time: "08:00:00", pin: "wrong" },
      { time: "10:15:00" }, // 12:15 or 11:15 in Berlin, by the season
      { time: "10:45:00" },
      { time: "11:30:00" },
      { time: "11:50:00" },
      { time: "14:00:00", hint: "transfer" },
      { time: "16:00:00", hint: "out" },
      { time: "16:00:59" },
      { time: "22:30:00" },
    ]);
    expect(words).toContain("repeat");
    expect(words).toContain("break-start");
    expect(words).toContain("lunch-start");
    expect(words).toContain("transfer");
    expect(words.at(0)).toBe("in");
    expect(words.at(-1)).toBe("in");
  });

  it("say the same at readers that are ways in and out, and of two ways in in a row", async () => {
    const words = await compare("ben", [
      { time: "06:00:00", reader: "gate-in" },
      { time: "06:00:30", reader: "gate-in" },
      { time: "09:00:00", reader: "gate-in" },
      { time: "13:00:00", reader: "gate-out" },
      { time: "13:20:00" },
      { time: "15:00:00", reader: "gate-out", hint: "in" },
      { time: "21:00:00", reader: "gate-out" },
    ]);
    expect(words).toEqual(["in", "repeat", "repeat", "out", "break-end", "out", "out"]);
  });

  it("say the same by a rota of somebody’s own", async () => {
    const words = await compare("eve", [
      { time: "04:05:00" },
      { time: "08:00:00" },
      { time: "08:20:00" },
      { time: "12:10:00", hint: "in" },
      { time: "12:50:00" },
    ]);
    expect(words).toHaveLength(5);
  });
});

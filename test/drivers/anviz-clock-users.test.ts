import type { AnvizTerminal } from "@clockleaf/hardware-sim/anviz/terminal.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AnvizRig, quick } from "../support/anviz-rig.ts";
import { eventually } from "../support/eventually.ts";

const SITE_MS = Date.UTC(2026, 10, 24, 12, 0, 0); // what `recordedDeps` says is the time at the site
const OFTEN = { lookAtClockEveryS: 1 };

let rig: AnvizRig;
beforeEach(() => {
  rig = new AnvizRig();
});
afterEach(() => rig.close());

const addTerminal = (): AnvizTerminal => rig.addTerminal({ wallMs: () => SITE_MS });
const looks = (): boolean[] => rig.deps.clocks.map(([, { isLogRead }]) => isLogRead);
const shown = (): string | undefined => rig.deps.clocks.at(-1)?.[1].deviceLocal;

describe("the clock of an Anviz terminal", () => {
  test("is told before the log is read and again when it is, and left alone unless setting it is advised", async () => {
    const terminal = addTerminal();
    terminal.clock.offset(90);
    terminal.punch({ user: 7 });
    rig.attach();
    rig.start(quick(OFTEN));
    await eventually(() => looks().length >= 3);
    expect(looks().slice(0, 3)).toEqual([false, true, true]);
    expect(rig.deps.clocks[0]).toEqual([
      "a",
      { deviceLocal: "2026-11-24T12:01:30", roundTripMs: expect.any(Number), isLogRead: false },
    ]);
    expect(terminal.heard().has(0x39)).toBe(false);
  });

  test("is set as advised, after everything punched before was read, and told again", async () => {
    const terminal = addTerminal();
    terminal.clock.offset(31);
    for (let user = 1; user <= 60; user += 1) terminal.punch({ user });
    let unreadWhenSet: number | undefined;
    rig.attach((line) => ({
      ...line,
      onData: (listener) =>
        line.onData((chunk) => {
          if (chunk[5] === 0x39) unreadWhenSet = terminal.log.counts().new;
          listener(chunk);
        }),
    }));
    rig.deps.clockVerdict = { offset: { offsetMs: 31_000, withinMs: 500 }, advice: "set" };
    rig.start(quick({}));
    await eventually(() => rig.counters()["clock_set"] === 1);
    await eventually(() => shown() === "2026-11-24T12:00:00");
    expect(unreadWhenSet).toBe(0);
    expect(rig.deps.readings[0]?.deviceLocal).toBe("2026-11-24T12:00:31");
    expect(terminal.clock.read()).toEqual([26, 11, 24, 12, 0, 0]);
  });

  test("is never set by a gateway that does not know the time itself", async () => {
    rig.deps.localTime = () => null;
    rig.deps.clockVerdict = { offset: null, advice: "set" };
    const terminal = addTerminal();
    rig.attach();
    rig.start(quick(OFTEN));
    await eventually(() => (terminal.heard().get(0x38) ?? 0) >= 3);
    expect(terminal.heard().has(0x39)).toBe(false);
    await expect(rig.deps.offered.get("a")?.resyncClock?.()).rejects.toMatchObject({
      code: "device.refused",
    });
  });

  test("that shows no date is a worry until it is set", async () => {
    const terminal = addTerminal();
    terminal.clock.show([0, 0, 0, 0, 0, 0]);
    rig.attach();
    rig.start(quick({}));
    await eventually(() => rig.deps.health.get("a")?.fault?.message.includes("no date"));
    expect(rig.deps.health.get("a")?.state).toBe("fault");
    expect(shown()).toBe("no date");
    rig.deps.clockVerdict = { offset: null, advice: "set" };
    await rig.again(quick({}));
    await eventually(() => rig.deps.health.get("a")?.state === "online");
    expect(terminal.clock.read()).toEqual([26, 11, 24, 12, 0, 0]);
  });

  test("that stands still is a worry; what is punched meanwhile is stored all the same", async () => {
    const terminal = addTerminal();
    terminal.clock.stick();
    // Ten seconds for each look at the time: no test waits for them.
    let now = 0;
    rig.deps.now = () => (now += 10_000);
    rig.attach();
    rig.start(quick({ ...OFTEN, turnaroundMs: 0 }));
    await eventually(() => rig.deps.health.get("a")?.fault?.message.includes("stands still"));
    for (let punch = 1; punch <= 5; punch += 1) terminal.punch({ user: 7 });
    await eventually(() => rig.rows.size === 5);
    expect(rig.facts()["clockStuck"]).toBe(true);
    expect(new Set(rig.deps.readings.map(({ deviceLocal }) => deviceLocal)).size).toBe(1);
  });

  test("is set when somebody asks for it; a terminal that is not there is said not to be", async () => {
    const terminal = addTerminal();
    terminal.clock.offset(-500);
    rig.attach();
    rig.start(quick({}));
    await eventually(() => rig.deps.clocks.length === 2);
    await rig.deps.offered.get("a")?.resyncClock?.();
    expect(terminal.clock.read()).toEqual([26, 11, 24, 12, 0, 0]);
    terminal.setPower(false);
    await expect(rig.deps.offered.get("a")?.resyncClock?.()).rejects.toMatchObject({
      code: "device.no-reply",
    });
  });
});

const person = (number: number) => ({
  number,
  name: `P ${number}`,
  card: number % 2 === 0 ? number * 1_000 : null,
  department: 1,
  group: 1,
  mode: 6,
  isAdmin: number === 1,
  password: number % 3 === 0 ? String(1_000 + number) : null,
});
const readers = (userLayout: string) => ({ readers: [{ id: "a", deviceNumber: 1, userLayout }] });

describe("the list of users of an Anviz terminal", () => {
  test.each(["27", "30", "40"] as const)(
    "of %s bytes each is pushed and pulled while people punch, and fingers stay",
    async (layout) => {
      const terminal = rig.addTerminal({ layout });
      rig.attach();
      rig.start(quick(readers(layout)));
      const driven = await eventually(() => rig.driven[0]);
      const people = Array.from({ length: 30 }, (_, at) => person(at + 1));
      const pushing = driven.pushUsers(people);
      terminal.punch({ user: 3 });
      expect(await pushing).toEqual([]);
      terminal.users.enrol(3, 0);
      expect(await driven.pushUsers([{ ...person(3), name: "Renamed" }])).toEqual([]);
      const known = await driven.pullUsers();
      expect(known).toEqual(
        people.map((each) => {
          const { password, ...rest } = each;
          const isThird = each.number === 3;
          const name = isThird ? "Renamed" : each.name;
          const hasPassword = password !== null;
          return Object.assign(rest, { name, hasPassword, fingers: isThird ? 1 : 0 });
        }),
      );
      await eventually(() => rig.rows.size === 1 && rig.facts()["users"] === 30);
    },
  );

  test("that is full says who did not fit", async () => {
    rig.addTerminal({ userCapacity: 5 });
    rig.attach();
    rig.start(quick(readers("40")));
    const driven = await eventually(() => rig.driven[0]);
    const people = [1, 2, 3, 4, 5, 6, 7].map(person);
    expect(await driven.pushUsers(people)).toEqual([6, 7]);
    await expect(driven.pushUsers([person(8)])).rejects.toMatchObject({
      code: "device.refused",
      message: expect.stringContaining("full"),
    });
  });

  test("with one who fits nowhere is not sent at all", async () => {
    const terminal = rig.addTerminal();
    rig.attach();
    rig.start(quick(readers("40")));
    const driven = await eventually(() => rig.driven[0]);
    const people = [...Array.from({ length: 10 }, (_, at) => person(at + 1)), person(-1)];
    await expect(driven.pushUsers(people)).rejects.toMatchObject({ code: "config.invalid" });
    expect(terminal.heard().has(0x73)).toBe(false);
  });

  test("cannot be had while the line is not open", async () => {
    rig.addTerminal();
    rig.attach();
    rig.start(quick(readers("40")));
    const driven = await eventually(() => rig.driven[0]);
    await rig.end();
    await expect(driven.pullUsers()).rejects.toMatchObject({ code: "port.lost" });
  });
});

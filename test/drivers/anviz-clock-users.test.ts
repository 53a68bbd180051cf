import type { AnvizTerminal } from "@clockleaf/hardware-sim/anviz/terminal.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AnvizRig, quick } from "../support/anviz-rig.ts";
import { eventually } from "../support/eventually.ts";

/** 08:30:00 at the site, an hour less in UTC. */
const UTC_MS = Date.UTC(2026, 10, 23, 7, 30, 0);
const SITE_MS = Date.UTC(2026, 10, 23, 8, 30, 0);
const BERLIN = { timeZone: "Europe/Berlin", checkEveryS: 1 };

let rig: AnvizRig;
beforeEach(() => {
  rig = new AnvizRig();
  rig.wallMs = () => UTC_MS;
});
afterEach(() => rig.close());

const drift = (): unknown => rig.facts()["clockDriftS"];
const addTerminal = (): AnvizTerminal => rig.addTerminal({ wallMs: () => SITE_MS });

describe("the clock of an Anviz terminal", () => {
  test.each([0, 90, -4_000])(
    "that is %i seconds off is said to be so, and left alone",
    async (off) => {
      const terminal = addTerminal();
      terminal.clock.offset(off);
      rig.attach();
      rig.start(quick({ clock: BERLIN }));
      await eventually(() => drift() === off);
      await eventually(() => (terminal.heard().get(0x38) ?? 0) >= 3);
      expect(terminal.heard().has(0x39)).toBe(false);
    },
  );

  test("is neither measured nor set where nobody said what zone it is in", async () => {
    addTerminal();
    rig.attach();
    rig.start(quick({}));
    await eventually(() => rig.deps.statuses.length === 1);
    expect(drift()).toBeUndefined();
    expect(rig.deps.offered.get("a")).toEqual({});
  });

  test("is set once it is off by more than allowed, after everything punched before was read", async () => {
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
    rig.start(quick({ clock: { ...BERLIN, setAboveS: 30 } }));
    await eventually(() => drift() === 0);
    expect(unreadWhenSet).toBe(0);
    expect(rig.counters()["clock_set"]).toBe(1);
    expect(rig.deps.readings.map(({ deviceLocal }) => deviceLocal)[0]).toBe("2026-11-23T08:30:31");
    expect(terminal.clock.read()).toEqual([26, 11, 23, 8, 30, 0]);
    // A little off is left as it is.
    terminal.clock.offset(30);
    await eventually(() => drift() === 30);
    expect(rig.counters()["clock_set"]).toBe(1);
  });

  test("is never set by a gateway that does not know the time itself", async () => {
    rig.wallMs = () => Date.UTC(2000, 0, 1);
    const terminal = addTerminal();
    rig.attach();
    rig.start(quick({ clock: { ...BERLIN, setAboveS: 2 } }));
    await eventually(() => (terminal.heard().get(0x38) ?? 0) >= 3);
    expect(terminal.heard().has(0x39)).toBe(false);
    await expect(rig.deps.offered.get("a")?.resyncClock?.()).rejects.toMatchObject({
      code: "config.invalid",
    });
  });

  test("that shows no date is a worry, and set where the configuration allows it", async () => {
    const terminal = addTerminal();
    terminal.clock.show([0, 0, 0, 0, 0, 0]);
    rig.attach();
    rig.start(quick({ clock: BERLIN }));
    await eventually(() => rig.deps.health.get("a")?.fault?.message.includes("no date"));
    expect(rig.deps.health.get("a")?.state).toBe("fault");
    await rig.again(quick({ clock: { ...BERLIN, setAboveS: 2 } }));
    await eventually(() => drift() === 0);
    expect(rig.deps.health.get("a")?.state).toBe("online");
  });

  test("that stands still is a worry; what is punched meanwhile is stored all the same", async () => {
    const terminal = addTerminal();
    terminal.clock.stick();
    // Ten seconds for each look at the time: no test waits for them.
    let now = 0;
    rig.deps.now = () => (now += 10_000);
    rig.attach();
    rig.start(quick({ clock: BERLIN, turnaroundMs: 0 }));
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
    rig.start(quick({ clock: { timeZone: "Europe/Berlin" } }));
    await eventually(() => drift() === -500);
    await rig.deps.offered.get("a")?.resyncClock?.();
    expect(drift()).toBe(0);
    expect(terminal.clock.read()).toEqual([26, 11, 23, 8, 30, 0]);
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

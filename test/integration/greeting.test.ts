import { type IncomingMessage, request } from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type HidReader, listenHidReader } from "@clockleaf/hardware-sim/hid/socket.ts";
import type { PunchOrigin } from "@clockleaf/shared/events/attendance.ts";
import { ruleGroupsOf } from "@clockleaf/shared/events/employee.ts";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { createShutdown, type Shutdown } from "@clockleaf/shared/lib/shutdown.ts";
import { BUCKETS, directoryKey, gatewayKey } from "@clockleaf/shared/subjects.ts";
import { decode, encode } from "@clockleaf/shared/wire/codec.ts";
import type { DirectoryEntry } from "@clockleaf/shared/wire/directory.ts";
import { createNkey } from "@clockleaf/shared/wire/nkey.ts";
import { type PunchHint, punchHintSchema } from "@clockleaf/shared/wire/punch.ts";
import { siteRulesSchema } from "@clockleaf/shared/wire/roster.ts";
import {
  parseRuleBook,
  type RuleBook,
  type RuleBookInput,
  rulesFor,
} from "@clockleaf/shared/worktime/rule-book.ts";
import type { Workday } from "@clockleaf/shared/worktime/workday.ts";
import { Kvm } from "@nats-io/kv";
import fc from "fast-check";
import type { NatsConnection } from "nats";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { clockDecider } from "../../cloud/attendance/decider.ts";
import { isRefusal } from "../../cloud/eventing/decider.ts";
import { type RosterServer, serveRoster } from "../../cloud/fleet/roster.ts";
import { openSiteRules } from "../../cloud/fleet/site-rules.ts";
import { type Accepted, createAccept } from "../../edge-agent/accept.ts";
import { startAgent } from "../../edge-agent/agent.ts";
import { configSchema, type EdgeConfig } from "../../edge-agent/config.ts";
import { createGreeter, type Told } from "../../edge-agent/greeting/greeter.ts";
import { CONTROL_SOCKET } from "../../edge-agent/health/control.ts";
import { askStatus } from "../../edge-agent/health/control-client.ts";
import { TEST_HOST } from "../support/agent-host.ts";
import { type AttendanceWorld, clock, startAttendanceWorld } from "../support/attendance-world.ts";
import { eventually } from "../support/eventually.ts";
import { findNatsServer, type Site, startSite, TEST_GATEWAY } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import { person } from "../support/people.ts";
import type { PretendedGateway } from "../support/pretended-gateway.ts";
import { applyTestTopology } from "../support/uplink-rig.ts";
import { RICH_RULES } from "../support/worktime-rules.ts";

const hasNats = available("nats-server", findNatsServer());

const everyoneUses = (house: Record<string, unknown>): RuleBook =>
  parseRuleBook({
    groups: { house },
    assignments: [{ to: "everyone", use: ["house"], from: "2026-01-01" }],
  });
const entryOf = (employeeId: string, greeting: string): DirectoryEntry => {
  const data = person(employeeId);
  const { siteIds: sites } = data;
  const groups = ruleGroupsOf(data);
  return {
    employeeId,
    greeting,
    state: "valid",
    validFromMs: 0,
    pin: null,
    sites,
    groups,
  };
};

describe.skipIf(!hasNats)("an agent", () => {
  let site: Site;
  let cloud: NatsConnection;
  let server: RosterServer;
  let desk: HidReader;
  let agent: Agent;

  /** In and out take turns, however fast somebody taps. */
  const inTurns = everyoneUses({ punches: { repeatWindow: 0, breaks: { by: "claim" } } });
  const wayOut = everyoneUses({
    punches: { repeatWindow: 0, readers: [{ reader: "desk", means: "out" }] },
  });

  beforeEach(async () => {
    site = await startSite();
    await applyTestTopology(site);
    cloud = await site.connectCloud("cloud-all");
    const gateways = await new Kvm(cloud).open(BUCKETS.gateways);
    const record = { publicKey: createNkey().publicKey, name: "Gate", zone: "Europe/Berlin" };
    await gateways.put(
      gatewayKey(TEST_GATEWAY),
      encode({ ...record, registeredAtMs: 0, status: "active" }),
    );
    server = await serve(inTurns);
    await give("number-10001", "ada");
    desk = await listenHidReader(join(site.dir, "desk.sock"));
    agent = await start();
  });
  afterEach(async () => {
    await agent.stop();
    await desk.close();
    server.close();
    await site.stop();
  });

  async function serve(book: RuleBook): Promise<RosterServer> {
    const nc = await site.connectCloud("cloud-consumers");
    const rules = await openSiteRules(nc, { book, nowMs: Date.now, log: silentLog() });
    return serveRoster({ nc, log: silentLog(), rules });
  }
  async function give(badge: string, employeeId: string): Promise<void> {
    const directory = await new Kvm(cloud).open(BUCKETS.directory);
    const entry = entryOf(employeeId, `${employeeId} L.`);
    await directory.put(directoryKey("acme", "hq", badge), encode(entry));
  }
  async function start(): Promise<Agent> {
    const config = configSchema.parse({
      configVersion: 1,
      ...TEST_GATEWAY,
      runtimeDir: join(site.dir, "run"),
      directoryFile: join(site.dir, "directory.db"),
      journal: { path: join(site.dir, "journal.db") },
      nats: {
        servers: [site.leaf().server.url],
        seedFile: site.deployment.gateway(TEST_GATEWAY).seedFile,
      },
      lines: [
        {
          driver: "hid-keyboard",
          port: { hidSocket: { path: desk.path } },
          settings: { reader: "desk" },
        },
      ],
    });
    const running = await runAgent(config);
    await eventually(() => desk.connected(), { what: "the agent at its reader" });
    return running;
  }
  /** What a display beside the reader shows after one tap. */
  async function tap(badge = "10001"): Promise<string | null> {
    desk.tap(badge);
    const { feedback } = await agent.nextAccepted();
    return feedback.text;
  }
  const knows = (entries: number): Promise<unknown> =>
    eventually(async () => (await agent.entries()) === entries, {
      what: `${entries} badges known`,
    });

  it("greets with the cloud's rules, from what was punched before", async () => {
    await knows(1);
    expect(await tap()).toBe("IN ada L.");
    expect(await tap()).toBe("OUT ada L.");
    expect(await tap()).toBe("IN ada L.");
    desk.tap("10001");
    expect(await agent.nextAccepted()).toMatchObject({
      told: { meaning: "out", reason: "was in, so this is the way out" },
      feedback: { light: "green" },
    });
  });

  it("goes by the new book once the cloud was started again with another", async () => {
    await knows(1);
    expect(await tap()).toBe("IN ada L.");
    server.close();
    server = await serve(wayOut);
    await give("number-10002", "ben"); // a notice; without one the gateway asks within 15 s
    await knows(2);
    expect(await tap()).toBe("OUT ada L.");
    expect(await tap()).toBe("OUT ada L.");
  });

  it("started again without a link, it knows rules, people and who is in", async () => {
    await knows(1);
    expect(await tap()).toBe("IN ada L.");
    site.leaf().link.cut();
    await agent.stop();
    agent = await start();
    expect(await tap()).toBe("OUT ada L.");
    await agent.stop();
    agent = await start();
    expect(await tap()).toBe("IN ada L.");
  });
});

interface Agent {
  /** How many badges it knows once all are loaded; null before. */
  entries(): Promise<number | null>;
  nextAccepted(): Promise<Accepted>;
  stop(): Promise<void>;
}

async function runAgent(config: EdgeConfig): Promise<Agent> {
  const log = silentLog();
  const shutdown: Shutdown = createShutdown(log);
  await startAgent({ config, log, shutdown, host: TEST_HOST });
  const { runtimeDir } = config;
  const feed = await new Promise<IncomingMessage>((resolve, reject) => {
    const socketPath = join(runtimeDir, CONTROL_SOCKET);
    request({ socketPath, path: "/tap" }, resolve).once("error", reject).end();
  });
  feed.on("error", () => undefined);
  const lines = createInterface({ input: feed })[Symbol.asyncIterator]();
  return {
    async entries() {
      const { directory } = await askStatus(runtimeDir);
      return directory.state === "loaded" ? directory.entries : null;
    },
    async nextAccepted() {
      const { value } = await lines.next();
      const accepted: Accepted = JSON.parse(String(value));
      return accepted;
    },
    stop: () => shutdown.stop("test"),
  };
}

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

const SEED = Number(process.env["WORKTIME_SEED"] ?? 20_260_112);
const RUNS = Number(process.env["WORKTIME_RUNS"] ?? 60);
process.stdout.write(`greeting property tests: seed ${SEED}, ${RUNS} runs for each rule set\n`);

describe("whatever the rules and the punches of a week", () => {
  const START = Date.UTC(2026, 2, 26); // the clocks of Berlin go forward on the 29th
  const punches = fc.array(
    fc.record({
      afterMs: fc.oneof(
        fc.integer({ min: 0, max: 90 }).map((seconds) => seconds * 1000),
        fc.integer({ min: 1, max: 90 }).map((minutes) => minutes * 60_000),
        fc.integer({ min: 1, max: 30 }).map((hours) => hours * 3_600_000),
      ),
      hint: fc.option(fc.constantFrom(...punchHintSchema.options), { nil: null, freq: 3 }),
      reader: fc.constantFrom("door", "gate"),
    }),
    { minLength: 1, maxLength: 16 },
  );

  it.each(Object.entries(RICH_RULES))(
    "the reader says what the cloud decides when the punch comes, with the rules “%s”",
    (_name, house) => {
      const book = everyoneUses(house);
      const site = { revision: "1", zone: "Europe/Berlin", book: decodedCopy(book) };
      const rules = rulesFor(book, { personId: "ada", sites: ["hq"], groups: [] });
      fc.assert(
        fc.property(punches, (made) => {
          const greeter = createGreeter({ site: "hq", siteRules: () => site, log: silentLog() });
          let state = clockDecider.initial;
          let at = START;
          for (const [index, { afterMs, hint, reader }] of made.entries()) {
            at += afterMs;
            if (at > START + 7 * 24 * 3_600_000) return;
            const punchId = `gw1-e-${String(index).padStart(3, "0")}`;
            const told = greeter.tell(entryOf("ada", "ada"), { at, hint, reader });
            greeter.remember("ada", punchId, { at, hint, reader });
            const punch = originOf({ punchId, at, hint, reader });
            const events = clockDecider.decide(state, {
              type: "record-clock",
              employeeId: "ada",
              punches: [{ punch, at, zone: site.zone }],
              rules,
            });
            if (isRefusal(events)) throw new Error("refused");
            state = events.reduce((now, event) => clockDecider.evolve(now, event), state);
            const reading = [...state.workdays.values()]
              .flatMap(({ workday }) => workday.punches)
              .find((each) => each.punchId === punchId);
            expect(told).toEqual({ meaning: reading?.meaning, reason: reading?.reason });
          }
        }),
        { seed: SEED, numRuns: RUNS },
      );
    },
  );
});

const decodedCopy = (book: RuleBook): unknown =>
  decode(encode(book), z.unknown(), { what: "rule book" });

const originOf = ({
  punchId,
  at,
  hint,
  reader,
}: Pick<PunchOrigin, "punchId" | "hint" | "reader"> & { readonly at: number }): PunchOrigin => ({
  punchId,
  site: "hq",
  gateway: "gw1",
  reader,
  badge: "number-1",
  time: { gatewayAtMs: at, monotonicMs: 1, bootId: "b", uncertaintyMs: 5, deviceLocal: null },
  hint,
  pin: "not-asked",
  verdict: "known",
});

import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { makeCard } from "@clockleaf/hardware-sim/cards.ts";
import { faultyLine } from "@clockleaf/hardware-sim/faults/faulty-line.ts";
import { attachBus } from "@clockleaf/hardware-sim/osdp/bus.ts";
import {
  createReader,
  type OsdpReader,
  type ReaderEvent,
} from "@clockleaf/hardware-sim/osdp/reader.ts";
import { openPty, type Pty } from "@clockleaf/hardware-sim/pty.ts";
import { createRandom } from "@clockleaf/hardware-sim/random.ts";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../support/eventually.ts";
import { ensureLibosdp } from "../support/libosdp.ts";
import { available } from "../support/parts.ts";

/**
 * libosdp's own controller (PyPI, Apache-2.0) polls the simulated readers over a pseudo-terminal: the witness that the
 * simulator speaks OSDP and not a dialect of ours.
 */
const found = await ensureLibosdp();
const python = typeof found === "string" ? found : undefined;

const CONTROLLER = `
import json, sys, osdp, serial

class Line(osdp.Channel):
    def __init__(self, path):
        super().__init__()
        self.port = serial.Serial(path, 115200, timeout=0)
    def read(self, max_bytes):
        return self.port.read(max_bytes)
    def write(self, buf):
        return self.port.write(buf)
    def flush(self):
        self.port.flush()

def say(**fact):
    print(json.dumps(fact, default=lambda b: b.hex()), flush=True)

config = json.loads(sys.argv[1])
line = Line(config["path"])
cp = osdp.ControlPanel(
    [osdp.PDInfo(pd["address"], line, scbk=bytes.fromhex(pd["key"]), flags=[osdp.LibFlag.EnforceSecure])
     for pd in config["readers"]],
    log_level=osdp.LogLevel.Critical,
    event_handler=lambda pd, event: say(pd=pd, event=event) or 0,
    command_completion_handler=lambda address, command, status: say(address=address, done=status))
cp.start()
say(secure=cp.sc_wait_all(timeout=20))
for text in sys.stdin:
    order = json.loads(text)
    command = order["command"]
    command["command"] = getattr(osdp.Command, command["command"])
    say(submitted=cp.submit_command(order["address"], command))
cp.teardown()
`;

interface Fact {
  readonly secure?: boolean;
  readonly pd?: number;
  readonly event?: Record<string, unknown>;
  readonly address?: number;
  readonly done?: number;
}

interface Controller {
  readonly facts: readonly Fact[];
  order(address: number, command: Record<string, unknown>): void;
  stop(): Promise<void>;
}

interface ReaderSpec {
  readonly address: number;
  readonly key: string;
}

const READERS: readonly ReaderSpec[] = [
  { address: 0, key: "000102030405060708090a0b0c0d0e0f" },
  { address: 5, key: "d459f02f6602e5651f3b553bc283d43e" },
];

function startController(path: string, readers = READERS): Controller {
  const config = JSON.stringify({ path, readers });
  const child: ChildProcessWithoutNullStreams = spawn(python ?? "", ["-c", CONTROLLER, config]);
  const facts: Fact[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => {
    if (line.startsWith("{")) facts.push(JSON.parse(line) as Fact);
  });
  child.stderr.resume();
  const exited = once(child, "exit");
  return {
    facts,
    order: (address, command) => {
      child.stdin.write(`${JSON.stringify({ address, command })}\n`);
    },
    async stop() {
      child.stdin.end();
      const timer = setTimeout(() => child.kill("SIGKILL"), 5_000);
      await exited;
      clearTimeout(timer);
    },
  };
}

function makeReader({ address, key }: ReaderSpec, events: ReaderEvent[]): OsdpReader {
  const random = createRandom(`foreign-controller-${address}`);
  const reader = createReader({
    address,
    scbk: Uint8Array.from(Buffer.from(key, "hex")),
    now: () => performance.now(),
    random: (length) => random.bytes(length),
  });
  reader.onEvent((event) => events.push(event));
  return reader;
}

describe.skipIf(!available("libosdp", python))("libosdp's controller and our readers", () => {
  let pty: Pty;
  let controller: Controller;
  const events: ReaderEvent[][] = [[], []];
  const readers = READERS.map((spec, index) => makeReader(spec, events[index] ?? []));
  const [first, second] = readers as [OsdpReader, OsdpReader];

  beforeAll(async () => {
    pty = openPty();
    attachBus(pty, { readers, now: () => performance.now() });
    controller = startController(pty.slavePath);
    await eventually(() => controller.facts.some(({ secure }) => secure === true), {
      what: "secure channel with both readers",
      timeoutMs: 30_000,
    });
  });
  afterAll(async () => {
    await controller.stop();
    await pty.close();
  });
  afterEach(() => {
    for (const list of events) list.length = 0;
  });

  const eventsAt = (pd: number): Fact[] =>
    controller.facts.filter((fact) => fact.pd === pd && fact.event !== undefined);

  it("open a secure channel each on one line", () => {
    expect(readers.map((reader) => reader.counters()["sessions"])).toEqual([1, 1]);
    expect(readers.map((reader) => reader.counters()["badMacs"])).toEqual([undefined, undefined]);
  });

  it("hand over a card bit for bit and forget it once it is acknowledged", async () => {
    second.tap(makeCard(26, 123, 45_678), "card");
    const fact = await eventually(() => eventsAt(1).at(0), { what: "card event" });
    expect(fact.event).toMatchObject({ reader_no: 0, length: 26, data: "bdd93740" });
    await eventually(() => second.pending() === 0);
    expect(events[1]).toEqual([
      { kind: "offered", tap: "card" },
      { kind: "acknowledged", tap: "card" },
    ]);
    expect(eventsAt(0)).toEqual([]);
  });

  it("hand over the keys of a typed number in order", async () => {
    first.type("1047#", "number");
    await eventually(() => eventsAt(0).length === 5, { what: "five key events" });
    const keys = eventsAt(0).map(({ event }) => event?.["data"]);
    expect(keys.join("")).toBe("313034370d");
  });

  it("show the light and sound the beep that the controller ordered, and acknowledge both", async () => {
    const before = controller.facts.filter(({ done }) => done === 0).length;
    controller.order(5, {
      command: "LED",
      reader: 0,
      led_number: 0,
      temporary: true,
      control_code: 2,
      on_count: 10,
      off_count: 0,
      on_color: 2,
      off_color: 0,
      timer_count: 15,
    });
    controller.order(5, {
      command: "Buzzer",
      reader: 0,
      control_code: 2,
      on_count: 2,
      off_count: 1,
      rep_count: 1,
    });
    await eventually(() => (events[1]?.length ?? 0) >= 2, { what: "light and beep" });
    expect(events[1]).toEqual([
      { kind: "light", colour: "green", temporary: true, forMs: 1_500 },
      { kind: "beep", onMs: 200, count: 1 },
    ]);
    await eventually(() => controller.facts.filter(({ done }) => done === 0).length >= before + 2, {
      what: "both commands completed",
    });
  });
});

describe.skipIf(!available("libosdp", python))("libosdp's controller on a bad line", () => {
  it("still gets every card exactly once and in order, because replies repeat bit for bit", async () => {
    const events: ReaderEvent[] = [];
    const reader = makeReader({ address: 5, key: READERS[1]?.key ?? "" }, events);
    const pty = openPty();
    const line = faultyLine(pty, {
      random: createRandom(7),
      // Lost bytes only: after a damaged reply libosdp's controller gives the reader up for minutes.
      toTerminal: { drop: 0.002 },
      toController: { drop: 0.004 },
    });
    attachBus(line, { readers: [reader], now: () => performance.now() });
    const controller = startController(pty.slavePath, READERS.slice(1));
    try {
      await eventually(() => controller.facts.some(({ secure }) => secure === true), {
        what: "secure channel on a bad line",
        timeoutMs: 30_000,
      });
      const cards = Array.from({ length: 12 }, (_, index) => makeCard(26, 9, index));
      for (const [index, card] of cards.entries()) reader.tap(card, String(index));
      const arrived = (): unknown[] =>
        controller.facts.flatMap(({ event }) =>
          event?.["data"] === undefined ? [] : [event["data"]],
        );
      await eventually(() => arrived().length >= cards.length, {
        what: "all cards",
        timeoutMs: 40_000,
      });
      expect(arrived()).toEqual(cards.map(({ bytes }) => Buffer.from(bytes).toString("hex")));
      expect(reader.counters()["retransmits"]).toBeGreaterThan(0);
    } finally {
      await controller.stop();
      await pty.close();
    }
  });
});

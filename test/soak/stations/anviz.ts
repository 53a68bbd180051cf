import { setTimeout as sleep } from "node:timers/promises";
import { attachTerminals } from "@clockleaf/hardware-sim/anviz/bus.ts";
import { type AnvizTerminal, createAnvizTerminal } from "@clockleaf/hardware-sim/anviz/terminal.ts";
import { type FaultyLine, faultyLine } from "@clockleaf/hardware-sim/faults/faulty-line.ts";
import type { Random } from "@clockleaf/hardware-sim/random.ts";
import { listenTcp } from "@clockleaf/hardware-sim/tcp.ts";
import type { Ledger } from "../ledger.ts";
import type { Mishap, Place, Station, StationDeps } from "./station.ts";
import { add, openWire } from "./wire.ts";

const SHARE = 1.5;
/** Somebody who is not sure comes again in the same second: two records that look the same. */
const TWICE = 0.03;
const SERIAL_FAULTS = {
  drop: 0.0005,
  flip: 0.0005,
  noise: 0.01,
  split: 0.1,
  splitMs: 20,
  late: 0.01,
  lateMs: 200,
  twice: 0.005,
};
/** TCP brings everything, in other pieces and late. */
const TCP_FAULTS = { split: 0.2, late: 0.02, lateMs: 200 };

/** Two terminals on one RS-485 line. */
export function anvizBusStation(deps: StationDeps): Station {
  const units = [openUnit("anviz-1", 1, deps), openUnit("anviz-2", 2, deps)];
  const terminals = units.map(({ terminal }) => terminal);
  const wire = openWire(
    {
      name: "anviz-bus",
      readers: units.map(({ place }) => place.reader),
      faults: SERIAL_FAULTS,
      attach: (line) => void attachTerminals(line, { terminals, now: () => performance.now() }),
    },
    deps,
  );
  return {
    lines: [
      {
        driver: "anviz",
        port: { serial: { path: wire.path, baudRate: 115_200 } },
        settings: { readers: units.map(({ settings }) => settings) },
      },
    ],
    places: units.map(({ place }) => place),
    mishaps: [...wire.mishaps, ...units.flatMap(({ mishaps }) => mishaps)],
    pending: () => pendingOf(terminals),
    faults: () => wire.faults(),
    close: () => wire.close(),
  };
}

/** One on the network, that tells of each punch as it is made. */
export async function anvizTcpStation(deps: StationDeps): Promise<Station> {
  const unit = openUnit("anviz-tcp", 1, deps);
  const { terminal } = unit;
  const past: Record<string, number> = {};
  const tcpFaults = deps.withFaults ? TCP_FAULTS : {};
  let line: FaultyLine | undefined;
  let calls = 0;
  const listener = await listenTcp(0, (socket) => {
    add(past, line?.counters() ?? {});
    calls += 1;
    const random = deps.random.fork(`anviz-tcp ${calls}`);
    line = faultyLine(socket, { random, toTerminal: tcpFaults, toController: tcpFaults });
    attachTerminals(line, { terminals: [terminal], now: () => performance.now() });
  });
  return {
    lines: [
      {
        driver: "anviz",
        port: { tcp: { host: "127.0.0.1", port: listener.port } },
        settings: { turnaroundMs: 0, frameGapMs: 0, realTime: true, readers: [unit.settings] },
      },
    ],
    places: [unit.place],
    mishaps: [
      ...unit.mishaps,
      {
        name: "connection torn",
        readers: [unit.place.reader],
        async strike() {
          listener.hangUp();
        },
      },
    ],
    pending: () => pendingOf([terminal]),
    faults: () => add({ ...past }, line?.counters() ?? {}),
    close: () => listener.close(),
  };
}

const pendingOf = (terminals: readonly AnvizTerminal[]): number =>
  terminals.reduce((sum, { log }) => sum + log.counts().new, 0);

interface Unit {
  readonly terminal: AnvizTerminal;
  readonly place: Place;
  readonly settings: object;
  readonly mishaps: readonly Mishap[];
}

function openUnit(reader: string, deviceNumber: number, deps: StationDeps): Unit {
  const terminal = createAnvizTerminal({ ch: deviceNumber, wallMs: () => Date.now() });
  const tap = people(reader, terminal, deps);
  return {
    terminal,
    settings: { id: reader, deviceNumber },
    place: { reader, share: SHARE, tap },
    mishaps: [
      {
        name: "terminal without power",
        readers: [reader],
        async strike(forMs) {
          terminal.setPower(false);
          await sleep(forMs);
          terminal.setPower(true);
        },
      },
    ],
  };
}

function people(
  reader: string,
  terminal: AnvizTerminal,
  { ledger, random }: { readonly ledger: Ledger; readonly random: Random },
): () => void {
  const own = random.fork(reader);
  let user = 0;
  const punch = (): void => {
    const tap = ledger.add(reader, `number-${reader}-${user}`);
    if (terminal.punch({ user })) ledger.kept(tap);
    else ledger.gone(tap, "turned away: no power");
  };
  return () => {
    user += 1;
    punch();
    if (own.chance(TWICE)) punch();
  };
}

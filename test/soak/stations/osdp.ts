import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cardCredential, makeCard } from "@clockleaf/hardware-sim/cards.ts";
import { attachBus } from "@clockleaf/hardware-sim/osdp/bus.ts";
import { createReader, type OsdpReader } from "@clockleaf/hardware-sim/osdp/reader.ts";
import { badgeKey } from "@clockleaf/shared/wire/punch.ts";
import type { Ledger } from "../ledger.ts";
import type { Mishap, Place, Station, StationDeps } from "./station.ts";
import { openWire } from "./wire.ts";

const READERS = [
  { reader: "osdp-1", address: 1, isKeyed: true },
  { reader: "osdp-2", address: 2, isKeyed: true },
  { reader: "osdp-3", address: 3, isKeyed: false },
  { reader: "osdp-4", address: 4, isKeyed: false },
] as const;
const SHARE = 1.1;
const FACILITY = 77;
/** What a poorly terminated line does. */
const FAULTS = {
  drop: 0.0003,
  flip: 0.0003,
  noise: 0.003,
  split: 0.05,
  splitMs: 20,
  late: 0.003,
  lateMs: 150,
  twice: 0.003,
};

/** Four card readers on one RS-485 line, two of them with a secure channel. */
export function osdpStation(deps: StationDeps): Station {
  const units = READERS.map((unit) => openUnit(unit, deps));
  const readers = units.map(({ reader }) => reader);
  const wire = openWire(
    {
      name: "osdp-bus",
      readers: READERS.map(({ reader }) => reader),
      faults: FAULTS,
      attach: (line) => void attachBus(line, { readers, now: () => performance.now() }),
    },
    deps,
  );
  return {
    lines: [
      {
        driver: "osdp",
        port: { serial: { path: wire.path, baudRate: 115_200 } },
        settings: { readers: units.map(({ settings }) => settings) },
      },
    ],
    places: units.map(({ place }) => place),
    mishaps: [...wire.mishaps, ...units.flatMap(({ mishaps }) => mishaps)],
    pending: () => readers.reduce((sum, reader) => sum + reader.pending(), 0),
    faults: () => wire.faults(),
    close: () => wire.close(),
  };
}

interface Unit {
  readonly reader: OsdpReader;
  readonly place: Place;
  readonly settings: object;
  readonly mishaps: readonly Mishap[];
}

function openUnit(
  { reader: id, address, isKeyed }: (typeof READERS)[number],
  { dir, random, ledger }: StationDeps,
): Unit {
  const own = random.fork(id);
  const scbk = own.bytes(16);
  const reader = createReader({
    address,
    ...(isKeyed ? { scbk } : {}),
    now: () => performance.now(),
    random: (length) => own.bytes(length),
  });
  followTaps(reader, ledger);
  const keyFile = join(dir, `${id}.scbk`);
  writeFileSync(keyFile, Buffer.from(scbk).toString("hex"));
  chmodSync(keyFile, 0o600);
  let turn = 0;
  return {
    reader,
    settings: { id, address, ...(isKeyed ? { keyFile } : { secureChannel: "off" }) },
    place: {
      reader: id,
      share: SHARE,
      tap() {
        turn += 1;
        const card = makeCard(37, FACILITY, turn);
        const tap = ledger.add(id, badgeKey(cardCredential(card)));
        if (reader.tap(card, String(tap))) ledger.kept(tap);
      },
    },
    mishaps: [
      // Such a reader offers again what was stored and not yet acknowledged.
      {
        name: "reader without power, memory kept",
        readers: [id],
        strike: (forMs) => powerCut(reader, { forMs, keepMemory: true }),
      },
      {
        name: "reader without power, memory lost",
        readers: [id],
        strike: (forMs) => powerCut(reader, { forMs, keepMemory: false }),
      },
    ],
  };
}

async function powerCut(
  reader: OsdpReader,
  { forMs, keepMemory }: { readonly forMs: number; readonly keepMemory: boolean },
): Promise<void> {
  reader.powerOff({ keepMemory });
  await sleep(forMs);
  reader.powerOn();
}

/** The light after a tap was sent answers that tap: a controller sends it before it asks for the next one. */
function followTaps(reader: OsdpReader, ledger: Ledger): void {
  let answering: number | undefined;
  reader.onEvent((event) => {
    if (event.kind === "offered") answering = Number(event.tap);
    else if (event.kind === "acknowledged") ledger.acknowledged(Number(event.tap));
    else if (event.kind === "dropped") ledger.gone(Number(event.tap), event.reason);
    else if (event.kind === "light" && event.temporary && answering !== undefined) {
      // Red is also what a reply nobody could read is shown.
      if (event.colour === "green" || event.colour === "amber") ledger.shown(answering);
    }
  });
}

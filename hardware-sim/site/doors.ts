import { join } from "node:path";
import { type Faults, type FaultyLine, faultyLine } from "../faults/faulty-line.ts";
import { type HidReader, listenHidReader } from "../hid/socket.ts";
import { attachBus } from "../osdp/bus.ts";
import { createReader, type OsdpReader, type ReaderOptions } from "../osdp/reader.ts";
import { openPty, type Pty } from "../pty.ts";
import type { Random } from "../random.ts";
import type { BusLayout, HidPlace, SiteLayout } from "./layout.ts";
import type { Ledger, Light } from "./ledger.ts";
import type { Badge } from "./people.ts";

/** What an agent's configuration needs to know of one reader. */
export type SiteReader =
  | {
      readonly kind: "osdp";
      readonly id: string;
      readonly bus: string;
      readonly address: number;
      readonly scbkHex: string;
      readonly direction: "in" | "out" | null;
    }
  | {
      readonly kind: "hid";
      readonly id: string;
      readonly socketPath: string;
      readonly direction: "in" | "out" | null;
    };

export interface OpenBus {
  readonly serialPath: string;
  /** Cut and restore the wire here. */
  readonly line: FaultyLine;
  readonly pty: Pty;
}

/** A reader with somebody in front of it. */
export interface Door {
  readonly info: SiteReader;
  present(badge: Badge, tap: number): void;
  close(): Promise<void>;
}

export interface DoorDeps {
  readonly dir: string;
  readonly random: Random;
  readonly ledger: Ledger;
  /** A light shone at this reader and is the answer to this tap. */
  readonly lit: (tap: number, colour: Light) => void;
  /** Faults on every bus; none unless given. */
  readonly faults: { readonly toTerminal?: Faults; readonly toController?: Faults } | undefined;
  readonly reader: Pick<ReaderOptions, "afterReset" | "memory" | "keysPerReply"> | undefined;
}

export interface Doors {
  readonly doors: ReadonlyMap<string, Door>;
  readonly buses: ReadonlyMap<string, OpenBus>;
  readonly osdp: ReadonlyMap<string, OsdpReader>;
  readonly hid: ReadonlyMap<string, HidReader>;
}

/** Opens every line and socket of a site under `dir`: `<bus>` is the link to a serial port, `<reader>.sock` a HID reader. */
export async function openDoors(layout: SiteLayout, deps: DoorDeps): Promise<Doors> {
  const doors = new Map<string, Door>();
  const osdp = new Map<string, OsdpReader>();
  const hid = new Map<string, HidReader>();
  const buses = new Map(layout.buses.map((bus) => [bus.id, openBus(bus, { deps, doors, osdp })]));
  for (const place of layout.hidReaders) {
    const reader = await listenHidReader(join(deps.dir, `${place.id}.sock`));
    hid.set(place.id, reader);
    doors.set(place.id, hidDoor(place, { reader, deps }));
  }
  return { doors, buses, osdp, hid };
}

interface BusContext {
  readonly deps: DoorDeps;
  readonly doors: Map<string, Door>;
  readonly osdp: Map<string, OsdpReader>;
}

function openBus(bus: BusLayout, { deps, doors, osdp }: BusContext): OpenBus {
  const pty = openPty({ link: join(deps.dir, bus.id) });
  const line = faultyLine(pty, { random: deps.random.fork(bus.id), ...deps.faults });
  const readers = bus.readers.map((place) => {
    const random = deps.random.fork(place.id);
    const scbk = random.bytes(16);
    const reader = createReader({
      ...deps.reader,
      address: place.address,
      scbk,
      now: () => performance.now(),
      random: (length) => random.bytes(length),
    });
    const { id, address, direction } = place;
    const scbkHex = Buffer.from(scbk).toString("hex");
    const info: SiteReader = { kind: "osdp", id, bus: bus.id, address, scbkHex, direction };
    osdp.set(id, reader);
    doors.set(id, osdpDoor(info, { reader, deps }));
    return reader;
  });
  attachBus(line, { readers, now: () => performance.now() });
  return { serialPath: pty.slavePath, line, pty };
}

const ANSWERS: ReadonlySet<string> = new Set(["green", "amber", "red"] satisfies Light[]);
const isAnswer = (colour: string): colour is Light => ANSWERS.has(colour);

function osdpDoor(
  info: SiteReader,
  { reader, deps }: { readonly reader: OsdpReader; readonly deps: DoorDeps },
): Door {
  followTaps(reader, deps);
  return {
    info,
    present(badge, tap) {
      if (badge.how === "card") reader.tap(badge.card, String(tap));
      else reader.type(`${badge.text}#`, String(tap));
    },
    close: () => Promise.resolve(),
  };
}

/** The light after a tap was sent answers that tap: a controller sends it before it asks for the next one. */
function followTaps(reader: OsdpReader, { ledger, lit }: DoorDeps): void {
  let answering: number | undefined;
  reader.onEvent((event) => {
    if (event.kind === "offered") answering = Number(event.tap);
    else if (event.kind === "acknowledged") ledger.acknowledged(Number(event.tap));
    else if (event.kind === "dropped") ledger.dropped(Number(event.tap), event.reason);
    else if (event.kind === "light" && event.temporary && answering !== undefined) {
      if (isAnswer(event.colour)) lit(answering, event.colour);
    }
  });
}

function hidDoor(
  place: HidPlace,
  { reader, deps }: { readonly reader: HidReader; readonly deps: DoorDeps },
): Door {
  return {
    info: {
      kind: "hid",
      id: place.id,
      socketPath: reader.path,
      direction: place.direction,
    },
    present(badge, tap) {
      const heard = badge.how === "wedge" && reader.tap(badge.text);
      if (!heard) deps.ledger.dropped(tap, "nobody-listening");
    },
    close: () => reader.close(),
  };
}

import { join } from "node:path";
import type { Faults } from "@clockleaf/hardware-sim/faults/faulty-line.ts";
import { listenHidReader } from "@clockleaf/hardware-sim/hid/socket.ts";
import { createTagReader } from "@clockleaf/hardware-sim/serial-badge/reader.ts";
import type { Ledger } from "../ledger.ts";
import { createQueue } from "./queue.ts";
import type { Place, Station, StationDeps } from "./station.ts";
import { noteWhole, openWire, type Wire } from "./wire.ts";

/** How long a tag lies on the reader, which sends it every 50 ms. */
const HOLD_MS = 250;
const RDM_FAULTS = {
  drop: 0.001,
  flip: 0.0005,
  noise: 0.01,
  split: 0.1,
  splitMs: 20,
  late: 0.01,
  lateMs: 200,
  twice: 0.01,
};
const LINE_FAULTS = {
  drop: 0.001,
  flip: 0.0003,
  noise: 0.01,
  split: 0.1,
  splitMs: 20,
  late: 0.01,
  lateMs: 200,
  twice: 0.01,
};

/** A 125 kHz module that sends its tag again and again while it lies there. */
export function rdm6300Station(deps: StationDeps): Station {
  const reader = "rdm6300-1";
  const tags = createTagReader({ style: "rdm6300" });
  let number = 0;
  const build = (wire: Wire): Place => ({
    reader,
    share: 0.8,
    gapMs: 2 * HOLD_MS,
    tap() {
      number += 1;
      const tag = `10${number.toString(16).toUpperCase().padStart(8, "0")}`;
      const badge = `number-${String(number).padStart(10, "0")}`;
      tapWhole({ reader, badge, wire, ledger: deps.ledger }, () => {
        tags.hold(tag, HOLD_MS);
      });
    },
  });
  return serialStation(
    { reader, preset: { preset: "rdm6300" }, faults: RDM_FAULTS, build },
    {
      ...deps,
      attach: (line) => tags.attach(line),
    },
  );
}

/** A barcode reader: one line of text for each badge, with a sum at its end. Without one a changed bit makes another number. */
export function linesStation(deps: StationDeps): Station {
  const reader = "lines-1";
  const tags = createTagReader({ style: "ascii-line" });
  let number = 0;
  const build = (wire: Wire): Place => ({
    reader,
    share: 1,
    gapMs: 300,
    tap() {
      number += 1;
      const text = `B${String(number).padStart(7, "0")}`;
      tapWhole({ reader, badge: `number-${text}`, wire, ledger: deps.ledger }, () => {
        void tags.tap(text + sumOf(text));
      });
    },
  });
  const preset = {
    preset: "ascii-line",
    pattern: "(?<number>B[0-9]{7})",
    checksum: { kind: "sum" },
    repeat: { mode: "window", ms: 1_000 },
  };
  return serialStation(
    { reader, preset, faults: LINE_FAULTS, build },
    {
      ...deps,
      attach: (line) => tags.attach(line),
    },
  );
}

const sumOf = (text: string): string =>
  (Buffer.from(text).reduce((sum, byte) => sum + byte, 0) % 256).toString(16).padStart(2, "0");

interface SerialStation {
  readonly reader: string;
  readonly preset: object;
  readonly faults: Faults;
  readonly build: (wire: Wire) => Place;
}

function serialStation(
  { reader, preset, faults, build }: SerialStation,
  deps: StationDeps & { readonly attach: Parameters<typeof openWire>[0]["attach"] },
): Station {
  const wire = openWire({ name: reader, readers: [reader], faults, attach: deps.attach }, deps);
  return {
    lines: [
      {
        driver: "serial-badge",
        port: { serial: { path: wire.path, baudRate: 9_600 } },
        settings: { reader, ...preset },
      },
    ],
    places: [build(wire)],
    mishaps: wire.mishaps,
    pending: () => 0,
    faults: () => wire.faults(),
    close: () => wire.close(),
  };
}

interface WholeTap {
  readonly reader: string;
  readonly badge: string;
  readonly wire: Wire;
  readonly ledger: Ledger;
}

function tapWhole({ reader, badge, wire, ledger }: WholeTap, send: () => void): void {
  const tap = ledger.add(reader, badge);
  const sinceMs = performance.now();
  send();
  noteWhole(wire, { tap, sinceMs, ledger });
}

/** USB asks a keyboard for a report so often. */
const REPORT_EVERY_MS = 8;
/** A reader that was held up longer than this, by this process, might have been taken for one that stopped. */
const TYPING_PAUSE_MS = 250;

/** A reader that types like a keyboard, over the socket that stands for USB. */
export async function hidStation({ dir, ledger }: StationDeps): Promise<Station> {
  const reader = "hid-1";
  const keyboard = await listenHidReader(join(dir, `${reader}.sock`));
  const type = async (number: number): Promise<void> => {
    const text = `H${String(number).padStart(7, "0")}`;
    const id = ledger.add(reader, `number-${text}`);
    ledger.whole(id);
    const pauseMs = await keyboard.type(text, REPORT_EVERY_MS);
    if (pauseMs === null) ledger.gone(id, "nobody listened");
    else if (pauseMs > TYPING_PAUSE_MS) ledger.gone(id, "typed with a pause");
  };
  const queue = createQueue();
  let people = 0;
  return {
    lines: [
      {
        driver: "hid-keyboard",
        port: { hidSocket: { path: keyboard.path } },
        // As its README says: the end of a badge, heard by an agent that has just begun, is nobody's.
        settings: { reader, minLength: 8 },
      },
    ],
    places: [
      {
        reader,
        share: 1,
        gapMs: 300,
        tap() {
          people += 1;
          const number = people;
          queue.join(() => type(number));
        },
      },
    ],
    mishaps: [
      {
        name: "reader pulled out",
        readers: [reader],
        async strike() {
          keyboard.unplug();
        },
      },
    ],
    pending: () => queue.waiting(),
    faults: () => ({}),
    close: () => keyboard.close(),
  };
}

import { join } from "node:path";
import type { Faults } from "@clockleaf/hardware-sim/faults/faulty-line.ts";
import { listenHidReader } from "@clockleaf/hardware-sim/hid/socket.ts";
import { createTagReader } from "@clockleaf/hardware-sim/serial-badge/reader.ts";
import type { Ledger } from "../ledger.ts";
import type { Place, Station, StationDeps } from "./station.ts";
import { openWire, type Wire } from "./wire.ts";

/** Damage so short before a badge may swallow it: a lost end of line, a start byte out of nowhere. */
const SHADOW_MS = 1_000;
/** How long a tag lies on the reader, which sends it every 50 ms. */
const HOLD_MS = 250;
const RDM_FAULTS = {
  drop: 0.001,
  flip: 0.0005,
  noise: 0.01,
  split: 0.1,
  late: 0.01,
  lateMs: 200,
  twice: 0.01,
};
/** A line of text has no checksum, and a changed bit makes another number: this line changes none. */
const LINE_FAULTS = {
  drop: 0.001,
  noise: 0.01,
  split: 0.1,
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
        setTimeout(tags.hold(tag), HOLD_MS);
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

/** A barcode reader: one line of text for each badge. */
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
        void tags.tap(text);
      });
    },
  });
  const preset = {
    preset: "ascii-line",
    pattern: "(?<number>B[0-9]{7})",
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

const lastDamage = new WeakMap<Wire, { count: number; atMs: number }>();

/** A tap counts as sent whole if the wire did nothing to it, nor to what came shortly before it. */
function tapWhole({ reader, badge, wire, ledger }: WholeTap, send: () => void): void {
  const id = ledger.add(reader, badge);
  const now = performance.now();
  const before = wire.damage();
  const last = lastDamage.get(wire) ?? { count: 0, atMs: Number.NEGATIVE_INFINITY };
  // When exactly the damage was done since the last look is not known: it counts as done now.
  const atMs = before > last.count ? now : last.atMs;
  send();
  const after = wire.damage();
  lastDamage.set(wire, { count: after, atMs: after > before ? now : atMs });
  if (after > before) ledger.gone(id, "damaged on the line");
  else if (now - atMs < SHADOW_MS) ledger.gone(id, "shortly after damage on the line");
  else ledger.whole(id);
}

/** A reader that types like a keyboard, over the socket that stands for USB. */
export async function hidStation({ dir, ledger }: StationDeps): Promise<Station> {
  const reader = "hid-1";
  const keyboard = await listenHidReader(join(dir, `${reader}.sock`));
  let number = 0;
  return {
    lines: [
      {
        driver: "hid-keyboard",
        port: { hidSocket: { path: keyboard.path } },
        settings: { reader },
      },
    ],
    places: [
      {
        reader,
        share: 1,
        gapMs: 300,
        tap() {
          number += 1;
          const text = `H${String(number).padStart(7, "0")}`;
          const id = ledger.add(reader, `number-${text}`);
          if (keyboard.tap(text)) ledger.whole(id);
          else ledger.gone(id, "nobody listened");
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
    pending: () => 0,
    faults: () => ({}),
    close: () => keyboard.close(),
  };
}

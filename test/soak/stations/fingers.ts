import { setTimeout as sleep } from "node:timers/promises";
import { createModule as createSfm } from "@clockleaf/hardware-sim/sfm/module.ts";
import { createPeople as createSfmPeople } from "@clockleaf/hardware-sim/sfm/queue.ts";
import { createModule as createZfm, type ZfmModule } from "@clockleaf/hardware-sim/zfm/module.ts";
import { createPeople as createZfmPeople } from "@clockleaf/hardware-sim/zfm/queue.ts";
import type { Ledger } from "../ledger.ts";
import type { Mishap, Station, StationDeps } from "./station.ts";
import { noteWhole, openWire, type Wire } from "./wire.ts";

/** A person at a finger sensor takes two seconds and more. */
const SHARE = 0.4;
const GAP_MS = 700;
const SLOTS = 2_999;
const FAULTS = {
  drop: 0.0003,
  flip: 0.0003,
  noise: 0.01,
  split: 0.1,
  splitMs: 20,
  late: 0.005,
  lateMs: 200,
  twice: 0.005,
};
export function zfmStation(deps: StationDeps): Station {
  const reader = "zfm-1";
  const module = createZfm({ capacity: SLOTS + 1 });
  const people = createZfmPeople(module, { gap: 6, patience: 60 });
  const wire = openWire(
    { name: reader, readers: [reader], faults: FAULTS, attach: (line) => module.attach(line) },
    deps,
  );
  const come = fingers(reader, deps.ledger);
  followLights(module, { came: come.came, ledger: deps.ledger });
  return {
    lines: [
      {
        driver: "zfm",
        port: { serial: { path: wire.path, baudRate: 57_600 } },
        settings: { reader },
      },
    ],
    places: [
      {
        reader,
        share: SHARE,
        gapMs: GAP_MS,
        tap() {
          const finger = come.next();
          if (finger > SLOTS) return;
          module.teach(finger, finger);
          people.join(finger);
        },
      },
    ],
    mishaps: [...wire.mishaps, powerCut(reader, module)],
    pending: () => people.waiting(),
    faults: () => wire.faults(),
    close: () => wire.close(),
  };
}

export function sfmStation(deps: StationDeps): Station {
  const reader = "sfm-1";
  const module = createSfm();
  const people = createSfmPeople(module);
  const wire: Wire = openWire(
    { name: reader, readers: [reader], faults: FAULTS, attach: (line) => module.attach(line) },
    deps,
  );
  const { ledger } = deps;
  const come = fingers(reader, ledger);
  let scanned = 0;
  module.onEvent((event) => {
    if (event.kind !== "scanned") return;
    scanned += 1;
    const tap = event.user === null ? undefined : come.came(event.user);
    // It was told a moment ago: damage to it is damage shortly before now.
    if (tap !== undefined) noteWhole(wire, { tap, sinceMs: performance.now(), ledger });
  });
  return {
    lines: [
      {
        driver: "sfm",
        port: { serial: { path: wire.path, baudRate: 115_200 } },
        settings: { reader },
      },
    ],
    places: [
      {
        reader,
        share: SHARE,
        gapMs: GAP_MS,
        tap() {
          const finger = come.next();
          module.teach(finger, finger);
          people.join(finger);
        },
      },
    ],
    mishaps: [...wire.mishaps, powerCut(reader, module)],
    pending: () => come.count() - scanned,
    faults: () => wire.faults(),
    close: () => wire.close(),
  };
}

interface Fingers {
  /** A new person with a finger of their own; the number is that of its slot too. */
  next(): number;
  /** The tap of the person with this finger. */
  readonly came: (finger: number) => number | undefined;
  readonly count: () => number;
}

function fingers(reader: string, ledger: Ledger): Fingers {
  const taps: number[] = [];
  return {
    next() {
      const finger = taps.length + 1;
      taps.push(ledger.add(reader, `number-${reader}-${finger}`));
      return finger;
    },
    came: (finger) => taps[finger - 1],
    count: () => taps.length,
  };
}

/** A light after a match answers the finger that was matched. */
function followLights(
  module: ZfmModule,
  { came, ledger }: { readonly came: Fingers["came"]; readonly ledger: Ledger },
): void {
  let matched: number | undefined;
  module.onEvent((event) => {
    if (event.kind === "matched") matched = event.slot;
    else if (event.kind === "not-matched") matched = undefined;
    else if (event.kind === "light" && matched !== undefined) {
      const tap = came(matched);
      // Red: not stored.
      if (tap !== undefined && (event.colour === "green" || event.colour === "yellow")) {
        ledger.shown(tap);
      }
    }
  });
}

function powerCut(reader: string, module: { powerOff(): void; powerOn(): void }): Mishap {
  return {
    name: "module without power",
    readers: [reader],
    async strike(forMs) {
      module.powerOff();
      await sleep(forMs);
      module.powerOn();
    },
  };
}

import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cardCredential, makeCard } from "@clockleaf/hardware-sim/cards.ts";
import { type FaultyLine, faultyLine } from "@clockleaf/hardware-sim/faults/faulty-line.ts";
import { attachHid } from "@clockleaf/hardware-sim/hid/feature-frames.ts";
import { type HidSocket, listenHid } from "@clockleaf/hardware-sim/hid/listen.ts";
import { PcproxReader } from "@clockleaf/hardware-sim/hid/pcprox.ts";
import { badgeKey } from "@clockleaf/shared/wire/punch.ts";
import type { Ledger } from "../ledger.ts";
import { createQueue } from "./queue.ts";
import type { Mishap, Station, StationDeps } from "./station.ts";
import { add } from "./wire.ts";

const READER = "pcprox-1";
const FACILITY = 12;
/** The buffer stays filled for so long after the card is gone. */
const HOLD_MS = 300;
/** So long a card is held there when no light comes: longer than an agent needs to start, which must not take it for a new one. */
const PATIENCE_MS = 5_000;
/** From the light to the lifted card. */
const REACTION_MS = 200;
/** Between two people. */
const GAP_MS = 300;
/** As long as the agent waits for an answer: one that was not given is missed until then. */
const ANSWER_MS = 5_000;
/** USB checks and repeats: everything arrives, in other pieces and late. */
const USB_FAULTS = { split: 0.1, late: 0.01, lateMs: 200 };

/** An rf IDEAS pcProx, asked for its bits over the socket that stands for USB. It has an LED, and no memory. */
export async function pcproxStation(deps: StationDeps): Promise<Station> {
  const reader = new PcproxReader({ holdMs: HOLD_MS });
  const usb = await plugIn(reader, deps);
  const people = peopleAt(reader, { ledger: deps.ledger, isPlugged: usb.isPlugged });
  return {
    lines: [
      { driver: "pcprox", port: { hidSocket: { path: usb.path } }, settings: { reader: READER } },
    ],
    places: [{ reader: READER, share: 0.6, gapMs: GAP_MS, tap: people.come }],
    mishaps: [usb.pulledOut, ...disorders(reader, deps)],
    pending: people.waiting,
    faults: usb.faults,
    close: () => usb.close(),
  };
}

interface Usb {
  readonly path: string;
  readonly isPlugged: () => boolean;
  readonly pulledOut: Mishap;
  readonly faults: () => Readonly<Record<string, number>>;
  close(): Promise<void>;
}

async function plugIn(
  reader: PcproxReader,
  { dir, random, withFaults }: StationDeps,
): Promise<Usb> {
  const path = join(dir, `${READER}.sock`);
  const faults = withFaults ? USB_FAULTS : {};
  const past: Record<string, number> = {};
  let line: FaultyLine | undefined;
  let calls = 0;
  const listen = (): Promise<HidSocket> =>
    listenHid(path, (socket) => {
      add(past, line?.counters() ?? {});
      calls += 1;
      const own = random.fork(`${READER} ${calls}`);
      line = faultyLine(socket, { random: own, toTerminal: faults, toController: faults });
      attachHid(line, reader);
    });
  let socket = await listen();
  return {
    path,
    isPlugged: () => socket.connected(),
    pulledOut: {
      name: "reader pulled out",
      readers: [READER],
      async strike(forMs) {
        await socket.close();
        // It hangs on the bus for its power as well.
        reader.powerCut();
        await sleep(forMs);
        socket = await listen();
      },
    },
    faults: () => add({ ...past }, line?.counters() ?? {}),
    close: () => socket.close(),
  };
}

function disorders(reader: PcproxReader, { random }: StationDeps): Mishap[] {
  const own = random.fork(`${READER} garbage`);
  return [
    {
      name: "reader refuses or talks nonsense",
      readers: [READER],
      async strike(forMs) {
        reader.misbehave(own.pick(["stall", "garbage"]), (length) => own.bytes(length));
        await sleep(forMs);
        reader.misbehave("none");
      },
    },
    {
      name: "reader silent",
      readers: [READER],
      async strike(forMs) {
        reader.misbehave("mute");
        await sleep(forMs);
        reader.misbehave("none");
        await sleep(ANSWER_MS);
      },
    },
  ];
}

interface People {
  readonly come: () => void;
  readonly waiting: () => number;
}

/** One behind the other: each holds a card there until the reader shows a light for it, or for as long as is fair. */
function peopleAt(
  reader: PcproxReader,
  { ledger, isPlugged }: { readonly ledger: Ledger; readonly isPlugged: () => boolean },
): People {
  const tapOf = new Map<string, number>();
  let atReader: { readonly tap: number; readonly answer: () => void } | undefined;
  reader.onLight((led, read) => {
    const tap = read === undefined ? undefined : tapOf.get(badgeKey(cardCredential(read)));
    if (led === "dark" || tap === undefined) return;
    // Red: not stored, which nobody here has a reason to be shown; the tap stays owed, if the line was sound.
    if (led !== "red") ledger.shown(tap);
    if (tap === atReader?.tap) atReader.answer();
  });
  const hold = async (number: number): Promise<void> => {
    const card = makeCard(26, FACILITY + (number >>> 16), number & 0xffff);
    const badge = badgeKey(cardCredential(card));
    const tap = ledger.add(READER, badge);
    tapOf.set(badge, tap);
    const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
    atReader = { tap, answer };
    if (isPlugged()) ledger.whole(tap);
    else ledger.gone(tap, "nobody listened");
    reader.place(card);
    await Promise.race([answered, sleep(PATIENCE_MS)]);
    await sleep(REACTION_MS);
    reader.lift();
    await sleep(GAP_MS);
  };
  const queue = createQueue();
  let people = 0;
  return {
    come() {
      people += 1;
      const number = people;
      queue.join(() => hold(number));
    },
    waiting: () => queue.waiting(),
  };
}

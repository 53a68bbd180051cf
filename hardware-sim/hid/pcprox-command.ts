import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { type CardFormat, makeCard } from "../cards.ts";
import { parseEvery, repeat } from "../cli.ts";
import { needed, textOf } from "../command.ts";
import type { CardBits } from "../osdp/messages.ts";
import type { Random } from "../random.ts";
import type { TerminalKind } from "../sim-terminal.ts";
import { attachHid } from "./feature-frames.ts";
import { type HidSocket, listenHid } from "./listen.ts";
import { type PcproxFault, PcproxReader } from "./pcprox.ts";

const FAULTS = ["stall", "mute", "garbage", "unplug", "power-cut"] as const;
type Fault = (typeof FAULTS)[number];

/** So long a fault lasts that does not end by itself. */
const FAULT_MS = 3_000;

export const pcproxKind: TerminalKind = {
  name: "pcprox",
  help: `pcprox --socket PATH [options]    one rf IDEAS pcProx, read by feature reports, behind a Unix socket
    --card FORMAT      26:FACILITY:NUMBER, also 34 and 37; default 26:123:45678
    --hold EVERY       how long it lies there each time; default 500ms
    --after EVERY      how long the buffer stays filled after it; default not at all
    --fault KIND       ${FAULTS.join(", ")}; default none
    --every EVERY      how often the fault comes; default 30s`,
  options: {
    socket: { type: "string" },
    card: { type: "string" },
    hold: { type: "string" },
    after: { type: "string" },
    fault: { type: "string" },
    every: { type: "string" },
  },
  paths: ["socket"],
  can: ["tap", "unplug", "replug", "power-cut"],
  async open(values, { random, fact }) {
    const path = needed(values, "socket");
    const card = textOf(values, "card") ?? "26:123:45678";
    parseCard(card);
    const holdMs = parseEvery(textOf(values, "hold") ?? "500ms");
    const after = textOf(values, "after");
    const fault = parseFault(textOf(values, "fault"));
    const reader = new PcproxReader({ holdMs: after === undefined ? 0 : parseEvery(after) });
    const plugIn = (): Promise<HidSocket> =>
      listenHid(path, (line) => {
        attachHid(line, reader);
      });
    let socket: HidSocket | undefined = await plugIn();
    let taps = 0;
    const tap = (shown: string): void => {
      const bits = parseCard(shown);
      taps += 1;
      fact({ at: new Date().toISOString(), kind: "tap", tap: taps, led: reader.led() });
      reader.place(bits);
      setTimeout(() => reader.lift(), holdMs);
    };
    const unplug = async (): Promise<void> => {
      const former = socket;
      socket = undefined;
      await former?.close();
    };
    const powerCut = (): void => {
      // A reader hangs on the USB bus: without power it is gone from there.
      reader.powerCut();
      socket?.unplug();
    };
    const strike = (): void => {
      fact({ at: new Date().toISOString(), kind: "fault", fault });
      if (fault === "unplug") socket?.unplug();
      else if (fault === "power-cut") powerCut();
      else if (fault !== undefined) misbehave(reader, fault, random);
    };
    const every = fault === undefined ? undefined : (textOf(values, "every") ?? "30s");
    const stopFaults = repeat(every, strike);
    return {
      name: `pcProx reader behind ${path}`,
      acts: {
        tap,
        unplug,
        async replug() {
          socket ??= await plugIn();
        },
        "power-cut": powerCut,
      },
      comes: () => tap(card),
      // A light is all that it is told, and not whose.
      ledger: () => ({ taps, acknowledged: null, waiting: null, lost: null }),
      counters: () => ({ greens: reader.greens(), saves: reader.saves() }),
      close() {
        stopFaults();
        return unplug();
      },
    };
  },
};

function misbehave(reader: PcproxReader, fault: PcproxFault, random: Random): void {
  reader.misbehave(fault, (length) => random.bytes(length));
  setTimeout(() => reader.misbehave("none"), FAULT_MS);
}

function parseCard(text: string): CardBits {
  const [, bits, facility, number] = /^(26|34|37):(\d{1,5}):(\d{1,6})$/.exec(text) ?? [];
  const format = FORMATS.find((known) => String(known) === bits);
  if (format === undefined) {
    throw new PlatformError("config.invalid", `--card ${text}: write 26:123:45678`);
  }
  return makeCard(format, Number(facility), Number(number));
}

const FORMATS: readonly CardFormat[] = [26, 34, 37];

function parseFault(text: string | undefined): Fault | undefined {
  if (text === undefined) return undefined;
  const fault = FAULTS.find((known) => known === text);
  if (fault === undefined) {
    throw new PlatformError("config.invalid", `--fault ${text}: ${FAULTS.join(", ")}`);
  }
  return fault;
}

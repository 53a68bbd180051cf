import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { type CardFormat, makeCard } from "../cards.ts";
import { parseEvery, repeat } from "../cli.ts";
import { needed, type SimCommand, textOf } from "../command.ts";
import type { CardBits } from "../osdp/messages.ts";
import type { Random } from "../random.ts";
import { attachHid } from "./feature-frames.ts";
import { listenHid } from "./listen.ts";
import { type PcproxFault, PcproxReader } from "./pcprox.ts";

const FAULTS = ["stall", "mute", "garbage", "unplug", "power-cut"] as const;
type Fault = (typeof FAULTS)[number];

/** So long a fault lasts that does not end by itself. */
const FAULT_MS = 3_000;

export const pcproxCommand: SimCommand = {
  name: "pcprox",
  help: `pcprox --socket PATH [options]    one rf IDEAS pcProx, read by feature reports, behind a Unix socket
    --card FORMAT      26:FACILITY:NUMBER, also 34 and 37; default 26:123:45678
    --tap EVERY        present it again and again: 5s, 1m; default never
    --hold EVERY       how long it lies there each time; default 500ms
    --after EVERY      how long the buffer stays filled after it; default not at all
    --fault KIND       ${FAULTS.join(", ")}; default none
    --every EVERY      how often the fault comes; default 30s`,
  options: {
    socket: { type: "string" },
    card: { type: "string" },
    tap: { type: "string" },
    hold: { type: "string" },
    after: { type: "string" },
    fault: { type: "string" },
    every: { type: "string" },
  },
  async run(values, { random, stopped, say, fact }) {
    const card = parseCard(textOf(values, "card") ?? "26:123:45678");
    const holdMs = parseEvery(textOf(values, "hold") ?? "500ms");
    const after = textOf(values, "after");
    const fault = parseFault(textOf(values, "fault"));
    const reader = new PcproxReader({ holdMs: after === undefined ? 0 : parseEvery(after) });
    const socket = await listenHid(needed(values, "socket"), (line) => {
      attachHid(line, reader);
    });
    const stopTaps = repeat(textOf(values, "tap"), (tap) => {
      fact({ at: new Date().toISOString(), kind: "tap", tap, led: reader.led() });
      reader.place(card);
      setTimeout(() => reader.lift(), holdMs);
    });
    const stopFaults = repeat(
      fault === undefined ? undefined : (textOf(values, "every") ?? "30s"),
      () => {
        fact({ at: new Date().toISOString(), kind: "fault", fault });
        if (fault === "unplug") socket.unplug();
        else if (fault === "power-cut") powerCut(reader, () => socket.unplug());
        else if (fault !== undefined) misbehave(reader, fault, random);
      },
    );
    say(`pcProx reader behind ${socket.path}`);
    await stopped;
    stopTaps();
    stopFaults();
    await socket.close();
    say(JSON.stringify({ greens: reader.greens(), saves: reader.saves() }));
  },
};

/** A reader hangs on the USB bus: without power it is gone from there. */
function powerCut(reader: PcproxReader, unplug: () => void): void {
  reader.powerCut();
  unplug();
}

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

import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { makeCard } from "./cards.ts";
import type { Faults } from "./faults/faulty-line.ts";
import type { OsdpReader } from "./osdp/reader.ts";

export const HELP = `Clockleaf hardware simulator: the other end of every wire.

  main.ts osdp --link PATH [options]     one OSDP reader on a pseudo-terminal, linked to PATH
      --address N        0 to 126; default 0
      --key HEX          secure-channel key, 32 hex digits; without one it talks in clear
      --install-mode     also take the default key, to be given a new one
      --badge BADGE      26:FACILITY:NUMBER, 34:…, 37:… or digits typed at the keypad; default 26:123:45678
      --tap EVERY        present the badge again and again: 500ms, 5s, 1m; default never
      --fault LIST       to and from the reader: drop=1%,flip=0.1%,noise=1%,split=10%,late=1%
  main.ts hid --socket PATH [options]    one keyboard-wedge reader behind a Unix socket
      --badge TEXT       what it types; default 0012345678
      --tap EVERY        default never
  main.ts site --dir DIR [options]       a site with readers and people
      --people N         default 60
      --speed N          site seconds per wall second; default 60
      --start INSTANT    where the site's clock begins, ISO 8601; default now
      --days N           default 1
      --fault LIST       on every bus
  Everywhere
      --seed TEXT        same seed, same people, keys, plan and faults; default 1
      --json             facts as JSON lines on standard output: events of a reader; of a site first what an
                         agent's configuration needs, at the end every tap with its light
      --help

Ends on SIGINT or SIGTERM; a site also when everybody is done.
`;

const invalid = (message: string): PlatformError => new PlatformError("config.invalid", message);

const UNIT_MS = { ms: 1, s: 1_000, m: 60_000 } as const;

/** `500ms`, `5s`, `1m` → milliseconds. Throws `config.invalid`. */
export function parseEvery(text: string): number {
  const match = /^(\d{1,6})(ms|s|m)$/.exec(text);
  const [, amount, unit] = match ?? [];
  const everyMs =
    unit === "ms" || unit === "s" || unit === "m" ? Number(amount) * UNIT_MS[unit] : 0;
  if (everyMs === 0) throw invalid(`--tap ${text}: write 500ms, 5s or 1m`);
  return everyMs;
}

const FAULT_NAMES = ["drop", "flip", "noise", "split", "late"] as const;
type FaultName = (typeof FAULT_NAMES)[number];
const isFault = (name: string): name is FaultName => FAULT_NAMES.some((known) => known === name);

/** `drop=1%,flip=0.1%` → probabilities. Throws `config.invalid` and names the known faults. */
export function parseFaults(text: string): Faults {
  const faults: Partial<Record<FaultName, number>> = {};
  for (const part of text.split(",")) {
    const [, name = "", percent = ""] = /^([a-z]+)=(\d{1,3}(?:\.\d+)?)%$/.exec(part) ?? [];
    const share = Number(percent) / 100;
    if (!isFault(name) || share > 1) {
      throw invalid(`--fault ${part}: write ${FAULT_NAMES.join("=1%, ")}=1%`);
    }
    faults[name] = share;
  }
  return faults;
}

/** A whole number in [min, max]. Throws `config.invalid`. */
export function parseNumber(
  option: string,
  text: string,
  { min, max }: { readonly min: number; readonly max: number },
): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) {
    throw invalid(`--${option} ${text}: a whole number from ${min} to ${max}`);
  }
  return value;
}

/** 32 hex digits → key. Throws `config.invalid` without repeating the key. */
export function parseKey(text: string): Uint8Array {
  if (!/^[0-9a-fA-F]{32}$/.test(text)) throw invalid("--key: 32 hex digits");
  return Uint8Array.from(Buffer.from(text, "hex"));
}

/** ISO 8601 with zone → UTC milliseconds. Throws `config.invalid`. */
export function parseInstant(text: string): number {
  const atMs = Date.parse(text);
  if (Number.isNaN(atMs) || !/T.*(?:Z|[+-]\d\d:\d\d)$/.test(text)) {
    throw invalid(`--start ${text}: write 2026-11-23T05:30:00Z`);
  }
  return atMs;
}

export type Present = (reader: OsdpReader, tapId: string) => boolean;

/** How a badge is shown to an OSDP reader: as a card, or typed and ended with #. Throws `config.invalid`. */
export function parseBadge(text: string): Present {
  if (/^\d{1,32}$/.test(text)) return (reader, tapId) => reader.type(`${text}#`, tapId);
  const [, bits, facility, number] = /^(26|34|37):(\d{1,5}):(\d{1,6})$/.exec(text) ?? [];
  if (bits === undefined) throw invalid(`--badge ${text}: write 26:123:45678 or digits`);
  const format = bits === "26" ? 26 : bits === "34" ? 34 : 37;
  const card = makeCard(format, Number(facility), Number(number));
  return (reader, tapId) => reader.tap(card, tapId);
}

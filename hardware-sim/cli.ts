import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { makeCard } from "./cards.ts";
import type { Faults } from "./faults/faulty-line.ts";
import type { OsdpReader } from "./osdp/reader.ts";

const invalid = (message: string): PlatformError => new PlatformError("config.invalid", message);

const UNIT_MS = { ms: 1, s: 1_000, m: 60_000 } as const;

/** `500ms`, `5s`, `1m` → milliseconds. Throws `config.invalid`. */
export function parseEvery(text: string): number {
  const match = /^(\d{1,6})(ms|s|m)$/.exec(text);
  const [, amount, unit] = match ?? [];
  const everyMs =
    unit === "ms" || unit === "s" || unit === "m" ? Number(amount) * UNIT_MS[unit] : 0;
  if (everyMs === 0) throw invalid(`${text}: write 500ms, 5s or 1m`);
  return everyMs;
}

const FAULT_NAMES = ["drop", "flip", "noise", "split", "twice", "late"] as const;
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

/** Does `work` every so often (`5s`, see {@link parseEvery}); never when undefined. Returns how to stop it. */
export function repeat(every: string | undefined, work: (turn: number) => void): () => void {
  if (every === undefined) return () => undefined;
  let turn = 0;
  const timer = setInterval(() => work((turn += 1)), parseEvery(every));
  return () => clearInterval(timer);
}

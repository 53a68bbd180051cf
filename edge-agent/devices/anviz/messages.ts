import type { Frame } from "./frame.ts";
import { encodeUsers, LAYOUTS, type NewUser, type UserLayout } from "./users.ts";

/** Command numbers of TC_B V2.1, part II. Those that delete, format, enrol or open a door are not here at all. */
export const COMMAND = {
  setOptions: 0x33,
  clock: 0x38,
  setClock: 0x39,
  info: 0x3c,
  records: 0x40,
  clearFlags: 0x4e,
  realTime: 0x5f,
  heartbeat: 0x7f,
} as const;

/** The most records one answer holds. */
export const PAGE = 25;

/** Calendar fields of a wall clock. */
export interface WallTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/**
 * Everything that is ever asked. 4Eh modes 0 and 1 (delete all records, forget all flags, also of punches made since)
 * cannot be said in these words: nothing here ever loses a record that was not read.
 */
export type Request =
  /** `isSure`: the answer must be to this question, and not a late one to the same before. */
  | { readonly ask: "info"; readonly isSure?: boolean }
  | { readonly ask: "clock" }
  /** Asked for when the frame leaves, so that waiting for the line makes no clock late. */
  | { readonly ask: "set-clock"; readonly to: () => WallTime }
  /** New records: `oldest` begins with the oldest one, `next` goes on after the page before. */
  | { readonly ask: "new-records"; readonly from: "oldest" | "next"; readonly count: number }
  /** The whole log, new or not; changes no flag. A page of one kind makes the terminal forget where it was in the other. */
  | { readonly ask: "all-records"; readonly from: "first" | "next"; readonly count: number }
  /** Takes the new flag off the so many oldest new records. */
  | { readonly ask: "clear-flags"; readonly count: number }
  | { readonly ask: "users"; readonly from: "first" | "next"; readonly layout: UserLayout }
  | { readonly ask: "put-users"; readonly users: readonly NewUser[]; readonly layout: UserLayout }
  | { readonly ask: "enable-real-time" };

interface Encoded {
  readonly command: number;
  readonly data: Uint8Array;
}

/** The number a request goes by, and its answer too. */
export function commandOf(request: Request): number {
  switch (request.ask) {
    case "info":
      return COMMAND.info;
    case "clock":
      return COMMAND.clock;
    case "set-clock":
      return COMMAND.setClock;
    case "new-records":
    case "all-records":
      return COMMAND.records;
    case "clear-flags":
      return COMMAND.clearFlags;
    case "users":
      return LAYOUTS[request.layout].get;
    case "put-users":
      return LAYOUTS[request.layout].put;
    case "enable-real-time":
      return COMMAND.setOptions;
  }
}

/** Throws `config.invalid` for what cannot be said. */
export function encodeRequest(request: Request): Encoded {
  return { command: commandOf(request), data: dataOf(request) };
}

function dataOf(request: Request): Uint8Array {
  switch (request.ask) {
    case "info":
    case "clock":
      return new Uint8Array(0);
    case "set-clock":
      return encodeClock(request.to());
    case "new-records":
    case "all-records":
      return Uint8Array.of(PAGE_MODE[request.from], request.count);
    case "clear-flags": {
      const { count } = request;
      return Uint8Array.of(2, (count >> 16) & 0xff, (count >> 8) & 0xff, count & 0xff);
    }
    case "users":
      return Uint8Array.of(request.from === "first" ? 1 : 0, LAYOUTS[request.layout].perFrame);
    case "put-users":
      return encodeUsers(request);
    case "enable-real-time":
      return REAL_TIME_ON;
  }
}

/** Of 40h: all records again, new ones again, or on from the page before. */
const PAGE_MODE = { first: 1, oldest: 2, next: 0 } as const;

/** Fifteen options, FFh for those that stay as they are; the fifth is real-time mode. */
const REAL_TIME_ON = Uint8Array.from({ length: 15 }, (_, at) => (at === 4 ? 1 : 0xff));

const encodeClock = ({ year, month, day, hour, minute, second }: WallTime): Uint8Array =>
  Uint8Array.of(year - 2000, month, day, hour, minute, second);

/** The answer to a heartbeat. */
export const heartbeatAnswer = (device: number): Frame => ({
  kind: "reply",
  device,
  command: COMMAND.heartbeat,
  ret: 0,
  data: new Uint8Array(0),
});

/** What a terminal holds (3Ch). `records` counts those that were cleared as well. */
export interface Info {
  readonly users: number;
  readonly records: number;
  readonly newRecords: number;
}

/** Undefined for anything but six numbers of three bytes, or more new records than there are. */
export function decodeInfo(data: Uint8Array): Info | undefined {
  if (data.length !== 18) return undefined;
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.length);
  const number = (at: number): number => bytes.readUIntBE(at * 3, 3);
  const [users, records, newRecords] = [number(0), number(4), number(5)];
  return newRecords > records ? undefined : { users, records, newRecords };
}

/**
 * The terminal's wall clock as milliseconds of a calendar without zones; "impossible" for what is no date and time of
 * day, undefined for an answer of another length.
 */
export function decodeClock(data: Uint8Array): number | "impossible" | undefined {
  if (data.length !== 6) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = data;
  const at = Date.UTC(2000 + year, month - 1, day, hour, minute, second);
  // What is no date is another one once it is counted.
  const shown = new Date(at)
    .toISOString()
    .split(/[-T:.]/)
    .map(Number);
  const isSame = [2000 + year, ...data.subarray(1)].every((value, field) => value === shown[field]);
  return isSame ? at : "impossible";
}

/** How many flags were taken off; undefined for an answer of another length. */
export function decodeCleared(data: Uint8Array): number | undefined {
  if (data.length !== 3) return undefined;
  return Buffer.from(data.buffer, data.byteOffset, 3).readUIntBE(0, 3);
}

/** RET values of V2.1; anything else is called by its number. */
const RET_WORDS: Readonly<Record<number, string>> = {
  1: "failed",
  4: "full",
  5: "empty",
  6: "no such user",
  8: "timed out",
  10: "user exists",
  11: "finger exists",
};
export const RET = { ok: 0, empty: 5 } as const;
export const retWords = (ret: number): string => RET_WORDS[ret] ?? `code ${ret}`;

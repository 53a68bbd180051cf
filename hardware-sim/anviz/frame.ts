/** TC_B frames as a terminal reads and writes them. Written without looking at the agent's codec. */

const STX = 0xa5;
/** What a V2.15 terminal takes. */
const MAX_LEN = 600;

/** What came from the controller: no RET. */
export interface Command {
  readonly ch: number;
  readonly cmd: number;
  readonly data: Uint8Array;
}

/** CRC-16/MCRF4XX by table, as the vendor's samples do it. */
const TABLE: readonly number[] = Array.from({ length: 256 }, (_, index) => {
  let entry = index;
  for (let bit = 0; bit < 8; bit += 1)
    entry = (entry & 1) === 1 ? (entry >>> 1) ^ 0x8408 : entry >>> 1;
  return entry;
});

export const crc16 = (bytes: Uint8Array): number =>
  bytes.reduce((crc, byte) => (crc >>> 8) ^ (TABLE[(crc ^ byte) & 0xff] ?? 0), 0xffff);

const be = (value: number, length: number): number[] =>
  Array.from({ length }, (_, at) => Math.floor(value / 256 ** (length - 1 - at)) % 256);

function sealed(head: readonly number[], data: Uint8Array): Uint8Array {
  const body = Uint8Array.of(...head, ...be(data.length, 2), ...data);
  const crc = crc16(body);
  return Uint8Array.of(...body, crc & 0xff, crc >>> 8);
}

/** A command, or a terminal's own call (heartbeat). */
export const encodeCommand = ({ ch, cmd, data }: Command): Uint8Array =>
  sealed([STX, ...be(ch, 4), cmd], data);

export interface Response extends Command {
  readonly ret: number;
}

/** `cmd` is the command that is answered. An answer that says no carries no data. */
export const encodeResponse = ({ ch, cmd, ret, data }: Response): Uint8Array =>
  sealed([STX, ...be(ch, 4), cmd + 0x80, ret], ret === 0 ? data : new Uint8Array(0));

/** Longest pause within a frame, milliseconds; what was begun before a longer one is nothing. */
const BYTE_GAP_MS = 50;

export interface Framer {
  /** `nowMs` is monotonic. */
  push(chunk: Uint8Array, nowMs: number): Command[];
  /** Bytes thrown away so far. */
  readonly discarded: () => number;
}

/**
 * Finds commands. A terminal hears its neighbours' answers as well, and skips them; after damage it looks for the next
 * start in what it already has.
 */
export function createFramer(): Framer {
  let held: number[] = [];
  let discarded = 0;
  let heardAt = Number.NEGATIVE_INFINITY;
  const skip = (count: number): void => {
    discarded += count;
    held = held.slice(count);
  };
  const next = (): Command | "skipped" | undefined => {
    const start = held.indexOf(STX);
    skip(start === -1 ? held.length : start);
    const [, , , , , cmd] = held;
    if (cmd === undefined) return undefined;
    const headBytes = cmd >= 0x80 ? 7 : 6;
    const [high, low] = held.slice(headBytes, headBytes + 2);
    if (high === undefined || low === undefined) return undefined;
    const end = headBytes + 2 + high * 256 + low;
    if (high * 256 + low > MAX_LEN) {
      skip(1);
      return "skipped";
    }
    if (held.length < end + 2) return undefined;
    const bytes = Uint8Array.from(held.slice(0, end));
    if (crc16(bytes) !== (held[end] ?? 0) + (held[end + 1] ?? 0) * 256) {
      skip(1);
      return "skipped";
    }
    held = held.slice(end + 2);
    if (cmd >= 0x80) return "skipped";
    const ch = bytes.slice(1, 5).reduce((sum, byte) => sum * 256 + byte, 0);
    return { ch, cmd, data: bytes.slice(8) };
  };
  return {
    push(chunk, nowMs) {
      if (nowMs - heardAt > BYTE_GAP_MS) skip(held.length);
      heardAt = nowMs;
      held.push(...chunk);
      const commands: Command[] = [];
      for (let found = next(); found !== undefined; found = next()) {
        if (found !== "skipped") commands.push(found);
      }
      return commands;
    },
    discarded: () => discarded,
  };
}

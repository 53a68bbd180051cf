/**
 * Contents of the replies a reader gives. Source: SIA OSDP v2.2, tables of commands (60h to A7h) and replies (40h to 79h).
 */
/** Bits as a card gives them: most significant first, last byte zero-padded. */
export interface CardBits {
  readonly bits: number;
  readonly bytes: Uint8Array;
}

export interface Identity {
  readonly vendor: Uint8Array;
  readonly serial: number;
}

export const CMD = {
  poll: 0x60,
  id: 0x61,
  cap: 0x62,
  localStatus: 0x64,
  inputStatus: 0x65,
  outputStatus: 0x66,
  readerStatus: 0x67,
  out: 0x68,
  led: 0x69,
  buzzer: 0x6a,
  text: 0x6b,
  comset: 0x6e,
  bioRead: 0x73,
  bioMatch: 0x74,
  keyset: 0x75,
  challenge: 0x76,
  serverCryptogram: 0x77,
  maxReplySize: 0x7b,
  abort: 0xa2,
  keepActive: 0xa7,
} as const;

export const REPLY = {
  ack: 0x40,
  nak: 0x41,
  pdId: 0x45,
  pdCap: 0x46,
  localStatus: 0x48,
  inputStatus: 0x49,
  outputStatus: 0x4a,
  readerStatus: 0x4b,
  raw: 0x50,
  keypad: 0x53,
  com: 0x54,
  bioRead: 0x57,
  bioMatch: 0x58,
  clientCryptogram: 0x76,
  initialMac: 0x78,
  busy: 0x79,
} as const;

export const NAK = {
  check: 1,
  length: 2,
  unknown: 3,
  sequence: 4,
  security: 5,
  conditions: 6,
  bioFormat: 8,
} as const;

/** Function, compliance, count: card format, LED, buzzer, text, CRC, AES, receive size, readers, OSDP 2.2. */
const CAPABILITIES = [
  [0x03, 1, 0],
  [0x04, 4, 1],
  [0x05, 2, 1],
  [0x06, 1, 1],
  [0x08, 1, 0],
  [0x09, 1, 0],
  [0x0a, 0x00, 0x02],
  [0x0d, 0, 1],
  [0x10, 2, 0],
] as const;

export interface Reply {
  readonly id: number;
  readonly data: Uint8Array;
}

export const EMPTY = new Uint8Array(0);
export const ACK: Reply = { id: REPLY.ack, data: EMPTY };
export const nak = (code: number): Reply => ({ id: REPLY.nak, data: Uint8Array.of(code) });

/** An AES-128 key, as KEYSET carries it. */
export const KEY_BYTES = 16;

/** RAW as Wiegand readers send it: reader 0, format P/data/P, bit count, bits. */
export function rawCard(card: CardBits): Reply {
  const bytes = card.bytes.subarray(0, Math.ceil(card.bits / 8));
  return { id: REPLY.raw, data: Uint8Array.of(0, 1, card.bits & 0xff, card.bits >> 8, ...bytes) };
}

/** One KEYPAD reply for every `size` keys; `*` and `#` have codes of their own, digits are ASCII. */
export function keypad(keys: string, size: number): readonly Reply[] {
  const codes = Array.from(keys, (key) => SPECIAL_KEYS[key] ?? key.charCodeAt(0) & 0x7f);
  const replies: Reply[] = [];
  for (let at = 0; at < codes.length; at += size) {
    const part = codes.slice(at, at + size);
    replies.push({ id: REPLY.keypad, data: Uint8Array.of(0, part.length, ...part) });
  }
  return replies;
}

const SPECIAL_KEYS: Readonly<Record<string, number>> = { "*": 0x7f, "#": 0x0d };

/** Vendor, model 1, version 2, serial number, firmware 1.4.0. */
export const pdId = (who: Identity): Reply => ({
  id: REPLY.pdId,
  data: Uint8Array.of(...who.vendor, 1, 2, ...little(who.serial), 1, 4, 0),
});

/** Biometrics; which levels of compliance there are is not known for sure. */
const SENSOR = [0x0e, 1, 1] as const;

export const pdCap = (hasSensor: boolean): Reply => ({
  id: REPLY.pdCap,
  data: Uint8Array.from([...CAPABILITIES, ...(hasSensor ? [SENSOR] : [])].flat()),
});

/** What never changes: quiet inputs and outputs, and commands that only want an ACK. */
export const FIXED_REPLIES: ReadonlyMap<number, Reply> = new Map<number, Reply>([
  [CMD.inputStatus, { id: REPLY.inputStatus, data: Uint8Array.of(0) }],
  [CMD.outputStatus, { id: REPLY.outputStatus, data: Uint8Array.of(0) }],
  [CMD.out, { id: REPLY.outputStatus, data: Uint8Array.of(0) }],
  [CMD.readerStatus, { id: REPLY.readerStatus, data: Uint8Array.of(0) }],
  [CMD.maxReplySize, ACK],
  [CMD.abort, ACK],
  [CMD.keepActive, ACK],
]);

/** The eight bytes the handshake names the reader by; opaque to everybody else. */
export const cUid = (who: Identity): Uint8Array =>
  Uint8Array.of(...who.vendor, 1, ...little(who.serial));

const little = (value: number): readonly number[] => [
  value & 0xff,
  (value >> 8) & 0xff,
  (value >> 16) & 0xff,
  value >>> 24,
];

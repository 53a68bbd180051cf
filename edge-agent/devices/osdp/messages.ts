/**
 * What OSDP commands and replies mean (SIA OSDP v2.2, tables of clauses 6 and 7), as far as attendance needs them.
 * All integers are little endian. Codes and payloads only: no frame, no encryption.
 */

/** 100 ms units, 0..255, as the wire counts them. */
type Tenths = number;

export const COLOURS = {
  off: 0,
  red: 1,
  green: 2,
  amber: 3,
  blue: 4,
  magenta: 5,
  cyan: 6,
  white: 7,
} as const;

export interface LedPhase {
  /** Temporary: 0 leave, 1 cancel, 2 set. Permanent: 0 leave, 1 set. */
  readonly code: number;
  readonly on: Tenths;
  readonly off: Tenths;
  readonly onColour: number;
  readonly offColour: number;
}

export type Command =
  | { readonly type: "POLL" | "ID" | "CAP" | "LSTAT" }
  | {
      readonly type: "LED";
      readonly reader: number;
      readonly led: number;
      readonly temporary: LedPhase & { readonly timer: Tenths };
      readonly permanent: LedPhase;
    }
  | {
      readonly type: "BUZ";
      readonly reader: number;
      /** 1 off, 2 the reader's default tone. */
      readonly tone: number;
      readonly on: Tenths;
      readonly off: Tenths;
      /** 0 = for ever. */
      readonly count: number;
    }
  | {
      readonly type: "TEXT";
      readonly reader: number;
      /** 1 permanent, 2 permanent with wrap, 3 temporary, 4 temporary with wrap. */
      readonly code: number;
      readonly seconds: number;
      readonly row: number;
      readonly column: number;
      /** Printable ASCII; anything else is sent as `?`. */
      readonly text: string;
    }
  | {
      readonly type: "BIOREAD";
      readonly reader: number;
      /** 0 whichever; 1..5 right and 6..10 left hand, thumb first. */
      readonly part: number;
      /** 0 the reader's own, 1 raw picture, 2 ANSI/INCITS 378. */
      readonly format: number;
      readonly quality: number;
    }
  | {
      readonly type: "BIOMATCH";
      readonly reader: number;
      readonly part: number;
      readonly format: number;
      readonly threshold: number;
      /** Left out in all that attendance sends: the reader matches against what it keeps itself. */
      readonly template?: Uint8Array;
    }
  | { readonly type: "COMSET"; readonly address: number; readonly baudRate: number }
  | { readonly type: "KEYSET"; readonly key: Uint8Array }
  | { readonly type: "CHLNG"; readonly rndA: Uint8Array }
  | { readonly type: "SCRYPT"; readonly serverCryptogram: Uint8Array };

const COMMAND_IDS = {
  POLL: 0x60,
  ID: 0x61,
  CAP: 0x62,
  LSTAT: 0x64,
  LED: 0x69,
  BUZ: 0x6a,
  TEXT: 0x6b,
  COMSET: 0x6e,
  BIOREAD: 0x73,
  BIOMATCH: 0x74,
  KEYSET: 0x75,
  CHLNG: 0x76,
  SCRYPT: 0x77,
} as const satisfies Record<Command["type"], number>;

export interface Message {
  readonly id: number;
  readonly data: Uint8Array;
}

export const encodeCommand = (command: Command): Message => ({
  id: COMMAND_IDS[command.type],
  data: commandData(command),
});

function commandData(command: Command): Uint8Array {
  switch (command.type) {
    case "POLL":
    case "LSTAT":
      return Uint8Array.of();
    case "ID":
    case "CAP":
      return Uint8Array.of(0);
    case "LED":
      return Uint8Array.of(
        command.reader,
        command.led,
        ...ledPhase(command.temporary),
        ...u16(command.temporary.timer),
        ...ledPhase(command.permanent),
      );
    case "BUZ":
      return Uint8Array.of(command.reader, command.tone, command.on, command.off, command.count);
    case "TEXT": {
      const text = Buffer.from(command.text.replaceAll(/[^ -~]/g, "?"), "latin1");
      const { reader, code, seconds, row, column } = command;
      return Uint8Array.of(reader, code, seconds, row, column, text.length, ...text);
    }
    case "BIOREAD":
      return Uint8Array.of(command.reader, command.part, command.format, command.quality);
    case "BIOMATCH": {
      const { reader, part, format, threshold, template = Uint8Array.of() } = command;
      return Uint8Array.of(reader, part, format, threshold, ...u16(template.length), ...template);
    }
    case "COMSET":
      return Uint8Array.of(
        command.address,
        ...u16(command.baudRate & 0xffff),
        ...u16(Math.floor(command.baudRate / 0x1_0000)),
      );
    case "KEYSET":
      return Uint8Array.of(0x01, command.key.length, ...command.key);
    case "CHLNG":
      return command.rndA;
    case "SCRYPT":
      return command.serverCryptogram;
  }
}

const u16 = (value: number): readonly [number, number] => [value & 0xff, (value >> 8) & 0xff];

const ledPhase = (phase: LedPhase): readonly number[] => [
  phase.code,
  phase.on,
  phase.off,
  phase.onColour,
  phase.offColour,
];

export interface Capability {
  readonly func: number;
  readonly compliance: number;
  readonly count: number;
}

export const CAPABILITY = { led: 4, buzzer: 5, text: 6, security: 9, biometrics: 0x0e } as const;

export const NAK = {
  badCheck: 1,
  badLength: 2,
  unknownCommand: 3,
  sequence: 4,
  securityUnsupported: 5,
  securityRequired: 6,
} as const;

export type Reply =
  | { readonly type: "ACK" | "BUSY" }
  | { readonly type: "NAK"; readonly code: number }
  | {
      readonly type: "PDID";
      /** Three bytes of IEEE vendor code, hex. */
      readonly vendor: string;
      readonly model: number;
      readonly version: number;
      readonly serial: string;
      readonly firmware: string;
    }
  | { readonly type: "PDCAP"; readonly capabilities: readonly Capability[] }
  | { readonly type: "LSTATR"; readonly isTampered: boolean; readonly isPowerFailing: boolean }
  | {
      readonly type: "RAW";
      readonly reader: number;
      /** 0 not specified, 1 parity/data/parity. A hint only: the bits are kept as they came. */
      readonly format: number;
      readonly bits: number;
      /** Bits beyond `bits` in the last byte are cleared, so that one card always reads the same. */
      readonly hex: string;
    }
  | { readonly type: "KEYPAD"; readonly reader: number; readonly keys: Uint8Array }
  | {
      /** A finger was read. The template it came with is gone before anybody sees this. */
      readonly type: "BIOREADR";
      readonly reader: number;
      /** 0 read, 1 nobody came in time, others failed. */
      readonly status: number;
      readonly part: number;
      readonly quality: number;
      readonly templateBytes: number;
    }
  | {
      readonly type: "BIOMATCHR";
      readonly reader: number;
      readonly status: number;
      /** 0 no match … 255 best. */
      readonly score: number;
    }
  | { readonly type: "COM"; readonly address: number; readonly baudRate: number }
  | {
      readonly type: "CCRYPT";
      readonly cUid: Uint8Array;
      readonly rndB: Uint8Array;
      readonly clientCryptogram: Uint8Array;
    }
  | { readonly type: "RMAC_I"; readonly rMac: Uint8Array }
  /** Nothing attendance acts on (inputs, outputs, file transfer, vendor replies): an answer like ACK. */
  | { readonly type: "ignored"; readonly id: number }
  /** A code that may hold a credential we cannot read, or a payload that breaks its own length. */
  | { readonly type: "unusable"; readonly id: number };

/** Replies that are answers and no more: ISTATR, OSTATR, RSTATR, FTSTAT, MFGREP and the like. */
const IGNORED = new Set([0x49, 0x4a, 0x4b, 0x7a, 0x80, 0x81, 0x82, 0x83, 0x84, 0x90]);

/** RAW, FMT and KEYPAD: somebody stands at the reader and waits for an answer. */
const FROM_A_PERSON = new Set([0x50, 0x51, 0x53]);
export const isFromPerson = (replyId: number): boolean => FROM_A_PERSON.has(replyId);

/** The largest credential the platform stores. */
const MAX_CARD_BITS = 512;

const BIOREADR = 0x57;
const BIOREADR_HEADER = 6;

/**
 * Reads a reply's plain data. Never throws: whatever does not fit is `unusable`. A biometric template ends here: the bytes
 * it came in are overwritten, and nothing of it is in what is returned.
 */
export function decodeReply({ id, data }: Message): Reply {
  if (id === BIOREADR) return readWithoutTemplate(data);
  if (IGNORED.has(id)) return { type: "ignored", id };
  return DECODERS[id]?.(Buffer.from(data)) ?? { type: "unusable", id };
}

const DECODERS: Readonly<Record<number, (data: Buffer) => Reply | undefined>> = {
  0x40: () => ({ type: "ACK" }),
  0x41: (data) => ({ type: "NAK", code: data[0] ?? 0 }),
  0x45: readPdid,
  0x46: readPdcap,
  0x48: (data) =>
    data.length < 2
      ? undefined
      : { type: "LSTATR", isTampered: data[0] !== 0, isPowerFailing: data[1] !== 0 },
  0x50: readRaw,
  0x53: readKeypad,
  0x58: ([reader, status, score]) =>
    reader === undefined || status === undefined || score === undefined
      ? undefined
      : { type: "BIOMATCHR", reader, status, score },
  0x54: (data) =>
    data.length < 5
      ? undefined
      : { type: "COM", address: data.readUInt8(0), baudRate: data.readUInt32LE(1) },
  0x76: (data) =>
    data.length === 32
      ? {
          type: "CCRYPT",
          cUid: data.subarray(0, 8),
          rndB: data.subarray(8, 16),
          clientCryptogram: data.subarray(16),
        }
      : undefined,
  0x78: (data) => (data.length === 16 ? { type: "RMAC_I", rMac: data } : undefined),
  0x79: () => ({ type: "BUSY" }),
};

function readPdid(data: Buffer): Reply | undefined {
  if (data.length < 12) return undefined;
  return {
    type: "PDID",
    vendor: data.toString("hex", 0, 3),
    model: data.readUInt8(3),
    version: data.readUInt8(4),
    serial: data.toString("hex", 5, 9),
    firmware: [...data.subarray(9, 12)].join("."),
  };
}

function readPdcap(data: Buffer): Reply {
  const capabilities: Capability[] = [];
  for (let at = 0; at + 3 <= data.length; at += 3) {
    capabilities.push({
      func: data.readUInt8(at),
      compliance: data.readUInt8(at + 1),
      count: data.readUInt8(at + 2),
    });
  }
  return { type: "PDCAP", capabilities };
}

function readRaw(data: Buffer): Reply | undefined {
  if (data.length < 5) return undefined;
  const bits = data.readUInt16LE(2);
  const bytes = Math.ceil(bits / 8);
  if (bits === 0 || bits > MAX_CARD_BITS || data.length < 4 + bytes) return undefined;
  const card = Buffer.from(data.subarray(4, 4 + bytes));
  const spare = bytes * 8 - bits;
  card[bytes - 1] = ((card[bytes - 1] ?? 0) >> spare) << spare;
  return {
    type: "RAW",
    reader: data.readUInt8(0),
    format: data.readUInt8(1),
    bits,
    hex: card.toString("hex"),
  };
}

function readKeypad(data: Buffer): Reply | undefined {
  const [reader, count] = data;
  if (reader === undefined || count === undefined || data.length < 2 + count) return undefined;
  return { type: "KEYPAD", reader, keys: Uint8Array.from(data.subarray(2, 2 + count)) };
}

function readWithoutTemplate(data: Uint8Array): Reply {
  const [reader, status, part, quality, low, high] = data;
  const templateBytes = data.length - BIOREADR_HEADER;
  data.fill(0);
  const isWhole = low !== undefined && high !== undefined && (low | (high << 8)) === templateBytes;
  if (reader === undefined || status === undefined || part === undefined) {
    return { type: "unusable", id: BIOREADR };
  }
  if (quality === undefined || !isWhole) return { type: "unusable", id: BIOREADR };
  return { type: "BIOREADR", reader, status, part, quality, templateBytes };
}

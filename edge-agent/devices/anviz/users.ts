import { PlatformError } from "@clockleaf/shared/lib/errors.ts";

/**
 * The user list of a terminal (TC_B V2.1, commands 42h/43h and 72h/73h): three layouts, by model. Each begins with
 * number[5] password[3] card[3 or 4] name and goes on with department, group, mode, fingers[2] and a special byte.
 * Fingerprints and faces are other commands, which nobody here sends: templates never leave a terminal.
 */
export type UserLayout = "27" | "30" | "40";

interface Layout {
  readonly bytes: number;
  readonly get: number;
  readonly put: number;
  /** The most users in one frame. */
  readonly perFrame: number;
  readonly cardBytes: 3 | 4;
  readonly nameBytes: number;
  readonly encoding: "ascii" | "utf-16be";
  /** Whether a byte with the password's highest bits and one kept free stand before the special byte. */
  readonly isLong: boolean;
}

export const LAYOUTS: Readonly<Record<UserLayout, Layout>> = {
  "27": {
    bytes: 27,
    get: 0x42,
    put: 0x43,
    perFrame: 12,
    cardBytes: 3,
    nameBytes: 10,
    encoding: "ascii",
    isLong: false,
  },
  "30": {
    bytes: 30,
    get: 0x72,
    put: 0x73,
    perFrame: 12,
    cardBytes: 4,
    nameBytes: 10,
    encoding: "ascii",
    isLong: true,
  },
  "40": {
    bytes: 40,
    get: 0x72,
    put: 0x73,
    perFrame: 8,
    cardBytes: 4,
    nameBytes: 20,
    encoding: "utf-16be",
    isLong: true,
  },
};

interface UserBase {
  readonly number: number;
  /** Cut to what the terminal has room for: 10 characters. */
  readonly name: string;
  readonly card: number | null;
  readonly department: number;
  readonly group: number;
  /** How the person is asked for, as the terminal counts it; 6 lets any one way do. */
  readonly mode: number;
  readonly isAdmin: boolean;
}

/** A user as a terminal has it. Passwords stay where they are: only whether there is one is told. */
export interface KnownUser extends UserBase {
  readonly hasPassword: boolean;
  /** How many fingers are enrolled. */
  readonly fingers: number;
}

/** A user for a terminal. What is null is taken away there. */
export interface NewUser extends UserBase {
  /** Up to 6 digits, 8 on models with a layout of 30 or 40; null for none. */
  readonly password: string | null;
}

const NUMBER_MAX = 2 ** 40 - 1;
const PASSWORD_AT = 5;
const CARD_AT = 8;

/** Offsets of what comes after the name. */
function tail(layout: Layout): { dept: number; fingers: number; special: number } {
  const dept = CARD_AT + layout.cardBytes + layout.nameBytes;
  return { dept, fingers: dept + 3, special: layout.bytes - 1 };
}

/** Undefined unless `data` is a count and exactly so many users. */
export function decodeUsers(data: Uint8Array, name: UserLayout): KnownUser[] | undefined {
  const layout = LAYOUTS[name];
  const [count] = data;
  if (count === undefined || data.length !== 1 + count * layout.bytes) return undefined;
  return Array.from({ length: count }, (_, at) =>
    decodeUser(
      Buffer.from(data.buffer, data.byteOffset + 1 + at * layout.bytes, layout.bytes),
      layout,
    ),
  );
}

function decodeUser(bytes: Buffer, layout: Layout): KnownUser {
  const { dept, fingers, special } = tail(layout);
  const { cardBytes, nameBytes } = layout;
  const isUnset = (at: number, length: number): boolean =>
    bytes.subarray(at, at + length).every((byte) => byte === 0xff);
  return {
    number: bytes.readUIntBE(0, 5),
    hasPassword: !isUnset(PASSWORD_AT, 3),
    card: isUnset(CARD_AT, cardBytes) ? null : bytes.readUIntBE(CARD_AT, cardBytes),
    name: decodeName(bytes.subarray(CARD_AT + cardBytes, CARD_AT + cardBytes + nameBytes), layout),
    department: bytes.readUInt8(dept),
    group: bytes.readUInt8(dept + 1),
    mode: bytes.readUInt8(dept + 2),
    fingers: bitsIn(bytes.readUInt16BE(fingers)),
    isAdmin: bytes.readUInt8(special) >> 6 === 3,
  };
}

/**
 * Throws `config.invalid` for what no terminal could hold: too many users, a number, card or password that does not fit.
 */
export function encodeUsers({
  users,
  layout: name,
}: {
  readonly users: readonly NewUser[];
  readonly layout: UserLayout;
}): Uint8Array {
  const layout = LAYOUTS[name];
  if (users.length === 0 || users.length > layout.perFrame) {
    throw invalid(`1 to ${layout.perFrame} users fit into one frame, not ${users.length}`);
  }
  return Buffer.concat([
    Uint8Array.of(users.length),
    ...users.map((user) => encodeUser(user, layout)),
  ]);
}

function encodeUser(user: NewUser, layout: Layout): Buffer {
  const { cardBytes, nameBytes, isLong } = layout;
  const bytes = Buffer.alloc(layout.bytes);
  const { dept, special } = tail(layout);
  if (!isWithin(user.number, 1, NUMBER_MAX)) throw invalid("a user number has 1 to 13 digits");
  bytes.writeUIntBE(user.number, 0, 5);
  const high = writePassword(bytes, user.password, isLong ? 28 : 20);
  if (user.card === null) bytes.fill(0xff, CARD_AT, CARD_AT + cardBytes);
  else {
    // All ones say that there is none.
    if (!isWithin(user.card, 0, 2 ** (cardBytes * 8) - 2)) throw invalid("card number too large");
    bytes.writeUIntBE(user.card, CARD_AT, cardBytes);
  }
  encodeName(user.name, layout).copy(bytes, CARD_AT + cardBytes, 0, nameBytes);
  for (const [at, value] of [user.department, user.group, user.mode].entries()) {
    if (!isWithin(value, 0, 255)) throw invalid("department, group and mode are 0 to 255");
    bytes.writeUInt8(value, dept + at);
  }
  // Which fingers are enrolled cannot be set; the manual wants zero.
  if (isLong) bytes.set([high, 0xff], special - 2);
  // Bits 7 and 6 are the authority; bit 4 says that the card needs four bytes.
  const isLongCard = user.card !== null && user.card >= 2 ** 24;
  bytes.writeUInt8(((user.isAdmin ? 3 : 1) << 6) | (isLongCard ? 0x10 : 0), special);
  return bytes;
}

/** Four bits of length and the lowest twenty of the number; returns the bits above, FFh when there is no password. */
function writePassword(bytes: Buffer, password: string | null, bits: number): number {
  if (password === null) {
    bytes.fill(0xff, PASSWORD_AT, PASSWORD_AT + 3);
    return 0xff;
  }
  const value = Number(password);
  if (!/^\d{1,8}$/.test(password) || value >= 2 ** bits) {
    throw invalid(`a password has at most ${bits === 20 ? 6 : 8} digits`);
  }
  const low = value % 2 ** 20;
  bytes.writeUIntBE(password.length * 2 ** 20 + low, PASSWORD_AT, 3);
  return (value - low) / 2 ** 20;
}

/** Which of the users that were sent a terminal took: one bit each, the first is bit 0; nothing told means all. */
export function decodeTaken(data: Uint8Array, sent: number): boolean[] | undefined {
  if (data.length === 0) return Array.from({ length: sent }, () => true);
  const [high, low] = data;
  if (data.length !== 2 || high === undefined || low === undefined) return undefined;
  return Array.from({ length: sent }, (_, at) => (((high << 8) | low) & (1 << at)) !== 0);
}

function decodeName(bytes: Buffer, { encoding }: Layout): string {
  const text =
    encoding === "ascii"
      ? bytes.toString("latin1")
      : Buffer.from(bytes).swap16().toString("utf16le");
  const end = text.search(encoding === "ascii" ? /[\0\u00FF]/u : /[\0\uFFFF]/u);
  return end === -1 ? text : text.slice(0, end);
}

function encodeName(name: string, { encoding }: Layout): Buffer {
  return encoding === "ascii"
    ? Buffer.from(name.replaceAll(/[^\x20-\x7e]/gu, "?"), "latin1")
    : Buffer.from(name, "utf16le").swap16();
}

const isWithin = (value: number, from: number, to: number): boolean =>
  Number.isInteger(value) && value >= from && value <= to;

const bitsIn = (mask: number): number => mask.toString(2).replaceAll("0", "").length;

const invalid = (message: string): PlatformError => new PlatformError("config.invalid", message);

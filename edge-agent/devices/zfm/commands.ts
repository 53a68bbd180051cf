/**
 * What we say to a ZFM module and what its answers mean. **There is no way to say "hand over a template or an image"
 * (08 upChar, 09 downChar, 0A upImage, 0B downImage) or "empty the library" (0D) here, and none may be added:** a
 * fingerprint never leaves its module.
 */
export type Command =
  | { readonly kind: "verify-password"; readonly password: number }
  | { readonly kind: "read-parameters" }
  | { readonly kind: "get-image" }
  | { readonly kind: "image-to-features"; readonly buffer: FeatureBuffer }
  | { readonly kind: "search" | "hi-speed-search"; readonly capacity: number }
  | { readonly kind: "make-model" }
  | { readonly kind: "store-model"; readonly slot: number }
  | { readonly kind: "delete-model"; readonly slot: number }
  | { readonly kind: "count-models" }
  | { readonly kind: "index-table"; readonly page: number }
  | ({ readonly kind: "light" } & Light);

export type FeatureBuffer = 1 | 2;

/** Aura light of the R503 (command 35); `cycles` counts flashes and breaths, after which it goes out by itself. */
export interface Light {
  readonly effect: "breathe" | "flash" | "off";
  readonly speed: number;
  readonly colour: number;
  readonly cycles: number;
}

const EFFECT = { breathe: 1, flash: 2, off: 4 } as const;

/** Instruction code, and bytes of the answer that says yes. */
const INSTRUCTION = {
  "get-image": { code: 0x01, answerBytes: 1 },
  "image-to-features": { code: 0x02, answerBytes: 1 },
  search: { code: 0x04, answerBytes: 5 },
  "make-model": { code: 0x05, answerBytes: 1 },
  "store-model": { code: 0x06, answerBytes: 1 },
  "delete-model": { code: 0x0c, answerBytes: 1 },
  "read-parameters": { code: 0x0f, answerBytes: 17 },
  "verify-password": { code: 0x13, answerBytes: 1 },
  "hi-speed-search": { code: 0x1b, answerBytes: 5 },
  "count-models": { code: 0x1d, answerBytes: 3 },
  "index-table": { code: 0x1f, answerBytes: 33 },
  light: { code: 0x35, answerBytes: 1 },
} as const satisfies Record<Command["kind"], { code: number; answerBytes: number }>;

/** Every instruction code that can be sent; for the test that none of the forbidden ones is among them. */
export const SENDABLE_CODES: readonly number[] = Object.values(INSTRUCTION).map(({ code }) => code);

/** The payload of the command's packet. */
export const encodeCommand = (command: Command): Uint8Array =>
  Uint8Array.of(INSTRUCTION[command.kind].code, ...argumentsOf(command));

type BareKind = "read-parameters" | "get-image" | "make-model" | "count-models";
const BARE: ReadonlySet<string> = new Set<BareKind>([
  "read-parameters",
  "get-image",
  "make-model",
  "count-models",
]);
const isBare = (command: Command): command is Extract<Command, { kind: BareKind }> =>
  BARE.has(command.kind);

function argumentsOf(command: Command): readonly number[] {
  if (isBare(command)) return [];
  switch (command.kind) {
    case "verify-password":
      return [...u16(command.password >>> 16), ...u16(command.password)];
    case "image-to-features":
      return [command.buffer];
    case "search":
    case "hi-speed-search":
      return [1, ...u16(0), ...u16(command.capacity)];
    case "store-model":
      return [1, ...u16(command.slot)];
    case "delete-model":
      return [...u16(command.slot), ...u16(1)];
    case "index-table":
      return [command.page];
    case "light":
      return [EFFECT[command.effect], command.speed, command.colour, command.cycles];
  }
}

const u16 = (value: number): readonly [number, number] => [(value >>> 8) & 0xff, value & 0xff];

/**
 * Whether this can be the answer to that command. Answers carry no number of their question: their length is all that
 * tells a late one from the right one. A refusal may be one byte whatever was asked.
 */
export function isAnswerTo(command: Command, payload: Uint8Array): boolean {
  if (payload.length === INSTRUCTION[command.kind].answerBytes) return true;
  return payload.length === 1 && payload[0] !== CODE.ok;
}

/** First byte of every answer. */
export const CODE = {
  ok: 0x00,
  noFinger: 0x02,
  imagingFailed: 0x03,
  notFound: 0x09,
  wrongPassword: 0x13,
  passwordWanted: 0x21,
} as const;

const CODE_NAMES: Readonly<Record<number, string>> = {
  0x01: "packet-error",
  0x02: "no-finger",
  0x03: "imaging-failed",
  0x06: "messy",
  0x07: "few-features",
  0x08: "no-match",
  0x09: "not-found",
  0x0a: "enrol-mismatch",
  0x0b: "bad-slot",
  0x10: "delete-failed",
  0x13: "wrong-password",
  0x15: "no-image",
  0x18: "flash-failed",
  0x21: "password-wanted",
};

/** For counters and messages; `code-1a` for one that the manuals leave out. */
export const codeName = (code: number): string =>
  CODE_NAMES[code] ?? `code-${code.toString(16).padStart(2, "0")}`;

export interface Parameters {
  readonly systemId: number;
  /** Slots; they are numbered from 0. */
  readonly capacity: number;
  /** 1 (least strict) to 5. */
  readonly security: number;
  readonly address: number;
  readonly baudRate: number;
}

/** Of an answer to `read-parameters` that says ok; undefined when it makes no sense. */
export function readParameters(payload: Uint8Array): Parameters | undefined {
  if (payload.length !== INSTRUCTION["read-parameters"].answerBytes) return undefined;
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  const capacity = view.getUint16(5);
  if (capacity === 0) return undefined;
  return {
    systemId: view.getUint16(3),
    capacity,
    security: view.getUint16(7),
    address: view.getUint32(9),
    baudRate: view.getUint16(15) * 9600,
  };
}

export interface Match {
  readonly slot: number;
  readonly score: number;
}

/** Of an answer to a search that says ok; undefined when it is too short to name a slot. */
export function readMatch(payload: Uint8Array): Match | undefined {
  if (payload.length !== INSTRUCTION.search.answerBytes) return undefined;
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  return { slot: view.getUint16(1), score: view.getUint16(3) };
}

/** Of an answer to `count-models` that says ok. */
export function readCount(payload: Uint8Array): number | undefined {
  const [, high, low] = payload;
  return high === undefined || low === undefined ? undefined : high * 256 + low;
}

/** Slots in use, of the answer to `index-table` for this page; the lowest bit of a byte is its lowest slot. */
export function readIndexTable(payload: Uint8Array, page: number): readonly number[] {
  return Array.from(payload.subarray(1)).flatMap((bits, byte) =>
    [0, 1, 2, 3, 4, 5, 6, 7]
      .filter((bit) => (bits & (1 << bit)) !== 0)
      .map((bit) => page * SLOTS_PER_PAGE + byte * 8 + bit),
  );
}

export const SLOTS_PER_PAGE = 256;

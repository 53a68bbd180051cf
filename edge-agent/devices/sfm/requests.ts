import type { Packet } from "./frame.ts";

/**
 * What we say to an SFM module. **There is no way to ask for a template or an image here** (RT 14, ST 21, RI 20, SI 15
 * and their long forms) **or to hand one in** (ET 07, EI 06 …), **and none may be added:** a fingerprint never leaves its
 * module. Nor is there one for its log (LN 3C, LR 3D, LD 3E): the layout of a record is not public.
 */
export type Request =
  | { readonly kind: "status" }
  | { readonly kind: "identify" }
  | { readonly kind: "cancel" }
  | { readonly kind: "read-parameter"; readonly parameter: ParameterName }
  /** Until the module's next power cut: it is not saved. */
  | { readonly kind: "write-parameter"; readonly parameter: ParameterName; readonly value: number };

const CODE = {
  "write-parameter": 0x01,
  "read-parameter": 0x03,
  status: 0x04,
  identify: 0x11,
  cancel: 0x60,
} as const satisfies Record<Request["kind"], number>;

export const IDENTIFY: number = CODE.identify;
/** Every command that can be sent; for the test that none of the forbidden ones is among them. */
export const SENDABLE_CODES: readonly number[] = Object.values(CODE);

const PARAMETER = {
  serialNumber: 0x6f,
  enrolledFingers: 0x73,
  autoResponse: 0x82,
  freeScan: 0x84,
} as const;
export type ParameterName = keyof typeof PARAMETER;

/** Values of the switches among the parameters. */
export const OFF = 0x30;
export const ON = 0x31;

export function packetOf(request: Request, terminal: number | null): Packet {
  const isAboutParameter = request.kind === "read-parameter" || request.kind === "write-parameter";
  return {
    terminal,
    command: CODE[request.kind],
    param: 0,
    size: request.kind === "write-parameter" ? request.value : 0,
    flag: isAboutParameter ? PARAMETER[request.parameter] : 0,
  };
}

export const SUCCESS = 0x61;
/** A finger was read; who it is follows. */
export const SCANNED = 0x62;
export const CANCELLED = 0x81;

const OUTCOMES: Readonly<Record<number, string>> = {
  [SUCCESS]: "success",
  [SCANNED]: "scanned",
  0x63: "scan-failed",
  0x69: "not-found",
  0x6a: "not-matched",
  0x6b: "try-again",
  0x6c: "nobody-came",
  0x75: "unsupported",
  0x76: "unknown-user",
  0x7a: "matching-took-too-long",
  0x80: "busy",
  [CANCELLED]: "cancelled",
  0x82: "data-error",
  0x90: "blacklisted",
  0x91: "duress-finger",
  0x93: "no-access",
  0x94: "entrance-limit",
  0xa1: "locked",
  0xb0: "fake-finger",
};

/** For counters and messages; `code-xx` for one that the public headers leave out. */
export const outcomeName = (flag: number): string =>
  OUTCOMES[flag] ?? `code-${flag.toString(16).padStart(2, "0")}`;

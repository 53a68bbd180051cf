import { ACK, CMD, NAK, nak, REPLY, type Reply } from "./messages.ts";

/** What a person does at the sensor. */
export interface Finger {
  /** Whether it is the finger whose template the reader keeps. */
  readonly isEnrolled: boolean;
  /** 0 to 255; default 255 for the enrolled one, 0 for another. */
  readonly score?: number;
}

export interface SensorOptions {
  /** The one template this reader keeps; goes out in BIOREADR, as the standard has it. */
  readonly template: Uint8Array;
  /** How long it waits for a finger; default 5000. */
  readonly waitMs?: number;
}

/** Source: SIA OSDP v2.2, commands 73h and 74h, replies 57h and 58h; layouts as OSDP.Net has them. */
export interface Sensor {
  /** BIOREAD or BIOMATCH: acknowledged, or refused; the result comes on a poll. */
  ask(command: { readonly id: number; readonly data: Uint8Array }, nowMs: number): Reply;
  /** False when nobody asked for one. */
  put(finger: Finger): boolean;
  /** The result that a poll brings, once. */
  result(nowMs: number): Reply | undefined;
  reset(): void;
}

const OK = 0;
const TIMEOUT = 1;
const READ_LENGTH = 4;
const MATCH_HEADER = 6;
const KNOWN_FORMATS = 3;
const DEFAULT_WAIT_MS = 5_000;

interface Question {
  readonly isMatch: boolean;
  readonly reader: number;
  readonly type: number;
  readonly untilMs: number;
}

export function createSensor({ template, waitMs = DEFAULT_WAIT_MS }: SensorOptions): Sensor {
  let question: Question | undefined;
  let finger: Finger | undefined;

  return {
    ask({ id, data }, nowMs) {
      const isMatch = id === CMD.bioMatch;
      const [reader = 0, type = 0, format = 0, , low = 0, high = 0] = data;
      const wanted = isMatch ? MATCH_HEADER + low + high * 0x100 : READ_LENGTH;
      if (data.length !== wanted) return nak(NAK.length);
      if (format >= KNOWN_FORMATS) return nak(NAK.bioFormat);
      finger = undefined;
      question = { isMatch, reader, type, untilMs: nowMs + waitMs };
      return ACK;
    },
    put(next) {
      if (question === undefined) return false;
      finger = next;
      return true;
    },
    result(nowMs) {
      if (question === undefined) return undefined;
      if (finger === undefined && nowMs < question.untilMs) return undefined;
      const reply = question.isMatch
        ? verdict(question, finger)
        : reading(question, finger, template);
      question = undefined;
      finger = undefined;
      return reply;
    },
    reset() {
      question = undefined;
      finger = undefined;
    },
  };
}

function verdict({ reader }: Question, finger: Finger | undefined): Reply {
  if (finger === undefined) return bioMatchR(reader, TIMEOUT, 0);
  return bioMatchR(reader, OK, finger.score ?? (finger.isEnrolled ? 255 : 0));
}

const bioMatchR = (reader: number, status: number, score: number): Reply => ({
  id: REPLY.bioMatch,
  data: Uint8Array.of(reader, status, score),
});

function reading(
  { reader, type }: Question,
  finger: Finger | undefined,
  template: Uint8Array,
): Reply {
  const [status, quality, bytes] =
    finger === undefined ? [TIMEOUT, 0, new Uint8Array(0)] : [OK, 80, template];
  const head = [reader, status, type, quality, bytes.length & 0xff, bytes.length >> 8];
  return { id: REPLY.bioRead, data: Uint8Array.of(...head, ...bytes) };
}

import type { OsdpReader } from "./config.ts";
import type { Entry } from "./entry.ts";
import { type CheckKind, createFramer, type Frame } from "./frame.ts";
import type { Line } from "./line.ts";
import type { Remembered } from "./standing.ts";
import type { Resume } from "./state-file.ts";
import type { OfferedCard } from "./unacknowledged.ts";

/** What a session holds at the moment a new command is about to be sent. */
export interface Moment {
  readonly exchange: number;
  readonly check: CheckKind;
  /** The established line with its open question, if there is one. */
  readonly line: Line | null;
  /** The answer to it, if it was heard and holds something not yet committed. */
  readonly reply: Uint8Array | null;
  readonly entry: Entry | null;
  readonly unacknowledged: OfferedCard | null;
  readonly isKeyed: boolean;
  readonly remembered: Remembered;
}

export function resumeOf({ line, reply, entry, remembered, ...rest }: Moment): Resume {
  const question = line?.question ?? null;
  const { identity, isTampered, isPowerFailing } = remembered;
  return {
    ...rest,
    identity,
    isTampered,
    isPowerFailing,
    line:
      line === null || line.sqn === null || question === null
        ? null
        : {
            sqn: line.sqn,
            channel: line.channel,
            key: line.key,
            command: {
              exchange: question.exchange,
              bytes: question.bytes,
              isPoll: question.command === "POLL",
            },
            reply,
          },
    entry: entry === null ? null : { card: entry.card, digits: entry.digits },
  };
}

/** The pause between keys starts anew: nobody knows how long the agent was away. */
export function restoredEntry(resume: Resume | undefined, nowMs: number): Entry | null {
  const entry = resume?.entry ?? null;
  return entry === null ? null : { ...entry, touchedAtMs: nowMs };
}

/** A reply that was heard before the agent was killed. */
export function restoredReply(resume: Resume | undefined): Frame | null {
  const bytes = resume?.line?.reply ?? null;
  return bytes === null ? null : (createFramer().push(bytes)[0] ?? null);
}

/**
 * The line as it was when its last command was sent, to ask that very question again. Null when there was none, or
 * when it was in clear and the configuration requires a key by now.
 */
export function restoredLine(resume: Resume | undefined, reader: OsdpReader): Line | null {
  const saved = resume?.line ?? null;
  if (saved === null) return null;
  if (saved.key === "none" && reader.secureChannel === "required") return null;
  const { exchange, bytes, isPoll } = saved.command;
  return {
    stage: "up",
    sqn: saved.sqn,
    key: saved.key,
    channel: saved.channel,
    handshake: null,
    // Which other command it was matters no more: only a POLL brings something worth keeping, or shows that there is nothing.
    question: { exchange, command: isPoll ? "POLL" : "LSTAT", bytes },
  };
}

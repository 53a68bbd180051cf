import { type CheckKind, encodeFrame, type Frame, type Sqn } from "./frame.ts";
import { type Command, decodeReply, encodeCommand, type Reply } from "./messages.ts";
import {
  type Channel,
  clientCryptogram,
  deriveKeys,
  initialRMac,
  isSame,
  open,
  SCB,
  type SessionKeys,
  seal,
  serverCryptogram,
} from "./secure-channel.ts";

/**
 * One link to one reader from SQN 0 on: sequence numbers, handshake, secure channel. Pure and immutable; a line keeps
 * the bytes of its open question, and whoever wants to ask again sends exactly those.
 *
 *     starting ──answer──▶ up                                     in clear
 *     challenged ──CCRYPT──▶ authenticating ──RMAC_I──▶ up        secure channel
 */
export interface Line {
  readonly stage: "starting" | "challenged" | "authenticating" | "up";
  /** Of the last command; null before the first, which carries 0 and resets the reader's side. */
  readonly sqn: Sqn | null;
  readonly key: KeyKind;
  readonly channel: Channel | null;
  readonly handshake: Handshake | null;
  /** The command not yet settled: unanswered, or answered with something that is still being committed. */
  readonly question: Question | null;
}

/** `own` from the key file, `default` the install key, `none` in clear. */
export type KeyKind = "own" | "default" | "none";

export interface Question {
  readonly exchange: number;
  readonly command: Command["type"];
  /** From SOM through the check. */
  readonly bytes: Uint8Array;
}

interface Handshake {
  readonly key: Uint8Array;
  readonly rndA: Uint8Array;
  readonly proven: { readonly keys: SessionKeys; readonly rMac: Uint8Array } | null;
}

const EMPTY: Line = {
  stage: "starting",
  sqn: null,
  key: "none",
  channel: null,
  handshake: null,
  question: null,
};

export const clearLine = (): Line => EMPTY;

/** A line whose first command must be the CHLNG with `rndA`. */
export const securedLine = (
  kind: Exclude<KeyKind, "none">,
  key: Uint8Array,
  rndA: Uint8Array,
): Line => ({ ...EMPTY, stage: "challenged", key: kind, handshake: { key, rndA, proven: null } });

export interface Addressing {
  readonly address: number;
  readonly check: CheckKind;
  readonly exchange: number;
}

/** The line with `command` as its open question, sealed if the channel stands. */
export function ask(line: Line, command: Command, to: Addressing): Line {
  const sqn = nextSqn(line.sqn);
  const parts = {
    address: to.address,
    isReply: false,
    sqn,
    check: to.check,
    ...encodeCommand(command),
  };
  const asked = (bytes: Uint8Array, channel: Channel | null): Line => ({
    ...line,
    sqn,
    channel,
    question: { exchange: to.exchange, command: command.type, bytes },
  });
  if (line.channel === null) {
    return asked(encodeFrame({ ...parts, security: blockOf(command, line.key) }), null);
  }
  const sealed = seal(line.channel.keys, line.channel.rMac, parts);
  return asked(sealed.bytes, { ...line.channel, cMac: sealed.mac });
}

/** 0 once, then 1, 2, 3, 1, 2, 3 … */
function nextSqn(last: Sqn | null): Sqn {
  switch (last) {
    case null:
      return 0;
    case 0:
    case 3:
      return 1;
    case 1:
      return 2;
    case 2:
      return 3;
  }
}

function blockOf(command: Command, key: KeyKind): { type: number; data: Uint8Array } | null {
  const data = Uint8Array.of(key === "own" ? 1 : 0);
  if (command.type === "CHLNG") return { type: SCB.challenge, data };
  if (command.type === "SCRYPT") return { type: SCB.serverCryptogram, data };
  return null;
}

export type Answer =
  | { readonly kind: "answer"; readonly reply: Reply; readonly line: Line }
  /** Not an answer to the open question, or not one we may believe. Waiting goes on. */
  | { readonly kind: "stray"; readonly why: StrayReason };

export type StrayReason = "sequence" | "plaintext" | "mac" | "padding" | "security-block";

const stray = (why: StrayReason): Answer => ({ kind: "stray", why });

/** Judges a frame from the reader this line belongs to. The question stays open until the caller settles it. */
export function readAnswer(line: Line, frame: Frame): Answer {
  // Sealed data says nothing yet, and decoding may overwrite what it reads: only what is plain is decoded here.
  if (frame.security === null) return readPlain(line, frame);
  if (frame.sqn !== line.sqn) return stray("sequence");
  if (line.channel === null) {
    const isHandshake = frame.mac === null && frame.security.type === expectedBlock(line);
    if (!isHandshake) return stray("security-block");
    return { kind: "answer", reply: decodeReply(frame), line };
  }
  const opened = open(line.channel.keys, line.channel.cMac, frame);
  if (opened.kind === "refused") return stray(opened.reason);
  return {
    kind: "answer",
    reply: decodeReply({ id: frame.id, data: opened.data }),
    line: { ...line, channel: { ...line.channel, rMac: opened.mac } },
  };
}

function readPlain(line: Line, frame: Frame): Answer {
  const reply = decodeReply(frame);
  // BUSY comes in clear with SQN 0 whatever was asked (SIA OSDP v2.2, 7.19).
  if (reply.type === "BUSY") return { kind: "answer", reply, line };
  if (frame.sqn !== line.sqn) return stray("sequence");
  return mayBePlain(line, reply) ? { kind: "answer", reply, line } : stray("plaintext");
}

/** Under a key only a refusal may come in clear, and the answer to KEYSET, which ends the old channel. */
function mayBePlain(line: Line, reply: Reply): boolean {
  if (line.key === "none" || reply.type === "NAK") return true;
  return reply.type === "ACK" && line.question?.command === "KEYSET";
}

function expectedBlock(line: Line): number | undefined {
  if (line.stage === "challenged") return SCB.clientCryptogram;
  if (line.stage === "authenticating") return SCB.initialRMac;
  return undefined;
}

/** Checks the reader's proof; gives the line and our own proof to send, or undefined when the reader's is wrong. */
export function prove(
  line: Line,
  reply: Extract<Reply, { type: "CCRYPT" }>,
): { readonly line: Line; readonly command: Command } | undefined {
  const { handshake } = line;
  if (handshake === null) return undefined;
  const { key, rndA } = handshake;
  const keys = deriveKeys(key, rndA);
  if (!isSame(clientCryptogram(keys, rndA, reply.rndB), reply.clientCryptogram)) return undefined;
  const cryptogram = serverCryptogram(keys, rndA, reply.rndB);
  return {
    line: {
      ...line,
      stage: "authenticating",
      handshake: { key, rndA, proven: { keys, rMac: initialRMac(keys, cryptogram) } },
      question: null,
    },
    command: { type: "SCRYPT", serverCryptogram: cryptogram },
  };
}

/** The line with its channel open, or undefined when the reader's R-MAC-I is not ours. */
export function establish(line: Line, rMac: Uint8Array): Line | undefined {
  const proven = line.handshake?.proven ?? null;
  if (proven === null || !isSame(proven.rMac, rMac)) return undefined;
  return {
    ...line,
    stage: "up",
    handshake: null,
    channel: { keys: proven.keys, rMac: proven.rMac, cMac: proven.rMac },
    question: null,
  };
}

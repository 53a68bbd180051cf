import { createCipheriv, createDecipheriv, timingSafeEqual } from "node:crypto";
import {
  carriesMac,
  closeFrame,
  type Frame,
  type FrameParts,
  frameBody,
  MAC_BYTES,
} from "./frame.ts";

/**
 * OSDP secure channel (SIA OSDP v2.2, annex D; AES-128), as pure functions over explicit state.
 *
 * The chain: a command's MAC starts from the last reply's MAC (first of all R-MAC-I), a reply's MAC from the command's.
 * Whoever retransmits sends the stored bytes again and touches no state; that is what keeps both ends in step.
 */

const BLOCK = 16;

/** The key every reader ships with (30 31 … 3F). Good for nothing but handing over the real one. */
export const SCBK_DEFAULT = Uint8Array.from({ length: BLOCK }, (_, at) => 0x30 + at);

export const SCB = {
  challenge: 0x11,
  clientCryptogram: 0x12,
  serverCryptogram: 0x13,
  initialRMac: 0x14,
  commandPlain: 0x15,
  replyPlain: 0x16,
  commandEncrypted: 0x17,
  replyEncrypted: 0x18,
} as const;

export interface SessionKeys {
  readonly enc: Uint8Array;
  readonly mac1: Uint8Array;
  readonly mac2: Uint8Array;
}

/** An open channel between two exchanges. Immutable: every sealed or opened frame gives the next one. */
export interface Channel {
  readonly keys: SessionKeys;
  /** MAC of the last reply, all 16 bytes; R-MAC-I at first. */
  readonly rMac: Uint8Array;
  /** MAC of the last command; meaningless before the first. */
  readonly cMac: Uint8Array;
}

export function deriveKeys(scbk: Uint8Array, rndA: Uint8Array): SessionKeys {
  const derive = (a: number, b: number): Uint8Array => {
    const block = new Uint8Array(BLOCK);
    block.set([a, b, ...rndA.subarray(0, 6)]);
    return encryptBlock(scbk, block);
  };
  return { enc: derive(0x01, 0x82), mac1: derive(0x01, 0x01), mac2: derive(0x01, 0x02) };
}

/** Proves that whoever answered with `rndB` holds the key. */
export const clientCryptogram = (
  keys: SessionKeys,
  rndA: Uint8Array,
  rndB: Uint8Array,
): Uint8Array => ecb(keys.enc, Buffer.concat([rndA, rndB]));

/** Our proof to the reader. */
export const serverCryptogram = (
  keys: SessionKeys,
  rndA: Uint8Array,
  rndB: Uint8Array,
): Uint8Array => ecb(keys.enc, Buffer.concat([rndB, rndA]));

export const initialRMac = (keys: SessionKeys, cryptogram: Uint8Array): Uint8Array =>
  encryptBlock(keys.mac2, encryptBlock(keys.mac1, cryptogram));

/** Compares secrets without telling by its timing where they differ. */
export const isSame = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && timingSafeEqual(a, b);

export interface Sealed {
  /** The frame from SOM through the check. */
  readonly bytes: Uint8Array;
  /** All 16 bytes of its MAC: the next state of the chain. */
  readonly mac: Uint8Array;
}

/**
 * Encrypts the data (if there is any) and closes the frame with a MAC. `lastMac` is the other side's last one: R-MAC
 * for a command, C-MAC for a reply.
 */
export function seal(
  keys: SessionKeys,
  lastMac: Uint8Array,
  parts: Omit<FrameParts, "security">,
): Sealed {
  const hasData = parts.data.length > 0;
  const type = parts.isReply
    ? hasData
      ? SCB.replyEncrypted
      : SCB.replyPlain
    : hasData
      ? SCB.commandEncrypted
      : SCB.commandPlain;
  const data = hasData ? encryptData(keys, lastMac, parts.data) : parts.data;
  const body = frameBody({ ...parts, data, security: { type, data: new Uint8Array(0) } });
  const mac = macOf(keys, lastMac, body);
  return { bytes: closeFrame(body, parts.check, mac), mac };
}

export type Opened =
  | { readonly kind: "ok"; readonly data: Uint8Array; readonly mac: Uint8Array }
  | { readonly kind: "refused"; readonly reason: "plaintext" | "mac" | "padding" };

/** Verifies and decrypts. An empty encrypted block is let through: some readers answer ACK that way. */
export function open(keys: SessionKeys, lastMac: Uint8Array, frame: Frame): Opened {
  const { security } = frame;
  if (security === null || !carriesMac(security.type) || frame.mac === null) {
    return { kind: "refused", reason: "plaintext" };
  }
  const checkBytes = frame.check === "crc" ? 2 : 1;
  const body = frame.bytes.subarray(0, frame.bytes.length - checkBytes - MAC_BYTES);
  const mac = macOf(keys, lastMac, body);
  if (!isSame(mac.subarray(0, MAC_BYTES), frame.mac)) return { kind: "refused", reason: "mac" };
  const isEncrypted =
    security.type === SCB.commandEncrypted || security.type === SCB.replyEncrypted;
  if (!isEncrypted || frame.data.length === 0) return { kind: "ok", data: frame.data, mac };
  const data = decryptData(keys, lastMac, frame.data);
  return data === undefined ? { kind: "refused", reason: "padding" } : { kind: "ok", data, mac };
}

/** CBC over the message, all blocks but the last under S-MAC1, the last under S-MAC2. */
function macOf(keys: SessionKeys, iv: Uint8Array, message: Uint8Array): Uint8Array {
  const padded = message.length % BLOCK === 0 ? message : pad(message);
  const head = padded.subarray(0, -BLOCK);
  const chained = head.length === 0 ? iv : cbc(keys.mac1, iv, head).subarray(-BLOCK);
  return cbc(keys.mac2, chained, padded.subarray(-BLOCK));
}

const encryptData = (keys: SessionKeys, lastMac: Uint8Array, data: Uint8Array): Uint8Array =>
  cbc(keys.enc, inverted(lastMac), pad(data));

function decryptData(
  keys: SessionKeys,
  lastMac: Uint8Array,
  data: Uint8Array,
): Uint8Array | undefined {
  if (data.length % BLOCK !== 0) return undefined;
  const decipher = createDecipheriv("aes-128-cbc", keys.enc, inverted(lastMac));
  decipher.setAutoPadding(false);
  const padded = Buffer.concat([decipher.update(data), decipher.final()]);
  const end = padded.lastIndexOf(0x80);
  const isPadding = end !== -1 && padded.subarray(end + 1).every((byte) => byte === 0);
  return isPadding ? padded.subarray(0, end) : undefined;
}

/** Always adds 80, then zeros up to a whole block. */
function pad(data: Uint8Array): Uint8Array {
  const padded = new Uint8Array(Math.floor(data.length / BLOCK) * BLOCK + BLOCK);
  padded.set(data);
  padded[data.length] = 0x80;
  return padded;
}

const inverted = (bytes: Uint8Array): Uint8Array => bytes.map((byte) => ~byte);

const encryptBlock = (key: Uint8Array, block: Uint8Array): Uint8Array => ecb(key, block);

function ecb(key: Uint8Array, data: Uint8Array): Uint8Array {
  const cipher = createCipheriv("aes-128-ecb", key, null);
  cipher.setAutoPadding(false);
  return Buffer.concat([cipher.update(data), cipher.final()]);
}

function cbc(key: Uint8Array, iv: Uint8Array, data: Uint8Array): Uint8Array {
  const cipher = createCipheriv("aes-128-cbc", key, iv);
  cipher.setAutoPadding(false);
  return Buffer.concat([cipher.update(data), cipher.final()]);
}

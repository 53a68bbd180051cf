import { closeSync, fchmodSync, openSync, readSync, writeSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { credentialSchema } from "@clockleaf/shared/wire/punch.ts";
import { z } from "zod";

/**
 * What must outlive a killed agent so that a reply the reader still holds is read again: one small file per reader in
 * `runtimeDir` (tmpfs, mode 0600 because it holds session keys), written before each new command is sent, and once more
 * when a card or keys were heard, before anything else is done about them.
 *
 * Two slots are written in turn, each with a generation and a checksum: a torn write leaves the slot before it, and
 * since the write comes before the send, that is exactly what the reader last heard.
 */
const SLOT_BYTES = 2048;
const HEADER_BYTES = 8;

const bytesSchema = z
  .string()
  .regex(/^([0-9a-f]{2})*$/)
  .transform((hex): Uint8Array => Buffer.from(hex, "hex"));

const lineSchema = z.object({
  sqn: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]),
  channel: z
    .object({
      keys: z.object({ enc: bytesSchema, mac1: bytesSchema, mac2: bytesSchema }),
      rMac: bytesSchema,
      cMac: bytesSchema,
    })
    .nullable(),
  key: z.enum(["own", "default", "none"]),
  /** The command whose reply may still be held by the reader, byte for byte. */
  command: z.object({
    exchange: z.int(),
    bytes: bytesSchema,
    /** Files of older releases do not say. */
    isPoll: z.boolean().default(false),
  }),
  /** Its reply, once one with a card or keys was heard: some readers do not keep it. */
  reply: bytesSchema.nullable(),
});

const resumeSchema = z.object({
  /** Highest exchange number given out. */
  exchange: z.int().min(0),
  check: z.enum(["crc", "checksum"]),
  /** An established line with an open question on it; null while there is none. */
  line: lineSchema.nullable(),
  entry: z
    .object({
      card: z.object({ credential: credentialSchema, exchange: z.int() }).nullable(),
      digits: z.string(),
    })
    .nullable(),
  /** The last card, if the reader has not heard yet that it may forget it; absent in files of older releases. */
  unacknowledged: z
    .object({ hex: z.string(), exchange: z.int(), isNewLink: z.boolean().default(false) })
    .nullable()
    .default(null),
  /** Vendor, model and serial number that answered last. */
  identity: z.string().nullable(),
  /** A handshake with the reader's own key has succeeded: clear text is refused from then on. */
  isKeyed: z.boolean(),
  isTampered: z.boolean(),
  isPowerFailing: z.boolean(),
});
export type Resume = z.output<typeof resumeSchema>;

export interface StateFile {
  /** What was last saved and is whole; undefined on a first start, after a power cut, or when it is another format. */
  load(): Resume | undefined;
  /** Hands the state to the kernel before it returns: it survives the process, not the power. */
  save(state: Resume): void;
  close(): void;
}

/** Throws `config.unreadable` when `runtimeDir` is not there or not ours. */
export function openStateFile(runtimeDir: string, reader: string): StateFile {
  const fd = openOrCreate(join(runtimeDir, `osdp-${reader}.state`));
  const slots = [readSlot(fd, 0), readSlot(fd, 1)];
  const newest = slots.reduce((a, b) => ((b?.generation ?? -1) > (a?.generation ?? -1) ? b : a));
  let generation = newest?.generation ?? 0;
  return {
    load: () => newest?.state,
    save(state) {
      generation += 1;
      const slot = encodeSlot(state, generation);
      writeSync(fd, slot, 0, slot.length, (generation % 2) * SLOT_BYTES);
    },
    close: () => closeSync(fd),
  };
}

function openOrCreate(path: string): number {
  try {
    closeSync(openSync(path, "a", 0o600));
    const fd = openSync(path, "r+");
    fchmodSync(fd, 0o600);
    return fd;
  } catch (error) {
    throw new PlatformError(
      "config.unreadable",
      `cannot write ${path}: the runtime folder must exist and belong to the agent's user`,
      { retriable: true, cause: error },
    );
  }
}

/** `[length u32][crc32 u32][JSON {generation, state}]`; the checksum covers the JSON. */
function encodeSlot(state: Resume, generation: number): Buffer {
  const json = Buffer.from(
    JSON.stringify({ generation, state }, function (this: Record<string, unknown>, key, value) {
      // From the holder and not `value`: a Buffer has turned itself into an object by then.
      const original = this[key];
      return original instanceof Uint8Array ? Buffer.from(original).toString("hex") : value;
    }),
  );
  if (json.length > SLOT_BYTES - HEADER_BYTES)
    throw new RangeError("resume state outgrew its slot");
  const slot = Buffer.alloc(HEADER_BYTES + json.length);
  slot.writeUInt32LE(json.length, 0);
  slot.writeUInt32LE(crc32(json), 4);
  json.copy(slot, HEADER_BYTES);
  return slot;
}

const slotSchema = z.object({ generation: z.int().min(1), state: resumeSchema });

/** Undefined for a slot that was never written, is torn, or was written by another version. */
function readSlot(fd: number, index: number): z.output<typeof slotSchema> | undefined {
  const slot = Buffer.alloc(SLOT_BYTES);
  readSync(fd, slot, 0, SLOT_BYTES, index * SLOT_BYTES);
  const length = slot.readUInt32LE(0);
  if (length === 0 || length > SLOT_BYTES - HEADER_BYTES) return undefined;
  const json = slot.subarray(HEADER_BYTES, HEADER_BYTES + length);
  if (crc32(json) !== slot.readUInt32LE(4)) return undefined;
  const parsed = slotSchema.safeParse(parseJson(json.toString("utf8")));
  return parsed.success ? parsed.data : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

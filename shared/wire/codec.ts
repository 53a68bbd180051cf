import { Packr, Unpackr } from "msgpackr";
import type { z } from "zod";
import { PlatformError } from "../lib/errors.ts";

/** nats-server's `max_payload` in `deploy/nats/`; a message never gets near it. */
export const MAX_MESSAGE_BYTES = 1024 * 1024;

// Records off: plain msgpack maps that any language reads. Numbers past 2^53 lose precision here and zod refuses them.
const packr = new Packr({ useRecords: false, encodeUndefinedAsNil: false });
const unpackr = new Unpackr({ useRecords: false, int64AsType: "number", mapsAsObjects: true });

/** Encodes a value as one msgpack message; throws `wire.too-large` above `maxBytes`. */
export function encode(value: unknown, maxBytes = MAX_MESSAGE_BYTES): Uint8Array {
  const bytes = Uint8Array.from(packr.pack(value));
  if (bytes.length > maxBytes) {
    throw new PlatformError(
      "wire.too-large",
      `message of ${bytes.length} bytes, limit ${maxBytes}`,
    );
  }
  return bytes;
}

export interface DecodeOptions {
  readonly maxBytes?: number;
  /** What the bytes were meant to be, for the message of the error. */
  readonly what: string;
}

/**
 * Decodes bytes from outside and parses them by `schema`. Throws `wire.too-large` or `wire.malformed`, nothing else,
 * whatever the bytes are; details carry the schema's issues, never the content.
 */
export function decode<S extends z.ZodType>(
  bytes: Uint8Array,
  schema: S,
  options: DecodeOptions,
): z.output<S> {
  const maxBytes = options.maxBytes ?? MAX_MESSAGE_BYTES;
  if (bytes.length > maxBytes) {
    throw new PlatformError(
      "wire.too-large",
      `${options.what}: ${bytes.length} bytes, limit ${maxBytes}`,
    );
  }
  let value: unknown;
  try {
    value = unpackr.unpack(bytes);
  } catch (error) {
    throw new PlatformError("wire.malformed", `${options.what}: not msgpack`, { cause: error });
  }
  const result = schema.safeParse(value);
  if (!result.success) {
    const issues = result.error.issues
      .slice(0, 8)
      .map((issue) => `${issue.path.join(".")}: ${issue.message}`);
    throw new PlatformError("wire.malformed", `${options.what}: ${issues.join("; ")}`, {
      details: { issues },
    });
  }
  return result.data;
}

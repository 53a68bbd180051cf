import { PlatformError } from "@clockleaf/shared/lib/errors.ts";

/**
 * The Confluent wire format: what stands in front of an Avro body in a Kafka record.
 *
 *     0x00 | id of the schema, 4 bytes, big-endian  | body      what we write
 *     0x01 | GUID of the schema, 16 bytes           | body      newer; read only
 */
export type SchemaRef =
  | { readonly kind: "id"; readonly id: number }
  /** Lower-case, with hyphens. */
  | { readonly kind: "guid"; readonly guid: string };

export interface Framed {
  readonly schema: SchemaRef;
  /** A view into the bytes it was read from. */
  readonly body: Uint8Array;
}

const MAGIC_ID = 0;
const MAGIC_GUID = 1;
const ID_BYTES = 4;
const GUID_BYTES = 16;
const MAX_ID = 0xff_ff_ff_ff;

/** Throws a RangeError for what is no 32-bit id: the registry client never gives one out. */
export function frame(id: number, body: Uint8Array): Buffer {
  if (!Number.isInteger(id) || id < 0 || id > MAX_ID) {
    throw new RangeError(`a schema id has 32 bits: ${id}`);
  }
  const framed = Buffer.allocUnsafe(1 + ID_BYTES + body.length);
  framed.writeUInt8(MAGIC_ID);
  framed.writeUInt32BE(id, 1);
  framed.set(body, 1 + ID_BYTES);
  return framed;
}

/** Throws `wire.malformed` for bytes that end early, `wire.unsupported-version` for another first byte. */
export function unframe(bytes: Uint8Array): Framed {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = view[0];
  switch (magic) {
    case MAGIC_ID:
      atLeast(view, 1 + ID_BYTES);
      return {
        schema: { kind: "id", id: view.readUInt32BE(1) },
        body: view.subarray(1 + ID_BYTES),
      };
    case MAGIC_GUID:
      atLeast(view, 1 + GUID_BYTES);
      return {
        schema: { kind: "guid", guid: guidOf(view.subarray(1, 1 + GUID_BYTES)) },
        body: view.subarray(1 + GUID_BYTES),
      };
    case undefined:
      throw new PlatformError("wire.malformed", "no bytes where a framed record should be");
    default:
      throw new PlatformError(
        "wire.unsupported-version",
        `a framed record begins with 0 or 1, not ${magic}`,
      );
  }
}

function atLeast(bytes: Buffer, length: number): void {
  if (bytes.length >= length) return;
  throw new PlatformError("wire.malformed", `a framed record of ${bytes.length} bytes`);
}

const guidOf = (bytes: Buffer): string =>
  bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/u, "$1-$2-$3-$4-$5");

import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import avro, { type Type } from "avsc";

const MAX_DEPTH = 64;
/** Avro 1.11, "Binary Encoding": a long is at most ten bytes of seven bits each. */
const MAX_VARINT_BYTES = 10;
const MORE = 0x80;
const LOW_BITS = 0x7fn;

const { types } = avro;
const DOUBLE_BYTES = 8;
const FLOAT_BYTES = 4;

/**
 * Whether every length and count in `bytes` is of something that is really there, read by `type`; throws `wire.malformed` if
 * not. avsc finds out only at the end: a list said to have four thousand million items would have filled the memory by then.
 */
export function assertWellFormed(type: Type, bytes: Uint8Array): void {
  const reader = new Reader(bytes);
  skip(type, reader, 0);
  if (reader.left > 0) throw malformed(`${reader.left} bytes after the record's end`);
}

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  skip(count: number): void {
    if (count < 0 || count > this.left) throw malformed(`ends ${count - this.left} bytes early`);
    this.#at += count;
  }

  long(): number {
    let value = 0n;
    for (let index = 0; index < MAX_VARINT_BYTES; index += 1) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined) throw malformed("ends within a number");
      this.#at += 1;
      value |= (BigInt(byte) & LOW_BITS) << BigInt(7 * index);
      if ((byte & MORE) === 0) {
        const signed = BigInt.asIntN(64, (value >> 1n) ^ -(value & 1n));
        const number = Number(signed);
        if (!Number.isSafeInteger(number)) throw malformed("a number beyond 2^53");
        return number;
      }
    }
    throw malformed("a number of more than ten bytes");
  }
}

function skip(type: Type, reader: Reader, depth: number): void {
  if (depth > MAX_DEPTH) throw malformed(`nested deeper than ${MAX_DEPTH}`);
  if (type instanceof types.RecordType) {
    for (const field of type.fields) skip(field.type, reader, depth + 1);
  } else if (type instanceof types.ArrayType) {
    skipBlocks(reader, () => skip(type.itemsType, reader, depth + 1));
  } else if (type instanceof types.MapType) {
    skipBlocks(reader, () => {
      reader.skip(reader.long());
      skip(type.valuesType, reader, depth + 1);
    });
  } else if (type instanceof types.UnwrappedUnionType || type instanceof types.WrappedUnionType) {
    const branch = type.types[reader.long()];
    if (branch === undefined) throw malformed("names a branch that the union lacks");
    skip(branch, reader, depth + 1);
  } else if (type instanceof types.LogicalType) {
    skip(type.underlyingType, reader, depth + 1);
  } else {
    skipPrimitive(type, reader);
  }
}

/** A negative count is followed by the block's size in bytes. Each item of ours takes at least one. */
function skipBlocks(reader: Reader, skipItem: () => void): void {
  for (let count = reader.long(); count !== 0; count = reader.long()) {
    if (count < 0) reader.long();
    const items = Math.abs(count);
    if (items > reader.left) throw malformed(`${items} items in ${reader.left} bytes`);
    for (let index = 0; index < items; index += 1) skipItem();
  }
}

function skipPrimitive(type: Type, reader: Reader): void {
  if (type instanceof types.FixedType) {
    reader.skip(type.size);
    return;
  }
  switch (type.typeName) {
    case "null":
      return;
    case "boolean":
      reader.skip(1);
      return;
    case "int":
    case "long":
    case "abstract:long": // `exactLong`
    case "enum":
      reader.long();
      return;
    case "float":
      reader.skip(FLOAT_BYTES);
      return;
    case "double":
      reader.skip(DOUBLE_BYTES);
      return;
    case "string":
    case "bytes":
      reader.skip(reader.long());
      return;
    default:
      throw malformed(`of the type ${type.typeName}, which nobody here reads`);
  }
}

const malformed = (why: string): PlatformError =>
  new PlatformError("wire.malformed", `not an Avro record of its schema: ${why}`);

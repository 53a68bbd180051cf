import { CATALOGUE, definitionOf, parseEvent } from "@clockleaf/shared/events/catalogue.ts";
import type { Event, EventDefinition } from "@clockleaf/shared/events/envelope.ts";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import avro, { type Type } from "avsc";
import { z } from "zod";
import { fromAvro, toAvro } from "./convert.ts";
import { type AvroSchema, schemaOfShape } from "./derive.ts";
import { exactLong } from "./long.ts";
import { shapeOf } from "./shape.ts";
import { assertWellFormed } from "./well-formed.ts";

/**
 * Events as Avro binary, without a frame (`wire-format.ts` puts the schema's id in front).
 *
 *     const codec = eventCodec("employee.employee.created");
 *     codec.fullName                    "com.hr.employee.events.EmployeeCreated"
 *     codec.schemaText                  what to register, the same text each time
 *     codec.encode(event)               Buffer
 *     codec.decode(body, writerText?)   Event; `writerText` = the schema it was written by, left out: the codec's own
 */
export interface EventCodec {
  readonly definition: EventDefinition;
  /** The record's name with its namespace. */
  readonly fullName: string;
  readonly schema: AvroSchema;
  readonly schemaText: string;
  /**
   * An event as `parseEvent` gave it. Throws `bridge.poison`, naming the path, for what the schema has no place for; it
   * never leaves anything out.
   */
  encode(event: Event): Buffer;
  /**
   * Throws `wire.malformed` for bytes that are no such record or a schema that this one cannot read, `event.invalid` for a
   * record that is no event of ours; nothing else, whatever the bytes are.
   */
  decode(body: Uint8Array, writerText?: string): Event;
}

const codecs = new Map<string, EventCodec>();

/** The codec of an event type, made once. Throws `event.unknown-type`. */
export function eventCodec(type: string): EventCodec {
  const known = codecs.get(type);
  if (known !== undefined) return known;
  const made = codecOf(definitionOf(type));
  codecs.set(type, made);
  return made;
}

/** The codec for a record's name with its namespace; undefined if no event of the catalogue is written so. */
export function codecForRecord(fullName: string): EventCodec | undefined {
  return CATALOGUE.map(({ type }) => eventCodec(type)).find((each) => each.fullName === fullName);
}

/** A writer's schema costs far more to compile than a record to read; there are few, but they come from outside. */
const MAX_WRITERS = 64;

interface Writer {
  readonly type: Type;
  readonly resolver: ReturnType<Type["createResolver"]>;
}

const decodedSchema = z.record(z.string(), z.unknown());

export function codecOf(definition: EventDefinition): EventCodec {
  const shape = shapeOf(definition);
  const schema = schemaOfShape(shape);
  const schemaText = JSON.stringify(schema);
  const type = avro.Type.forSchema(JSON.parse(schemaText), { registry: { long: exactLong } });
  const writers = new Map<string, Writer>();

  const writerOf = (text: string): Writer => {
    const known = writers.get(text);
    if (known !== undefined) return known;
    const made = resolve(type, text, shape.fullName);
    if (writers.size >= MAX_WRITERS) writers.clear();
    writers.set(text, made);
    return made;
  };

  return {
    definition,
    fullName: shape.fullName,
    schema,
    schemaText,
    encode: ({ metadata, data }) => {
      if (metadata.eventType !== definition.type) {
        throw new PlatformError("bridge.poison", `not an event of the type ${definition.type}`);
      }
      return type.toBuffer({
        eventMetadata: toAvro(shape.metadata, metadata, "metadata"),
        [shape.dataField]: toAvro(shape.data, data, "data"),
      });
    },
    decode: (body, writerText = schemaText) => {
      const writer =
        writerText === schemaText ? { type, resolver: undefined } : writerOf(writerText);
      assertWellFormed(writer.type, body);
      const record = decodedSchema.parse({ ...read(type, body, writer.resolver) });
      return parseEvent({
        metadata: fromAvro(shape.metadata, record["eventMetadata"]),
        data: fromAvro(shape.data, record[shape.dataField]),
      });
    },
  };
}

function read(type: Type, body: Uint8Array, resolver: Writer["resolver"] | undefined): object {
  try {
    const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
    const value: unknown = type.fromBuffer(bytes, resolver);
    if (typeof value === "object" && value !== null) return value;
  } catch (error) {
    throw new PlatformError("wire.malformed", "not an Avro record of its schema", { cause: error });
  }
  throw new PlatformError("wire.malformed", "not an Avro record");
}

function resolve(reader: Type, writerText: string, fullName: string): Writer {
  try {
    const type = typeOfText(writerText);
    return { type, resolver: reader.createResolver(type) };
  } catch (error) {
    throw new PlatformError("wire.malformed", `${fullName} cannot be read from that schema`, {
      cause: error,
    });
  }
}

/** With avsc's own long: its resolvers know that one by name, and the reader's reads the bytes. Throws whatever avsc and JSON do. */
const typeOfText = (text: string): Type => avro.Type.forSchema(JSON.parse(text));

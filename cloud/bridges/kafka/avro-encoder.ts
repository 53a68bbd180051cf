import { hasCode, PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { type EventCodec, eventCodec } from "../avro/codec.ts";
import { frame } from "../avro/wire-format.ts";
import type { SchemaRegistry } from "../registry/registry.ts";
import type { Encoder } from "./encode.ts";

/** Avro in the registry's wire format, each type by the schema that its topic's subject has. */
export function createAvroEncoder(registry: SchemaRegistry): Encoder {
  // Not asked for each event: the registry looks a schema up by its whole text.
  const known = new Map<string, Map<EventCodec, number>>();
  return {
    async encode({ event }, topic) {
      const codec = eventCodec(event.metadata.eventType);
      const body = codec.encode(event);
      const id = known.get(topic)?.get(codec) ?? (await idOf(registry, topic, codec));
      const ofTopic = known.get(topic) ?? new Map<EventCodec, number>();
      known.set(topic, ofTopic.set(codec, id));
      return frame(id, body);
    },
  };
}

/** A registry that cannot be asked says nothing about the event: it is sent later, never made a dead letter. */
async function idOf(
  registry: SchemaRegistry,
  topic: string,
  schema: Parameters<SchemaRegistry["idOf"]>[1],
): Promise<number> {
  try {
    return await registry.idOf(topic, schema);
  } catch (error) {
    if (!hasCode(error, "bridge.unreachable") || error.retriable) throw error;
    const { message, details } = error;
    throw new PlatformError("bridge.unreachable", message, {
      retriable: true,
      details,
      cause: error,
    });
  }
}

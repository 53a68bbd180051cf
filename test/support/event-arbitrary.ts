import { parseEvent } from "@clockleaf/shared/events/catalogue.ts";
import {
  type Event,
  type EventDefinition,
  metadataSchema,
} from "@clockleaf/shared/events/envelope.ts";
import fc from "fast-check";
import { z } from "zod";
import { arbitraryOf } from "./json-arbitrary.ts";

/** Any event of the definition, as it comes out of the store. */
export function eventsOf(definition: EventDefinition): fc.Arbitrary<Event> {
  const data = arbitraryOf({ ...z.toJSONSchema(definition.data, { io: "output" }) });
  const metadata = arbitraryOf({ ...z.toJSONSchema(metadataSchema) });
  return fc.record({ metadata, data }).map((each) =>
    parseEvent({
      data: each.data,
      metadata: {
        ...metadataSchema.partial().parse({ ...Object(each.metadata), eventType: definition.type }),
        version: definition.version,
      },
    }),
  );
}

import { z } from "zod";
import type { Domain } from "../subjects.ts";

/** The last instant that a `Date` can tell. */
const LATEST_MS = 8_640_000_000_000_000;

/** Who and what caused an event; the same seven fields on every event, in every broker. */
export const metadataSchema = z.strictObject({
  eventId: z
    .uuid()
    .describe("UUID of the event; derived from its cause where a replay must give the same id"),
  eventType: z
    .string()
    .regex(/^[a-z]+\.[a-z-]+\.[a-z-]+$/)
    .describe("domain.entity.action"),
  timestamp: z.int().min(0).max(LATEST_MS).describe("When the event was decided, UTC milliseconds"),
  version: z
    .string()
    .regex(/^\d+\.\d+$/)
    .describe("Version of the event's schema"),
  source: z.string().min(1).max(128).describe("The part that wrote it, such as cloud/attendance"),
  correlationId: z
    .string()
    .min(1)
    .max(64)
    .nullable()
    .describe("Shared by everything one request or punch set off"),
  causationId: z
    .string()
    .min(1)
    .max(128)
    .nullable()
    .describe("Id of the event, punch or command that caused this one"),
});
export type Metadata = z.output<typeof metadataSchema>;

export interface EventDefinition<Type extends string = string, Data extends z.ZodType = z.ZodType> {
  /** `domain.entity.action`, past tense. */
  readonly type: Type;
  readonly domain: Domain;
  /** The record name in Avro and AsyncAPI, `CheckInRecorded`. */
  readonly name: string;
  readonly version: string;
  readonly data: Data;
  /**
   * What of `data` is personal, and what stands there once the person was erased. These fields are stored encrypted under
   * the key of `data.employeeId`, and only who holds it reads them.
   */
  readonly personal?: Readonly<Record<string, unknown>>;
}

export interface Event<Type extends string = string, Data = unknown> {
  readonly metadata: Metadata & { readonly eventType: Type };
  readonly data: Data;
}

/** The event type that a definition describes. */
export type EventOf<D> =
  D extends EventDefinition<infer Type, infer Data> ? Event<Type, z.output<Data>> : never;

export function defineEvent<Type extends string, Data extends z.ZodType>(
  definition: EventDefinition<Type, Data>,
): EventDefinition<Type, Data> {
  return definition;
}

/** What a decider returns: type and data. The event store adds the metadata. */
export type Decided<E> =
  E extends Event<infer Type, infer Data> ? { readonly type: Type; readonly data: Data } : never;

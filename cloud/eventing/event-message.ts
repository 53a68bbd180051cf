import { definitionOf, parseEvent } from "@clockleaf/shared/events/catalogue.ts";
import type { Event, Metadata } from "@clockleaf/shared/events/envelope.ts";
import { parseEventSubject, tokenSchema } from "@clockleaf/shared/subjects.ts";
import { decode, encode } from "@clockleaf/shared/wire/codec.ts";
import { TRACEPARENT } from "@clockleaf/shared/wire/trace-context.ts";
import type { MsgHdrs } from "nats";
import { z } from "zod";
import type { StoredEvent } from "./event-store.ts";
import type { PersonAddress, PersonalVault } from "./vault.ts";

/**
 * An event as a message: body msgpack `{metadata, data}`, headers CloudEvents 1.0 in binary mode (NATS binding), so
 * that a consumer can route and trace without decoding.
 */
export const EVENT_ID_HEADER = "ce-id";
/** Who asked, percent-encoded: metadata has its seven fields and no more. */
const ACTOR_HEADER = "clockleaf-actor";
const MAX_ACTOR = 128;

/** Who asked for the event of a message; undefined = nobody by name. */
export const actorIn = (headers: MsgHdrs | undefined): string | undefined => {
  const encoded = headers?.get(ACTOR_HEADER) ?? "";
  try {
    return decodeURIComponent(encoded).slice(0, MAX_ACTOR) || undefined;
  } catch {
    return undefined; // not written by us
  }
};

const bodySchema = z.object({
  metadata: z.unknown(),
  data: z.unknown(),
  /** What is personal of `data`, under the key of `data.employeeId`. */
  sealed: z.instanceof(Uint8Array).optional(),
});
const fieldsSchema = z.record(z.string(), z.unknown());

export function headersOfEvent(
  metadata: Metadata,
  { traceparent, actor }: { readonly traceparent: string | undefined; readonly actor?: string },
): Array<readonly [string, string]> {
  return [
    ["ce-specversion", "1.0"],
    [EVENT_ID_HEADER, metadata.eventId],
    ["ce-type", metadata.eventType],
    ["ce-source", metadata.source],
    ["ce-time", new Date(metadata.timestamp).toISOString()],
    ...(traceparent === undefined ? [] : ([[TRACEPARENT, traceparent]] as const)),
    ...(actor === undefined ? [] : ([[ACTOR_HEADER, encodeURIComponent(actor)]] as const)),
  ];
}

/** What JetStream hands back in its several ways of reading. */
export interface EventMessage {
  readonly seq: number;
  readonly subject: string;
  readonly data: Uint8Array;
  readonly headers: MsgHdrs | undefined;
}

/**
 * Parses a stored message without a key: where something personal was sealed stands what an erasure leaves. Enough for
 * everybody whose business names and addresses are not. Throws `wire.malformed`, `wire.too-large`, `event.unknown-type` or
 * `event.invalid`.
 */
export function storedEventOf(message: EventMessage): StoredEvent {
  return storedAs(message, parseEvent(withoutPersonal(bodyOf(message))));
}

/** The same with what is personal, as long as the person's key exists. Rejects also with what the vault rejects with. */
export async function readStoredEvent(
  message: EventMessage,
  vault: PersonalVault | undefined,
): Promise<StoredEvent> {
  const body = bodyOf(message);
  if (body.sealed === undefined || vault === undefined) return storedEventOf(message);
  const person = personOf(message.subject, body.data);
  const opened = person && (await vault.open(person, body.sealed));
  if (opened === undefined) return { ...storedEventOf(message), isErased: true };
  const personal = decode(opened, fieldsSchema, { what: `event ${message.seq}` });
  const data = { ...fieldsSchema.parse(body.data), ...personal };
  return storedAs(message, parseEvent({ metadata: body.metadata, data }));
}

/** The body to store: what is personal sealed, if there is a vault. Rejects with `vault.erased` for an erased person. */
export async function bodyOfEvent(
  { metadata, data }: Event,
  subject: string,
  vault: PersonalVault | undefined,
): Promise<Uint8Array> {
  const names = Object.keys(definitionOf(metadata.eventType).personal ?? {});
  const person = personOf(subject, data);
  if (names.length === 0 || vault === undefined || person === undefined) {
    return encode({ metadata, data });
  }
  const fields = Object.entries(fieldsSchema.parse(data)).filter(
    ([, value]) => value !== undefined,
  );
  const isPersonal = ([name]: [string, unknown]): boolean => names.includes(name);
  const personal = Object.fromEntries(fields.filter(isPersonal));
  const open = Object.fromEntries(fields.filter((field) => !isPersonal(field)));
  return encode({ metadata, data: open, sealed: await vault.seal(person, encode(personal)) });
}

const bodyOf = (message: EventMessage): z.output<typeof bodySchema> =>
  decode(message.data, bodySchema, { what: `event ${message.seq}` });

function storedAs({ seq, subject, headers }: EventMessage, event: Event): StoredEvent {
  const actor = actorIn(headers);
  return {
    seq,
    subject,
    event,
    traceparent: headers?.get(TRACEPARENT) || undefined,
    ...(actor === undefined ? {} : { actor }),
  };
}

const eventTypeSchema = z.object({ eventType: z.string() });

function withoutPersonal({ metadata, data, sealed }: z.output<typeof bodySchema>): {
  metadata: unknown;
  data: unknown;
} {
  const type = eventTypeSchema.safeParse(metadata).data?.eventType;
  const fields = fieldsSchema.safeParse(data);
  if (sealed === undefined || type === undefined || !fields.success) return { metadata, data };
  return { metadata, data: { ...definitionOf(type).personal, ...fields.data } };
}

const personSchema = z.object({ employeeId: tokenSchema });

function personOf(subject: string, data: unknown): PersonAddress | undefined {
  const tenant = parseEventSubject(subject)?.tenant;
  const personId = personSchema.safeParse(data).data?.employeeId;
  return tenant === undefined || personId === undefined ? undefined : { tenant, personId };
}

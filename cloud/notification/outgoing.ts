import { definitionOf } from "@clockleaf/shared/events/catalogue.ts";
import { hasCode, PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { DOMAINS, STREAMS } from "@clockleaf/shared/subjects.ts";
import { jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "nats";
import { storedEventOf } from "../eventing/event-message.ts";
import type { Outgoing } from "./channels/channel.ts";
import type { NotificationConfig } from "./config.ts";
import type { Requested } from "./decider.ts";
import { type Person, personalValues } from "./people-projection.ts";
import { whyNot } from "./planner.ts";
import type { Renderer } from "./render.ts";

export interface OutgoingDeps {
  readonly nc: NatsConnection;
  readonly config: NotificationConfig;
  readonly renderer: Renderer;
  /** As EMPLOYEE has it at the moment of the call: nobody erased is written to. */
  readonly personOf: (employeeId: string) => Promise<Person | undefined>;
}

/** A message ready to go out, or why it never will. */
export type Prepared =
  | { readonly kind: "ready"; readonly outgoing: Outgoing }
  | { readonly kind: "drop"; readonly outcome: "suppressed" | "gave-up"; readonly reason: string };

const suppressed = (reason: string): Prepared => ({ kind: "drop", outcome: "suppressed", reason });

/** Looks up whom a message is for and writes it out: only now, so that it says and reaches what holds now. */
export async function prepare(deps: OutgoingDeps, requested: Requested): Promise<Prepared> {
  if (requested.channel === "webhook") return await webhookOf(deps.nc, requested);
  const { notificationId, template, locale, values, employeeId, target } = requested;
  const to = employeeId === null ? contactOf(deps, target) : await addressOf(deps, requested);
  if ("kind" in to) return to;
  const personal = await personalValues(deps.personOf, to.person, values["aboutId"]);
  const all: Record<string, string> = { ...personal, ...values, link: deps.config.publicUrl ?? "" };
  if (to.person === undefined) all["firstName"] = target ?? "";
  try {
    const rendered = deps.renderer.render(template, locale, all);
    return { kind: "ready", outgoing: { notificationId, to: to.address, ...rendered } };
  } catch (error) {
    if (!hasCode(error, "notification.undeliverable")) throw error;
    return { kind: "drop", outcome: "gave-up", reason: error.message };
  }
}

interface Address {
  readonly address: string;
  /** Undefined for contacts of the configuration. */
  readonly person: Person | undefined;
}

async function addressOf(
  { personOf }: OutgoingDeps,
  { employeeId, channel, template }: Requested,
): Promise<Address | Prepared> {
  const person = employeeId === null ? undefined : await personOf(employeeId);
  const why = whyNot(person, template);
  if (person === undefined || why !== undefined) return suppressed(why ?? "nobody by this id");
  const address = channel === "sms" ? person.phone : person.email;
  if (address === null) return suppressed("no phone number is known");
  return { address, person };
}

function contactOf({ config }: OutgoingDeps, target: string | null): Address | Prepared {
  const contact = config.contacts.find(({ name }) => name === target);
  if (contact === undefined) return suppressed("no such contact any more");
  return { address: contact.email, person: undefined };
}

/** The event as anybody may read it: its personal fields are left out, not only unreadable. */
async function webhookOf(
  nc: NatsConnection,
  { notificationId, target, template, values }: Requested,
): Promise<Prepared> {
  const domain = DOMAINS.find((name) => name === values["domain"]);
  if (domain === undefined || target === null) return suppressed("no such event");
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  const message = await jsm.direct.getMessage(STREAMS[domain], { seq: Number(values["seq"]) });
  if (message === null) {
    throw new PlatformError("stream.not-connected", "the event could not be read", {
      retriable: true,
    });
  }
  const { seq, subject, data: bytes, header } = message;
  const { metadata, data } = storedEventOf({ seq, subject, data: bytes, headers: header }).event;
  const personal = new Set(Object.keys(definitionOf(metadata.eventType).personal ?? {}));
  const open = Object.entries(Object(data)).filter(([name]) => !personal.has(name));
  const text = JSON.stringify({
    type: metadata.eventType,
    timestamp: new Date(metadata.timestamp).toISOString(),
    data: Object.fromEntries(open),
    metadata,
  });
  const outgoing = { notificationId, to: target, subject: template, text, html: "" };
  return { kind: "ready", outgoing };
}

import type { Event } from "@clockleaf/shared/events/envelope.ts";
import { CHANNELS, type Channel, parseEventSubject } from "@clockleaf/shared/subjects.ts";
import type { Cause, StoredEvent } from "../eventing/event-store.ts";
import { type NotificationCommands, notificationIdOf, preferencesId } from "./commands.ts";
import type { Contact, NotificationConfig, WebhookConfig } from "./config.ts";
import type { MessageCommand } from "./decider.ts";
import { KIND, type PersonalChannel } from "./kinds.ts";
import type { Notice, Recipient } from "./notices.ts";
import type { Person } from "./people-projection.ts";

export interface PlannerDeps {
  readonly commands: NotificationCommands;
  readonly config: NotificationConfig;
  /** As EMPLOYEE has it at the moment of the call. */
  readonly personOf: (employeeId: string) => Promise<Person | undefined>;
  /** Whose API keys have the role. */
  readonly employeesOfRole: (role: string) => readonly string[];
  readonly isConfigured: (channel: Channel) => boolean;
  readonly nowMs: () => number;
}

export interface Planner {
  /** Asks for the messages of a notice; `cause` tells them from those of any other. Repeating it changes nothing. */
  notify(notice: Notice, cause: Cause): Promise<void>;
  /** Asks for the webhooks that want an event. */
  deliver(stored: StoredEvent, cause: Cause): Promise<void>;
  /** False for what is so old that nobody is to hear of it any more. */
  isNews(event: Event): boolean;
}

type Planned = Extract<MessageCommand, { type: "request" }>;

/** Decides who hears of what over which channels, in which language. No address, text or name goes into an event. */
export function createPlanner(deps: PlannerDeps): Planner {
  const { commands, config, nowMs } = deps;
  const request = async (planned: readonly Planned[], cause: Cause): Promise<void> => {
    if (planned.length === 0) return;
    const all = planned.map((command) => ({ aggregateId: command.data.notificationId, command }));
    await commands.messages.handleMany(all, cause);
  };
  return {
    async notify(notice, cause) {
      const { people, contacts } = audience(deps, notice.to);
      const causeId = notice.once ?? cause.causationId ?? "";
      const planned: Planned[] = [];
      for (const id of people) planned.push(...(await forPerson(deps, id, { notice, causeId })));
      for (const contact of contacts) planned.push(forContact(deps, contact, { notice, causeId }));
      await request(planned, cause);
    },
    async deliver(stored, cause) {
      const { eventType } = stored.event.metadata;
      const wanted = config.webhooks.filter((each) => isWanted(each, eventType));
      await request(
        wanted.map((each) => forWebhook(stored, each, nowMs())),
        cause,
      );
    },
    isNews: ({ metadata }) => nowMs() - metadata.timestamp <= config.ignoreOlderThan * 1000,
  };
}

/** Everybody once, whatever they are in how many ways. */
function audience(
  { config, employeesOfRole }: PlannerDeps,
  to: readonly Recipient[],
): { people: ReadonlySet<string>; contacts: ReadonlySet<Contact> } {
  const people = new Set<string>();
  const contacts = new Set<Contact>();
  for (const recipient of to) {
    switch (recipient.kind) {
      case "employee":
        people.add(recipient.employeeId);
        break;
      case "role":
        for (const id of employeesOfRole(recipient.role)) people.add(id);
        for (const each of config.contacts) {
          if (each.roles.includes(recipient.role)) contacts.add(each);
        }
        break;
      case "alarm":
        for (const each of config.contacts) if (each.getsAlarms) contacts.add(each);
        break;
    }
  }
  return { people, contacts };
}

interface Thing {
  readonly notice: Notice;
  readonly causeId: string;
}

async function forPerson(
  deps: PlannerDeps,
  employeeId: string,
  { notice, causeId }: Thing,
): Promise<Planned[]> {
  const { commands, config, nowMs } = deps;
  const { kind, values } = notice;
  const person = await deps.personOf(employeeId);
  const { state: preferences } = await commands.preferences.state(preferencesId(employeeId));
  const locale = preferences?.locale ?? person?.locale ?? config.defaultLocale;
  const usual = config.channels[kind] ?? KIND[kind].channels;
  const chosen = (preferences?.channels[kind] ?? usual).filter((each) => each !== "webhook");
  return chosen.map((channel) => {
    const notificationId = notificationIdOf(causeId, `person/${employeeId}`, channel);
    const why = whyNot(person, kind) ?? whyNotBy(deps, channel, person);
    const shown = channel === "in-app" ? "shown" : "task";
    return {
      type: "request",
      data: {
        notificationId,
        employeeId,
        target: null,
        channel,
        template: kind,
        locale,
        values: { ...values },
        by: null,
        at: nowMs(),
      },
      way: why === undefined ? shown : { suppressed: why },
    };
  });
}

/** Why somebody gets no message of this kind; undefined = they do. */
export function whyNot(person: Person | undefined, template: string): string | undefined {
  if (person === undefined) return "nobody by this id";
  if (person.standing === "erased") return "the person was erased";
  const kind = Object.entries(KIND).find(([name]) => name === template)?.[1];
  if (person.standing === "left" && kind?.afterLeaving !== true) return "the person has left";
  return undefined;
}

function whyNotBy(
  { isConfigured }: PlannerDeps,
  channel: PersonalChannel,
  person: Person | undefined,
): string | undefined {
  if (!isConfigured(channel)) return `${channel} is not configured`;
  return channel === "sms" && person?.phone === null ? "no phone number is known" : undefined;
}

function forContact(
  { config, isConfigured, nowMs }: PlannerDeps,
  { name, locale = config.defaultLocale }: Contact,
  { notice, causeId }: Thing,
): Planned {
  return {
    type: "request",
    data: {
      notificationId: notificationIdOf(causeId, `contact/${name}`, "email"),
      employeeId: null,
      target: name,
      channel: "email",
      template: notice.kind,
      locale,
      values: { ...notice.values },
      by: null,
      at: nowMs(),
    },
    way: isConfigured("email") ? "task" : { suppressed: "email is not configured" },
  };
}

/** A webhook gets the event itself, read again when it is sent. */
function forWebhook(
  { seq, subject, event }: StoredEvent,
  { name }: WebhookConfig,
  at: number,
): Planned {
  const { eventId, eventType } = event.metadata;
  return {
    type: "request",
    data: {
      notificationId: notificationIdOf(eventId, `webhook/${name}`, "webhook"),
      employeeId: null,
      target: name,
      channel: "webhook",
      template: eventType,
      locale: "en",
      values: { domain: parseEventSubject(subject)?.domain ?? "", seq: String(seq) },
      by: null,
      at,
    },
    way: "task",
  };
}

/** A badge's PIN hash falls to who can try ten thousand PINs: it leaves for nobody. */
const WITHHELD = "employee.badge.assigned";

/** Whether an endpoint's filter names the type. */
export function isWanted({ types, isEnabled }: WebhookConfig, eventType: string): boolean {
  if (!isEnabled || eventType === WITHHELD) return false;
  return types.some((each) => {
    if (each === "*" || each === eventType) return true;
    return each.endsWith(".*") && eventType.startsWith(each.slice(0, -1));
  });
}

/** The channels that reach somebody with this configuration. */
export function configuredChannels(config: NotificationConfig): ReadonlySet<Channel> {
  const { smtp, sms } = config;
  const isOff = (channel: Channel): boolean =>
    (channel === "email" && smtp === undefined) || (channel === "sms" && sms === undefined);
  return new Set(CHANNELS.filter((channel) => !isOff(channel)));
}

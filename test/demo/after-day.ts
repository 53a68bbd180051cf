import { allEvents, type Census, censusOf } from "../support/census.ts";
import { eventually } from "../support/eventually.ts";
import { comeAndGo, payWeek, settleDays, takeLeave } from "../support/office-work.ts";
import type { Plant } from "./plant.ts";
import type { Progress } from "./progress.ts";

/** What the office made of the day, and what all of it left in the streams. */
export interface Business {
  readonly corrections: number;
  readonly overtimeApproved: number;
  readonly overtimeRejected: number;
  readonly exceptionsReviewed: number;
  readonly payslips: number;
  /** Of all of them together, major units. */
  readonly netPaid: string;
  /** Taken by the mail server. */
  readonly mails: number;
  /** Message ids that came more than once. */
  readonly mailsDoubled: number;
  readonly events: Census["byType"];
  readonly causationBroken: number;
  readonly auditEntries: number;
}

const DAY_MS = 86_400_000;
const SETTLE_MS = 60_000;
/** Somebody other than the manager, who cannot decide about themselves. */
const ON_LEAVE = "p002";

/**
 * What an office does once the day is over: adds forgotten punches, decides on overtime and leave, pays, sees somebody come
 * and go. Then everything
 * that these set off is waited for and counted.
 */
export async function workOffTheDay(
  plant: Plant,
  progress: Progress,
): Promise<{ business: Business; faults: readonly string[] }> {
  const { office, monday, site } = plant;
  // In real time the gateway says that it has told all of that day.
  await plant.toRealTime();
  const span = { from: monday, to: dateAfter(monday, 6) };
  progress.say("the office corrects, approves and reviews");
  const settled = await settleDays(office, span, plant.gateway.site);
  const leave = { from: dateAfter(today(), -1), to: today() };
  if (site.people.some(({ id }) => id === ON_LEAVE)) await takeLeave(office, ON_LEAVE, leave);
  progress.say("pay run: calculated by one, approved by another");
  const paid = await payWeek(office, monday);
  progress.say("somebody on trial comes and goes");
  await comeAndGo(office, "trial-1", plant.gateway.site);
  progress.say("waiting for the last mail and the last audit entry");
  const { census, auditEntries } = await quiet(plant);
  const ids = plant.mails.mails().map(({ messageId }) => messageId);
  const mailsDoubled = ids.length - new Set(ids).size;
  const business: Business = {
    ...settled,
    payslips: [...paid.payslips.values()].filter((sha256) => sha256 !== "").length,
    netPaid: paid.net,
    mails: ids.length,
    mailsDoubled,
    events: census.byType,
    causationBroken: census.causationBroken,
    auditEntries,
  };
  const faults = [
    ...census.broken.map((each) => `cause broken: ${each}`),
    ...(mailsDoubled === 0 ? [] : [`${mailsDoubled} mails came twice`]),
    ...(business.payslips > 0 ? [] : ["nobody got a payslip"]),
  ];
  return { business, faults };
}

const AUDIT = "audit.entry.recorded";
const REQUESTED = "notification.message.requested";
const ENDED = ["notification.message.sent", "notification.message.failed"];

/** Until nothing follows from anything any more: each event audited, each message sent or given up. */
async function quiet(plant: Plant): Promise<{ census: Census; auditEntries: number }> {
  const nc = await plant.nats.connectCloud("cloud-all");
  return await eventually(
    async () => {
      const events = await allEvents(nc);
      const census = censusOf(events);
      const countOf = (type: string): number => census.byType[type] ?? 0;
      const auditEntries = countOf(AUDIT);
      const isAudited = auditEntries === events.length - auditEntries;
      const ended = ENDED.reduce((sum, type) => sum + countOf(type), 0);
      return isAudited && ended >= countOf(REQUESTED) ? { census, auditEntries } : undefined;
    },
    { what: "everything to come to rest", timeoutMs: SETTLE_MS, everyMs: 500 },
  );
}

const today = (): string => new Date().toISOString().slice(0, 10);
const dateAfter = (date: string, days: number): string =>
  new Date(Date.parse(date) + days * DAY_MS).toISOString().slice(0, 10);

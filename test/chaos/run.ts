import { createHash } from "node:crypto";
import { createRandom } from "@clockleaf/hardware-sim/random.ts";
import { jetstreamManager } from "@nats-io/jetstream";
import { readDeadLetters } from "../../cloud/eventing/dead-letter.ts";
import type { StoredEvent } from "../../cloud/eventing/event-store.ts";
import type { ApiClient } from "../demo/api-client.ts";
import { aggregatesOfTwoKeys, allEvents, censusOf } from "../support/census.ts";
import { eventually } from "../support/eventually.ts";
import { MANAGER } from "../support/office.ts";
import {
  approvedLeave,
  daysComplete,
  enterPay,
  payWeek,
  settleDays,
} from "../support/office-work.ts";
import { AUDITED, accountFor, isEnding } from "./accounts.ts";
import { type Company, type CompanyOptions, openCompany } from "./company.ts";
import { createDisturber, type Disturber, type Kills, type Target } from "./disturb.ts";
import { type BusyGateway, openBusyGateway } from "./gateway-week.ts";
import { downloaded } from "./patient-client.ts";
import { badgeOf, dateAfter, planWeek, type Week } from "./week.ts";

export interface WeekOptions extends Omit<CompanyOptions, "monday"> {
  readonly seed: number;
  readonly people: number;
  readonly monday: string;
  /** What is killed and started again all the time; nothing = an undisturbed week. */
  readonly kills: ReadonlyArray<Target["kind"]>;
  /** `punches`: the office does nothing, nobody is paid. */
  readonly until: "punches" | "paid";
  readonly say: (text: string) => void;
}

/** What came of one week. */
export interface WeekResult {
  readonly kills: Kills;
  readonly punches: number;
  readonly events: number;
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  readonly causationBroken: number;
  /** Messages that a consumer gave up on, in words. */
  readonly deadLetters: readonly string[];
  /** Steps that could not be done, and causes that are broken; in words. */
  readonly faults: readonly string[];
  /** By person: SHA-256 of the payslip as downloaded and what it comes to. */
  readonly payslips: ReadonlyMap<string, string>;
}

const SITE = "hq";
/**
 * Longer than it takes until another process has a dead one's leases and has read what that one had not done, and until a
 * message that a dead worker was sending is called uncertain: twice the office's `sendTimeout`, and a turn of
 * whoever looks for such.
 */
const QUIET_MS = 30_000;
const REST_MS = 120_000;
const RECORDED_MS = 120_000;

/** A week of a company from hiring to payslips; disturbed or not. */
export async function liveWeek(options: WeekOptions): Promise<WeekResult> {
  const { say, seed, until } = options;
  const week = planWeek(seed, options.monday, options.people);
  say(`starting ${options.hubs} hub servers and the cloud`);
  const company = await openCompany(options);
  try {
    await using gateway = await openBusyGateway(company.gateway, week);
    const over = new AbortController();
    const targets = company.targets.filter(({ kind }) => options.kills.includes(kind));
    const disturber = createDisturber({ targets, seed, say });
    const disturbing = disturber.run(over.signal);
    const faults: string[] = [];
    let payslips: WeekResult["payslips"] = new Map();
    try {
      await register(company);
      await hire(company, week);
      await punch(company, gateway, { week, seed, say });
      if (until === "paid") payslips = await pay(company, { week, disturber, say });
    } catch (error) {
      faults.push(wordsOf(error));
    }
    over.abort();
    await disturbing;
    await company.ready();
    gateway.hush();
    say("waiting for the last mail and the last audit entry");
    const events = await atRest(company);
    const census = censusOf(events);
    const { people } = week;
    const punchIds = gateway.punchIds();
    const expected = { people, punchIds, isPaid: until === "paid" };
    return {
      kills: disturber.kills,
      punches: punchIds.length,
      events: events.length,
      ...accountFor(events, company.mails.mails(), expected),
      causationBroken: census.causationBroken,
      deadLetters: await deadLettersIn(company),
      faults: [
        ...faults,
        ...census.broken,
        ...aggregatesOfTwoKeys(events).map((subject) => `${subject} has two partition keys`),
      ],
      payslips,
    };
  } finally {
    await company.stop();
  }
}

async function deadLettersIn({ nc }: Company): Promise<string[]> {
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  const found: string[] = [];
  for await (const { consumer, subject, code, reason } of readDeadLetters(nc, jsm)) {
    found.push(`${subject} by ${consumer}: ${code}: ${reason}`);
  }
  return found;
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${wordsOf(error.cause)}`;
}

async function register({ api, gateway }: Company): Promise<void> {
  const { site, gateway: name } = gateway.address;
  const { publicKey, zone } = gateway.record;
  await api.send("PUT", `/gateways/${site}/${name}`, { publicKey, name, zone });
}

/** So many people are entered at once. */
const WAVE = 8;

async function hire({ api }: Company, { people, monday }: Week): Promise<void> {
  for (let at = 0; at < people.length; at += WAVE) {
    const wave = people.slice(at, at + WAVE);
    await Promise.all(wave.map((employeeId) => enter(api, employeeId, monday)));
  }
}

async function enter(api: ApiClient, employeeId: string, monday: string): Promise<void> {
  const startDate = startOf(monday);
  await api.send("POST", "/employees", {
    employeeId,
    email: `${employeeId}@plant-1.example`,
    firstName: "Given",
    lastName: `Name-${employeeId}`,
    departmentId: "assembly",
    managerId: employeeId === MANAGER ? null : MANAGER,
    jobTitle: "Fitter",
    startDate,
    employmentType: "full-time",
    siteIds: [SITE],
  });
  await api.send("POST", `/employees/${employeeId}/badges`, {
    badge: badgeOf(employeeId),
    validFrom: `${startDate}T00:00:00Z`,
  });
}

const startOf = (monday: string): string => dateAfter(monday, -7);

interface Punching {
  readonly week: Week;
  readonly seed: number;
  readonly say: (text: string) => void;
}

async function punch(
  { nc }: Company,
  gateway: BusyGateway,
  { week, seed, say }: Punching,
): Promise<void> {
  say(`${gateway.punchIds().length} punches of the week of ${week.monday}`);
  await gateway.deliver(createRandom(seed).fork("delivery"));
  await gateway.late(week.late);
  const expected = { people: [], punchIds: gateway.punchIds(), isPaid: false };
  await eventually(
    async () =>
      accountFor(await allEvents(nc), [], expected).lost.every(
        (each) => !each.startsWith("outcome"),
      ),
    { what: "an outcome of every punch", timeoutMs: RECORDED_MS },
  );
}

interface Paying {
  readonly week: Week;
  readonly disturber: Disturber;
  readonly say: (text: string) => void;
}

async function pay(
  company: Company,
  { week, disturber, say }: Paying,
): Promise<Map<string, string>> {
  const { office, url, keys } = company;
  const { monday, onLeave } = week;
  say("the office: pay, leave, corrections, overtime");
  const paid = week.people.map((id) => ({ id, holder: `Given Name-${id}` }));
  await enterPay(office, paid, startOf(monday));
  const [friday, sunday] = [dateAfter(monday, 4), dateAfter(monday, 6)];
  // A payslip names the revision of each day; which one a day is at depends on whether it was complete when the leave came.
  await daysComplete(office, { from: monday, to: sunday });
  await approvedLeave(office, onLeave, { from: friday, to: friday });
  await settleDays(office, { from: monday, to: sunday }, SITE);
  say("pay run");
  const { runId, payslips } = await payWeek(office, monday, (ask) => disturber.strike(ask));
  say("payslips");
  const found = new Map<string, string>();
  for (const [employeeId, recorded] of payslips) {
    const path = `/payroll/people/${employeeId}/payslips/${runId}`;
    const bytes = await downloaded(`${url}/api/v1${path}`, keys.clerk);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    if (sha256 !== recorded) throw new Error(`${employeeId}'s payslip is not the one recorded`);
    found.set(employeeId, sha256);
  }
  const results = await office.clerk.all<{ employeeId: string; net: string }>(
    `/payroll/runs/${runId}/results`,
  );
  for (const { employeeId, net } of results) {
    found.set(employeeId, `${found.get(employeeId) ?? "none"} ${net}`);
  }
  return found;
}

/** Until everything is audited and each message is at an end; or nothing moves any more, whatever is missing then. */
async function atRest({ nc }: Company): Promise<StoredEvent[]> {
  let known = -1;
  let since = performance.now();
  return await eventually(
    async () => {
      const events = await allEvents(nc);
      if (events.length !== known) since = performance.now();
      known = events.length;
      const audited = countOf(events, AUDITED);
      const isAudited = audited * 2 === events.length;
      const isSent = events.filter(isEnding).length >= countOf(events, REQUESTED);
      const isQuiet = performance.now() - since > (isAudited && isSent ? SETTLED_MS : QUIET_MS);
      return isQuiet ? events : undefined;
    },
    { what: "everything to come to rest", timeoutMs: REST_MS },
  );
}

const SETTLED_MS = 1_500;
const REQUESTED = "notification.message.requested";
const countOf = (events: readonly StoredEvent[], type: string): number =>
  events.filter(({ event }) => event.metadata.eventType === type).length;

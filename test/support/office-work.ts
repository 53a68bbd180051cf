import type { ApiClient } from "../demo/api-client.ts";
import { eventually } from "./eventually.ts";
import { MANAGER, type Officer, PAY_GROUP, payAccountOf } from "./office.ts";

/** The API in the hands of each officer. */
export type Office = Readonly<Record<Officer, ApiClient>>;

export const officeOf = (api: ApiClient, keys: Readonly<Record<Officer, string>>): Office => ({
  hr: api.as(keys.hr),
  manager: api.as(keys.manager),
  clerk: api.as(keys.clerk),
  lead: api.as(keys.lead),
});

const WAIT_MS = 60_000;
/** An office that asks all the time keeps the cloud from doing what it asks for. */
const LOOK_EVERY_MS = 300;
const WAITING = { timeoutMs: WAIT_MS, everyMs: LOOK_EVERY_MS };

interface Request {
  readonly requestId: string;
  readonly about: { readonly kind: string };
}

/** What waits for somebody's decision. */
const inboxOf = <R extends Request>(who: ApiClient, kind: string): Promise<R[]> =>
  who.all<R>(`/workflow/requests?box=to-decide&kind=${kind}`);

/** Approves everything of a kind that waits for `who`; how many that was. */
const approveAll = async (who: ApiClient, kind: string): Promise<number> =>
  await approve(who, await inboxOf(who, kind));

async function approve(who: ApiClient, waiting: readonly Request[]): Promise<number> {
  const BATCH = 200;
  for (let at = 0; at < waiting.length; at += BATCH) {
    const requestIds = waiting.slice(at, at + BATCH).map(({ requestId }) => requestId);
    const decision = "approved";
    await who.send("POST", "/workflow/requests:decide", { decision, requestIds, note: "" });
  }
  return waiting.length;
}

/** Says how everybody is paid, once payroll knows them. */
export async function enterPay(
  office: Office,
  people: ReadonlyArray<{ readonly id: string; readonly holder: string }>,
  fromOn: string,
): Promise<void> {
  const enter = async ({ id, holder }: { id: string; holder: string }): Promise<void> => {
    const path = `/payroll/accounts/${id}`;
    const { etag } = await eventually(() => office.clerk.call("GET", path), {
      what: `the pay account of ${id}`,
      ...WAITING,
    });
    await office.clerk.call("PUT", path, { body: payAccountOf(holder, fromOn), ifMatch: etag });
  };
  const BATCH = 10;
  for (let at = 0; at < people.length; at += BATCH) {
    await Promise.all(people.slice(at, at + BATCH).map(enter));
  }
}

interface Exception {
  readonly employeeId: string;
  readonly workdayOn: string;
  readonly kind: string;
  readonly severity: string;
}

interface Day {
  readonly employeeId: string;
  readonly workdayOn: string;
  readonly completeness: string;
  readonly punches: ReadonlyArray<{
    readonly punchId: string;
    readonly at: string;
    readonly meaning: string;
  }>;
  readonly claims: ReadonlyArray<{ readonly class: string; readonly approval: string }>;
}

export interface Span {
  readonly from: string;
  readonly to: string;
}

const HOUR = 3_600_000;
/** How long somebody was there who forgot to say when they left. */
const USUAL_HOURS = 8.5;

/** Everything that a person must look at before people can be paid, and what was done about it. */
export interface Settled {
  readonly corrections: number;
  readonly overtimeApproved: number;
  readonly overtimeRejected: number;
  readonly exceptionsReviewed: number;
}

/**
 * What an office does with the days of a pay week: adds the punches that were forgotten, decides on overtime, looks at
 * whatever else the days say. Waits for each step to have had its effect.
 */
export async function settleDays(office: Office, span: Span, site: string): Promise<Settled> {
  await daysComplete(office, span);
  const corrections = await correctMissing(office, span, site);
  const overtime = await decideOvertime(office, span);
  const exceptionsReviewed = await reviewRest(office, span);
  return { corrections, ...overtime, exceptionsReviewed };
}

/** Every site has told all of these days. */
export async function daysComplete(office: Office, { from, to }: Span): Promise<void> {
  await eventually(
    async () => {
      const days = await office.hr.all<Day>(`/timesheets?from=${from}&to=${to}`);
      return days.length > 0 && days.every(({ completeness }) => completeness === "complete");
    },
    { what: "all days to be complete", ...WAITING },
  );
}

async function correctMissing(office: Office, { from, to }: Span, site: string): Promise<number> {
  const query = `/exceptions?from=${from}&to=${to}&kind=missing-out`;
  const missing = await office.hr.all<Exception>(query);
  const items: Correction[] = [];
  for (const { employeeId, workdayOn } of missing) {
    const path = `/timesheets/${employeeId}/${workdayOn}`;
    const { body: day } = await office.hr.call<Day>("GET", path);
    const last = day.punches.findLast(({ meaning }) => meaning !== "repeat");
    const first = day.punches.find(({ meaning }) => meaning === "in");
    if (first === undefined || last === undefined) continue;
    const left = Math.max(Date.parse(first.at) + USUAL_HOURS * HOUR, Date.parse(last.at) + HOUR);
    items.push({
      employeeId,
      change: { do: "add", at: new Date(left).toISOString(), meaning: "out", site },
    });
  }
  // Somebody always forgets; on a day on which nobody did, somebody says they left five minutes later.
  if (items.length === 0) items.push(await fiveMinutesMore(office, { from, to }));
  // Nobody decides what they asked for, nor what is about themselves.
  const own = items.filter(({ employeeId }) => employeeId === MANAGER);
  const others = items.filter(({ employeeId }) => employeeId !== MANAGER);
  await correct(`forgotten-${from}-own`, own, { by: office.manager, decidedBy: office.hr });
  await correct(`forgotten-${from}`, others, { by: office.hr, decidedBy: office.manager });
  return items.length;
}

interface Correction {
  readonly employeeId: string;
  readonly change: object;
}

/** Resolves when the corrections count. `requestId` is the caller's, so that asking again asks for nothing more. */
async function correct(
  requestId: string,
  items: readonly Correction[],
  { by, decidedBy }: { readonly by: ApiClient; readonly decidedBy: ApiClient },
): Promise<void> {
  if (items.length === 0) return;
  await by.call("POST", "/corrections", {
    body: { requestId, items, reasonCode: "forgot-to-punch", reason: "asked at the gate" },
  });
  await eventually(
    async () => {
      await approveAll(decidedBy, "correction");
      const path = `/corrections/${requestId}`;
      const { body } = await by.call<{ items: Array<{ isApplied: boolean }> }>("GET", path);
      return body.items.every(({ isApplied }) => isApplied);
    },
    { what: "the correction to count", ...WAITING },
  );
}

async function fiveMinutesMore(office: Office, { from, to }: Span): Promise<Correction> {
  const days = await office.hr.all<Day>(`/timesheets?from=${from}&to=${to}`);
  for (const { employeeId, punches } of days) {
    const out = punches.findLast(({ meaning }) => meaning === "out");
    // The manager does not decide about themselves.
    if (out === undefined || employeeId === MANAGER) continue;
    const at = new Date(Date.parse(out.at) + 5 * 60_000).toISOString();
    return { employeeId, change: { do: "change", punchId: out.punchId, at } };
  }
  throw new Error("nobody left");
}

interface OvertimeRequest extends Request {
  readonly about: {
    readonly kind: string;
    readonly employeeId: string;
    readonly workdayOn: string;
  };
}

/** Rejects one request, the same however they come in, and approves the rest, until no day waits for a decision. */
async function decideOvertime(
  office: Office,
  { from, to }: Span,
): Promise<Pick<Settled, "overtimeApproved" | "overtimeRejected">> {
  let overtimeApproved = 0;
  let overtimeRejected = 0;
  const daysOf = (): Promise<Day[]> => office.hr.all<Day>(`/timesheets?from=${from}&to=${to}`);
  const [refused, ...others] = (await daysOf())
    .filter(({ claims }) => claims.some(({ approval }) => approval === "pending"))
    .map(({ employeeId, workdayOn }) => `${employeeId} ${workdayOn}`)
    // The manager's own is decided by others.
    .filter((day) => !day.startsWith(`${MANAGER} `))
    .toSorted();
  const isRefused = ({ about }: OvertimeRequest): boolean =>
    others.length > 0 && `${about.employeeId} ${about.workdayOn}` === refused;
  await eventually(
    async () => {
      for (const who of [office.manager, office.hr]) {
        const waiting = await inboxOf<OvertimeRequest>(who, "overtime");
        overtimeApproved += await approve(
          who,
          waiting.filter((each) => !isRefused(each)),
        );
        for (const { requestId } of waiting.filter(isRefused)) {
          const note = "was not asked for";
          await who.send("POST", `/workflow/requests/${requestId}/reject`, { note });
          overtimeRejected += 1;
        }
      }
      const claims = (await daysOf()).flatMap((day) => day.claims);
      return claims.every(({ approval }) => approval !== "pending" && approval !== "lapsed");
    },
    { what: "every overtime to be decided", ...WAITING },
  );
  return { overtimeApproved, overtimeRejected };
}

async function reviewRest(office: Office, { from, to }: Span): Promise<number> {
  const open = await office.hr.all<Exception>(`/exceptions?from=${from}&to=${to}`);
  const BATCH = 200;
  for (let at = 0; at < open.length; at += BATCH) {
    const items = open
      .slice(at, at + BATCH)
      .map(({ employeeId, workdayOn, kind }) => ({ employeeId, workdayOn, kind }));
    await office.hr.send("POST", "/exceptions/review", {
      outcome: "reviewed",
      note: "seen",
      items,
    });
  }
  return open.length;
}

/** Asked for and approved. */
export async function approvedLeave(
  office: Office,
  employeeId: string,
  { from, to }: Span,
): Promise<string> {
  const { body } = await office.hr.call<{ leaveId: string }>("POST", "/leave", {
    body: {
      employeeId,
      policy: "annual",
      fromOn: from,
      toOn: to,
      key: `leave-${employeeId}-${from}`,
    },
  });
  const path = `/leave/${body.leaveId}`;
  await eventually(
    async () => {
      await approveAll(office.manager, "leave");
      return (await office.hr.call<{ status: string }>("GET", path)).body.status !== "requested";
    },
    { what: "the leave to be approved", ...WAITING },
  );
  return body.leaveId;
}

/** Leave that has begun, asked for late and approved, then cut short: one day of it is taken. */
export async function takeLeave(office: Office, employeeId: string, span: Span): Promise<void> {
  const leaveId = await approvedLeave(office, employeeId, span);
  const activityIs = (activity: string): Promise<boolean> =>
    eventually(
      async () => {
        const path = `/employees/${employeeId}`;
        return (await office.hr.call<{ activity: string }>("GET", path)).body.activity === activity;
      },
      { what: `${employeeId} to be ${activity}`, ...WAITING },
    );
  await activityIs("on-leave");
  await office.hr.call("POST", `/leave/${leaveId}/cancel`, {
    body: { untilOn: span.from, reason: "came back early" },
  });
  await activityIs("working");
}

export interface Paid {
  readonly runId: string;
  readonly net: string;
  /** SHA-256 of each person's payslip. */
  readonly payslips: ReadonlyMap<string, string>;
  /** Blockers that were let pass, by kind. */
  readonly overridden: readonly string[];
}

interface Run {
  readonly runId: string;
  readonly status: string;
  readonly calculated: number;
  readonly net: string;
  readonly progress: { readonly done: number; readonly total: number } | null;
  readonly blockers: ReadonlyArray<{ readonly kind: string; readonly mayPass: boolean }>;
}

interface Result {
  readonly employeeId: string;
  readonly net: string;
  readonly payslip: { readonly sha256: string } | null;
  readonly payment: object | null;
}

/**
 * Pays everybody for the week that begins on `monday`: opened and calculated by one, approved by another.
 * `calculating` gets to ask for the calculation, and may do something about it.
 */
export async function payWeek(
  office: Office,
  monday: string,
  calculating: (ask: () => Promise<unknown>) => Promise<unknown> = (ask) => ask(),
): Promise<Paid> {
  const opened = await office.clerk.call<Run>("POST", "/payroll/runs", {
    body: { payGroup: PAY_GROUP, period: monday },
  });
  const { runId } = opened.body;
  const path = `/payroll/runs/${runId}`;
  const show = async (): Promise<Run> => (await office.clerk.call<Run>("GET", path)).body;
  await calculating(() => office.clerk.call("POST", `${path}/calculate`, {}));
  // Who has earned nothing gets neither payslip nor money.
  const results = async (): Promise<Result[]> =>
    (await office.clerk.all<Result>(`${path}/results`)).filter(({ net }) => Number(net) > 0);
  const waiting = { timeoutMs: 2 * WAIT_MS, everyMs: LOOK_EVERY_MS };
  await eventually(
    async () => {
      const { progress } = await show();
      const made = await results();
      const isMade = made.length > 0 && made.every(({ payslip }) => payslip !== null);
      if (isMade && progress !== null && progress.done === progress.total) return true;
      throw new Error(`so far ${JSON.stringify({ progress, made })}`);
    },
    { what: "the run to be calculated", ...waiting },
  );
  const overridden = [...new Set((await show()).blockers.map(({ kind }) => kind))];
  const overrides = overridden.map((kind) => ({ kind, reason: "looked at, paid as it stands" }));
  await eventually(
    async () => {
      await office.clerk.call("POST", `${path}/submit`, { body: { overrides } });
      return true;
    },
    { what: "the run to be submitted", ...waiting },
  );
  await eventually(
    async () => {
      await approveAll(office.lead, "pay-run");
      const isPaid = (await results()).every(({ payment }) => payment !== null);
      return (await show()).status === "locked" && isPaid;
    },
    { what: "the run to be approved and paid", ...waiting },
  );
  const paid = await results();
  return {
    runId,
    net: (await show()).net,
    payslips: new Map(paid.map((each) => [each.employeeId, each.payslip?.sha256 ?? ""])),
    overridden,
  };
}

/**
 * Somebody on trial comes, moves and goes: probation, another department, a suspension that is taken back, the end of the
 * employment, and the request to be forgotten. Resolves when nobody knows their name any more.
 */
export async function comeAndGo(office: Office, employeeId: string, site: string): Promise<void> {
  const path = `/employees/${employeeId}`;
  const { hr } = office;
  const show = async (): Promise<{ body: { status: string; lastName: string }; etag: string }> =>
    await hr.call("GET", path);
  const yesterday = new Date(Date.now() - 24 * HOUR).toISOString().slice(0, 10);
  const aYearFromNow = new Date(Date.now() + 365 * 24 * HOUR).toISOString().slice(0, 10);
  await hr.call("POST", "/employees", {
    body: {
      employeeId,
      email: `${employeeId}@${site}.example`,
      firstName: "Trial",
      lastName: "Transient",
      departmentId: "day-shift",
      managerId: MANAGER,
      jobTitle: "Operator",
      startDate: yesterday,
      employmentType: "temporary",
      siteIds: [site],
      probationUntil: aYearFromNow,
    },
  });
  await hr.call("POST", `${path}/badges`, { body: { badge: `number-${employeeId}` } });
  await hr.call("POST", `${path}/probation/complete`);
  const body = { departmentId: "night-shift", managerId: null };
  await hr.call("PATCH", path, { body, ifMatch: (await show()).etag });
  await hr.call("POST", `${path}/suspend`, { body: { reason: "lost the badge" } });
  await hr.call("POST", `${path}/reactivate`, { body: { reason: "found it" } });
  await hr.call("POST", `${path}/terminate`, {
    body: { reason: "end of the trial", lastDayOn: yesterday },
  });
  await eventually(async () => (await show()).body.status === "inactive", {
    what: `${employeeId} to be gone`,
    ...WAITING,
  });
  await hr.call("POST", `${path}/erase`, { body: { reason: "asked for it" } });
  await eventually(async () => (await show()).body.lastName !== "Transient", {
    what: `${employeeId} to be forgotten`,
    ...WAITING,
  });
}

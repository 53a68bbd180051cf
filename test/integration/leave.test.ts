import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { EmployeeData } from "@clockleaf/shared/events/employee.ts";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { BUCKETS, type Domain, personKey } from "@clockleaf/shared/subjects.ts";
import { type Balances, balancesSchema } from "@clockleaf/shared/wire/balances.ts";
import { decode } from "@clockleaf/shared/wire/codec.ts";
import { jetstreamManager } from "@nats-io/jetstream";
import { type KV, Kvm } from "@nats-io/kv";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { ApiRouter } from "../../cloud/api/router.ts";
import type { EventStore } from "../../cloud/eventing/event-store.ts";
import { openJsEventStore } from "../../cloud/eventing/js-event-store.ts";
import { heldHere } from "../../cloud/eventing/leases.ts";
import { restartReaction } from "../../cloud/eventing/reaction.ts";
import { createMemoryVault } from "../../cloud/eventing/vault.ts";
import { leaveConfigSchema } from "../../cloud/leave/config.ts";
import { type LeaveContext, startLeave } from "../../cloud/leave/leave.ts";
import { peopleAfter } from "../../cloud/leave/people.ts";
import { createLeaveRoutes } from "../../cloud/leave/routes.ts";
import type { AccountView, LeaveView } from "../../cloud/leave/views.ts";
import { accessTo, type Caller } from "../support/access.ts";
import { type CloudHub, startCloudHub } from "../support/cloud-hub.ts";
import { contextApi } from "../support/context-api.ts";
import { eventually } from "../support/eventually.ts";
import { findNatsServer } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import { person } from "../support/people.ts";
import { type TempDir, tempDir } from "../support/temp.ts";

const TENANT = "acme";
const DAY = 480;
const CONFIG = leaveConfigSchema.parse({
  policies: {
    annual: {
      code: "VAC",
      accrual: { kind: "monthly", minutesAYear: 24 * DAY, at: "start" },
      carryOver: { maxMinutes: 5 * DAY, expires: { on: "04-01" } },
    },
    sick: { code: "SICK", hasAccount: false, needsApproval: false, noticeDays: -7 },
  },
  assignments: [{ policies: ["annual", "sick"], employmentTypes: ["full-time"] }],
  clashes: [{ department: "tower", maxAbsent: 1, effect: "refuse" }],
  sites: {
    hq: { zone: "Europe/Berlin", country: "DE", state: "BE" },
    atoll: { zone: "Pacific/Kiritimati", holidays: [{ on: "2026-07-07", name: "Regatta" }] },
  },
  accountsFrom: "2026-01-01",
  tickSeconds: 0.05,
});
const HR: Caller = { name: "hr-desk", scopes: ["write"], roles: ["hr"] };

/** What any of the routes answers. */
type Body = LeaveView &
  AccountView & {
    readonly items: readonly LeaveView[];
    readonly absences: ReadonlyArray<{ readonly employeeId: string; readonly code: string | null }>;
    readonly holidays: ReadonlyArray<{ readonly on: string; readonly kind: string }>;
  };
interface Answer {
  readonly status: number;
  readonly etag: string | null;
  readonly body: Body;
}

interface Process {
  readonly context: LeaveContext;
  readonly api: ApiRouter;
}

const rows = async ({ context }: Process): Promise<unknown> => {
  const { db, people } = context.routes;
  return {
    accounts: await db.selectFrom("accounts").selectAll().orderBy("employee_id").execute(),
    ledger: await db.selectFrom("ledger").selectAll().orderBy("seq").execute(),
    leaves: await db.selectFrom("leaves").selectAll().orderBy("leave_id").execute(),
    people: await people.selectFrom("people").selectAll().orderBy("employee_id").execute(),
  };
};

/** Accounts that have not seen the turn of the year yet; whose employment has ended never does. */
const unturned = async ({ context }: Process): Promise<number> => {
  const { db } = context.routes;
  const accounts = await db.selectFrom("accounts").select("employee_id").execute();
  const seen = await db
    .selectFrom("ledger")
    .select("employee_id")
    .where((eb) =>
      eb.or([eb("kind", "=", "payout"), eb("entry_id", "=", "carry-over-annual-2027-01-01")]),
    )
    .execute();
  const done = new Set(seen.map((line) => line.employee_id));
  return accounts.filter((account) => !done.has(account.employee_id)).length;
};

describe.skipIf(!available("nats-server", findNatsServer()))("leave", () => {
  let cloud: CloudHub;
  let dir: TempDir;
  let store: EventStore;
  let balances: KV;
  let running: Process;
  let now = Date.parse("2026-06-01T08:00:00Z");
  let principal = HR;
  const vault = createMemoryVault();
  const start = async (folder: string): Promise<Process> => {
    const context = await startLeave({
      nc: cloud.nc,
      eventStore: store,
      vault,
      tenant: TENANT,
      dataDir: join(dir.path, folder),
      nowMs: () => now,
      log: silentLog(),
      leases: heldHere(),
      isWorking: true,
      config: CONFIG,
    });
    const { people } = context.routes;
    const access = accessTo(async () =>
      (await peopleAfter(people, "", 1000)).map(
        ({ employeeId, departmentId, managerId, sites }) => ({
          employeeId,
          departmentId,
          managerId,
          siteIds: sites,
        }),
      ),
    );
    const api = contextApi(createLeaveRoutes(context.routes), () => principal, access);
    return { context, api };
  };
  beforeAll(async () => {
    cloud = await startCloudHub("cloud-all");
    dir = tempDir("leave");
    store = await openJsEventStore({ nc: cloud.nc, vault });
    balances = await new Kvm(cloud.nc).open(BUCKETS.balances);
    running = await start("first");
  });
  afterEach(() => {
    principal = HR;
  });
  afterAll(async () => {
    await running.context.close();
    await cloud[Symbol.asyncDispose]();
    dir.remove();
  });

  const append = async (
    domain: Domain,
    aggregateId: string,
    event: { readonly type: string; readonly data: unknown },
  ): Promise<void> => {
    const address = { domain, tenant: TENANT, aggregateId };
    const { lastSeq } = await store.load(address, 0);
    await store.append([{ address, expectedSeq: lastSeq, events: [event] }], {
      source: "cloud/test",
      atMs: now,
      correlationId: null,
      causationId: "request-test",
      traceparent: undefined,
    });
  };
  const eventsOf = async (
    employeeId: string,
  ): Promise<
    ReadonlyArray<{ type: string; data: Record<string, unknown>; causationId: string | null }>
  > => {
    const { events } = await store.load(
      { domain: "leave", tenant: TENANT, aggregateId: employeeId },
      0,
    );
    return events.map(({ event }) => ({
      type: event.metadata.eventType,
      data: event.data as Record<string, unknown>,
      causationId: event.metadata.causationId,
    }));
  };
  const typesOf = async (employeeId: string): Promise<string[]> =>
    (await eventsOf(employeeId)).map(({ type }) => type.replace("leave.", ""));
  const call = async (method: string, path: string, body?: object): Promise<Answer> => {
    const response = await running.api.request(path, {
      method,
      headers: { "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as Body;
    return { status: response.status, etag: response.headers.get("etag"), body: answer };
  };
  const hire = async (more: Partial<EmployeeData> = {}): Promise<string> => {
    const employeeId = `e-${randomUUID()}`;
    const data = { ...person(employeeId), managerId: "boss", ...more };
    await append("employee", employeeId, { type: "employee.employee.created", data });
    if (more.status === "draft") return employeeId;
    await eventually(async () => (await typesOf(employeeId)).includes("account.created"));
    await eventually(
      async () => (await call("GET", `/leave/accounts/${employeeId}`)).status === 200,
    );
    return employeeId;
  };
  const ask = (
    employeeId: string,
    [fromOn, toOn]: readonly [string, string],
    more: object = {},
  ): Promise<Answer> =>
    call("POST", "/leave", { employeeId, policy: "annual", fromOn, toOn, ...more });
  const decide = async (leave: LeaveView, decision: "approved" | "rejected"): Promise<void> => {
    const requestId = randomUUID();
    const about = { kind: "leave", employeeId: leave.employeeId, leaveId: leave.leaveId };
    const data = { requestId, about, by: "boss", note: "fine", at: now };
    await append("workflow", requestId, { type: `workflow.request.${decision}`, data });
    const path = `/leave/${leave.leaveId}`;
    await eventually(async () => (await call("GET", path)).body.status !== "requested");
  };
  const approvedLeave = async (
    employeeId: string,
    fromOn: string,
    toOn: string,
  ): Promise<LeaveView> => {
    const { status, body } = await ask(employeeId, [fromOn, toOn]);
    expect(status).toBe(201);
    await decide(body, "approved");
    return (await call("GET", `/leave/${body.leaveId}`)).body;
  };
  const balancesAt = async (employeeId: string): Promise<Balances | undefined> => {
    const entry = await balances.get(personKey(TENANT, employeeId));
    return entry === null ? undefined : decode(entry.value, balancesSchema, { what: "balances" });
  };

  test("who is taken on has an account with what was earned since the accounts began; a draft has none yet", async () => {
    const employeeId = await hire();
    const { body, etag } = await call("GET", `/leave/accounts/${employeeId}`);
    expect(body).toMatchObject({ openedOn: "2026-01-01", zone: "Europe/Berlin" });
    expect(etag).toBe(`"${body.version}"`);
    expect(body.accounts).toHaveLength(1);
    expect(body.accounts[0]).toMatchObject({ policy: "annual", balanceMinutes: 12 * DAY });
    expect(body.accounts[0]?.ledger.map((line) => line.balanceMinutes / DAY)).toEqual([
      2, 4, 6, 8, 10, 12,
    ]);
    await eventually(
      async () => (await balancesAt(employeeId))?.["annual"]?.balanceMinutes === 12 * DAY,
    );

    const draft = await hire({ status: "draft" });
    const other = await hire();
    expect((await call("GET", `/leave/accounts/${draft}`)).status).toBe(404);
    expect((await call("GET", `/leave/accounts/${other}`)).status).toBe(200);
    const data = { employeeId: draft, at: now };
    await append("employee", draft, { type: "employee.employee.activated", data });
    await eventually(async () => (await call("GET", `/leave/accounts/${draft}`)).status === 200);
  });

  test("a request waits for WORKFLOW, and its approval books it and tells the bucket", async () => {
    const employeeId = await hire();
    const preview = await call("POST", "/leave?preview=true", {
      employeeId,
      policy: "annual",
      fromOn: "2026-07-06",
      toOn: "2026-07-10",
    });
    expect(preview).toMatchObject({ status: 200, body: { minutes: 5 * DAY, refusal: null } });
    const key = "holiday-1";
    const asked = await ask(employeeId, ["2026-07-06", "2026-07-10"], { note: "to the sea", key });
    expect(asked).toMatchObject({ status: 201, body: { status: "requested", managerId: "boss" } });
    expect(await ask(employeeId, ["2026-07-06", "2026-07-10"], { key })).toMatchObject({
      status: 200,
    });
    const note = await call("GET", `/leave/${asked.body.leaveId}`);
    expect(note.body.note).toBe("to the sea");
    await eventually(
      async () => (await balancesAt(employeeId))?.["annual"]?.requestedMinutes === 5 * DAY,
    );
    expect(await ask(employeeId, ["2026-07-10", "2026-07-13"])).toMatchObject({
      status: 409,
      body: { code: "leave.overlaps" },
    });

    await decide(asked.body, "approved");
    const events = await eventsOf(employeeId);
    expect(events.at(-2)).toMatchObject({ type: "leave.leave.approved", data: { by: "boss" } });
    expect(events.at(-1)).toMatchObject({ data: { kind: "taken", minutes: -5 * DAY } });
    await eventually(async () => {
      expect((await balancesAt(employeeId))?.["annual"]).toEqual({
        balanceMinutes: 7 * DAY,
        requestedMinutes: 0,
        takenMinutes: 5 * DAY,
        asOf: now,
      });
      return true;
    });
    const second = await ask(employeeId, ["2026-08-03", "2026-08-04"]);
    await decide(second.body, "rejected");
    expect((await call("GET", `/leave/${second.body.leaveId}`)).body).toMatchObject({
      status: "rejected",
      lastOn: null,
      reason: "fine",
    });
  });

  test("a decision about leave of nobody holds up no other", async () => {
    const about = { kind: "leave", employeeId: "e-nobody", leaveId: "l-none" };
    const data = { requestId: "r-nobody", about, by: "boss", note: "", at: now };
    await append("workflow", "r-nobody", { type: "workflow.request.approved", data });
    const leave = await approvedLeave(await hire(), "2026-07-13", "2026-07-13");
    expect(leave.status).toBe("approved");
  });

  test("it begins and ends at midnight where the person works, and sickness at once", async () => {
    now = Date.parse("2026-07-01T08:00:00Z");
    const berlin = await hire();
    const atoll = await hire({ siteIds: ["atoll"] });
    const [one, two] = [
      await approvedLeave(berlin, "2026-07-06", "2026-07-07"),
      await approvedLeave(atoll, "2026-07-06", "2026-07-08"),
    ];
    expect([one.workingDays, two.workingDays]).toEqual([2, 2]);
    now = Date.parse("2026-07-05T10:00:00Z");
    await eventually(async () => (await typesOf(atoll)).at(-1) === "leave.began");
    expect((await typesOf(berlin)).at(-1)).toBe("ledger.posted");
    // Days of downtime later everything is told, with the instants at which it was due.
    now = Date.parse("2026-07-10T12:00:00Z");
    await eventually(async () => (await typesOf(berlin)).at(-1) === "leave.finished");
    const told = (await eventsOf(berlin)).slice(-2);
    expect(told.map(({ data }) => new Date(Number(data["at"])).toISOString())).toEqual([
      "2026-07-05T22:00:00.000Z",
      "2026-07-07T22:00:00.000Z",
    ]);
    expect(told.every(({ causationId }) => causationId?.startsWith("timer-"))).toBe(true);

    const sick = await ask(berlin, ["2026-07-09", "2026-07-13"], { policy: "sick" });
    expect(sick).toMatchObject({
      status: 201,
      body: { status: "approved", policy: null, hasBegun: true },
    });
    expect((await typesOf(berlin)).slice(-3)).toEqual([
      "leave.requested",
      "leave.approved",
      "leave.began",
    ]);
  });

  test("what is cancelled returns, and leave that was cut short ends", async () => {
    now = Date.parse("2026-07-15T08:00:00Z");
    const employeeId = await hire();
    const early = await approvedLeave(employeeId, "2026-08-10", "2026-08-14");
    const path = `/leave/${early.leaveId}/cancel`;
    expect(await call("POST", path, { reason: "rain" })).toMatchObject({
      status: 200,
      body: { status: "cancelled", lastOn: null },
    });
    expect(await call("POST", path, { reason: "rain" })).toMatchObject({ status: 200 });
    const leave = await approvedLeave(employeeId, "2026-07-20", "2026-07-24");
    now = Date.parse("2026-07-22T08:00:00Z");
    await eventually(async () => (await typesOf(employeeId)).at(-1) === "leave.began");
    const cut = await call("POST", `/leave/${leave.leaveId}/cancel`, {
      reason: "needed",
      untilOn: "2026-07-21",
    });
    expect(cut.body).toMatchObject({ lastOn: "2026-07-21", hasFinished: true });
    const { body } = await call("GET", `/leave/accounts/${employeeId}`);
    expect(body.accounts[0]).toMatchObject({ balanceMinutes: 12 * DAY });
  });

  test("a key that acts for a person asks for and sees their own only, and a manager sees their people", async () => {
    const [ada, bob] = [await hire({ managerId: "m-1" }), await hire({ managerId: "m-2" })];
    await ask(bob, ["2026-09-07", "2026-09-08"]);
    principal = { name: "ada", scopes: ["write"], roles: [], employeeId: ada };
    const own = await call("POST", "/leave", {
      policy: "annual",
      fromOn: "2026-09-07",
      toOn: "2026-09-08",
    });
    expect(own).toMatchObject({ status: 201, body: { employeeId: ada, requestedBy: "ada" } });
    const ofAnother = await ask(bob, ["2026-10-05", "2026-10-06"]);
    expect(ofAnother).toMatchObject({ status: 404, body: { code: "command.not-found" } });
    const seen = async (): Promise<string[]> => {
      const { body } = await call("GET", "/leave?from=2026-09-01&to=2026-09-30");
      return body.items.map((leave) => leave.employeeId);
    };
    expect(await seen()).toEqual([ada]);
    expect((await call("GET", `/leave/accounts/${bob}`)).status).toBe(404);
    const adjust = { policy: "annual", minutes: 60, reason: "gift" };
    expect((await call("POST", `/leave/accounts/${ada}/adjust`, adjust)).status).toBe(403);
    principal = { name: "boss", scopes: ["read"], roles: [], employeeId: "m-2" };
    expect(await seen()).toEqual([bob]);
  });

  test("HR adjusts an account once for a key, and every line says why", async () => {
    const employeeId = await hire();
    const path = `/leave/accounts/${employeeId}/adjust`;
    const body = {
      policy: "annual",
      minutes: 2 * DAY,
      reason: "from the old system",
      kind: "opening",
      key: "k",
    };
    await call("POST", path, body);
    const again = await call("POST", path, body);
    const line = again.body.accounts[0]?.ledger.filter(({ kind }) => kind === "opening");
    expect(line).toMatchObject([{ minutes: 2 * DAY, reason: "from the old system" }]);
    expect(await call("POST", path, { ...body, policy: "other" })).toMatchObject({ status: 409 });
  });

  test("no more of a department may be away than the rule allows", async () => {
    const [one, two] = [
      await hire({ departmentId: "tower" }),
      await hire({ departmentId: "tower" }),
    ];
    expect((await ask(one, ["2026-09-14", "2026-09-15"])).status).toBe(201);
    expect(await ask(two, ["2026-09-15", "2026-09-16"])).toMatchObject({
      status: 409,
      body: { code: "leave.department-away" },
    });
  });

  test("the calendar shows who of a site is off, and its holidays", async () => {
    now = Date.parse("2026-09-01T08:00:00Z");
    const employeeId = await hire({ siteIds: ["atoll", "hq"] });
    await approvedLeave(employeeId, "2026-10-01", "2026-10-05");
    const { body } = await call("GET", "/leave/calendar?site=hq&from=2026-10-01&to=2026-10-31");
    expect(body.absences).toMatchObject([{ employeeId, code: "VAC" }]);
    expect(body.holidays).toMatchObject([{ on: "2026-10-03", kind: "public" }]);
    principal = { name: "x", scopes: ["read"], roles: [], employeeId: "x" };
    const seen = await call("GET", "/leave/calendar?site=hq&from=2026-10-01&to=2026-10-31");
    expect(seen.body.absences).toEqual([]);
    const own = await call("GET", "/sites/atoll/holidays?year=2026");
    expect(own.body.holidays).toEqual([{ on: "2026-07-07", name: "Regatta", kind: "own" }]);
  });

  test("the end of an employment pays out what is left", async () => {
    const employeeId = await hire();
    const data = { employeeId, reason: "moves", at: now, lastDayOn: "2026-09-15" };
    await append("employee", employeeId, { type: "employee.employee.terminated", data });
    now = Date.parse("2026-09-15T08:00:00Z");
    await eventually(async () => (await eventsOf(employeeId)).at(-1)?.data["kind"] === "payout");
    // 8.5 months of 2 days: the whole September was granted at its start.
    expect((await eventsOf(employeeId)).slice(-2).map(({ data: line }) => line["minutes"])).toEqual(
      [-DAY, -17 * DAY],
    );
  });

  test("a second process, a restart and reading everything again post nothing twice, and rebuild the same rows", async () => {
    const jsm = await jetstreamManager(cloud.nc, { checkAPI: false });
    const length = async (): Promise<number> => (await jsm.streams.info("LEAVE")).state.messages;
    now = Date.parse("2026-12-31T12:00:00Z");
    const second = await start("second");
    now = Date.parse("2027-01-02T12:00:00Z");
    const data = { ...person("e-turn"), employeeId: "e-turn" };
    await append("employee", "e-turn", { type: "employee.employee.created", data });
    await eventually(async () =>
      (await eventsOf("e-turn")).some(
        (event) => event.data["entryId"] === "carry-over-annual-2027-01-01",
      ),
    );
    await eventually(async () => (await unturned(running)) === 0);
    await second.context.close();
    const settled = await length();
    const before = await rows(running);
    await running.context.close();
    const reactions = { people: "employee", decisions: "workflow", balances: "leave" } as const;
    for (const [name, domain] of Object.entries(reactions)) {
      await restartReaction({ nc: cloud.nc, tenant: TENANT, context: "leave" }, { name, domain });
    }
    running = await start("again");
    const total = (await jsm.streams.info("EMPLOYEE")).state.messages;
    await eventually(() => running.context.consumers[0]?.stats().handledTotal === total, {
      timeoutMs: 30_000,
    });
    expect(await length()).toBe(settled);
    expect(await rows(running)).toEqual(before);
    const ids = (await running.context.routes.db.selectFrom("ledger").selectAll().execute()).map(
      (line) => `${line.employee_id} ${line.entry_id}`,
    );
    expect(new Set(ids).size).toBe(ids.length);
  });
});

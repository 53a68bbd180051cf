import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { EmployeeEvent } from "@clockleaf/shared/events/employee.ts";
import type { LeaveEvent } from "@clockleaf/shared/events/leave.ts";
import { BUCKETS, directoryKey, personKey } from "@clockleaf/shared/subjects.ts";
import { decode } from "@clockleaf/shared/wire/codec.ts";
import { directoryEntrySchema } from "@clockleaf/shared/wire/directory.ts";
import { jetstreamManager } from "@nats-io/jetstream";
import { type KV, Kvm } from "@nats-io/kv";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import type { Cause } from "../../cloud/eventing/event-store.ts";
import { restartReaction } from "../../cloud/eventing/reaction.ts";
import { createMemoryVault } from "../../cloud/eventing/vault.ts";
import { type CloudHub, startCloudHub } from "../support/cloud-hub.ts";
import {
  type EmployeeAnswer,
  type EmployeeProcess,
  startEmployeeProcess,
} from "../support/employee-process.ts";
import { eventually } from "../support/eventually.ts";
import { findNatsServer } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import { type TempDir, tempDir } from "../support/temp.ts";

const TENANT = "acme";
const DAY = 86_400_000;
const START = Date.parse("2026-11-24T08:00:00Z");
const profileSchema = z.object({
  status: z.string(),
  activity: z.string().nullable(),
  departmentId: z.string(),
  managerId: z.string().nullable(),
  siteIds: z.array(z.string()),
  employmentType: z.string(),
  locale: z.string().nullable(),
  zone: z.string(),
});

describe.skipIf(!available("nats-server", findNatsServer()))("the states of a person", () => {
  let cloud: CloudHub;
  let dir: TempDir;
  let main: EmployeeProcess;
  let now = START;
  let directory: KV;
  let profiles: KV;
  const vault = createMemoryVault();
  const startProcess = (folder: string): Promise<EmployeeProcess> =>
    startEmployeeProcess({
      nc: cloud.nc,
      dataDir: join(dir.path, folder),
      vault,
      nowMs: () => now,
    });

  beforeAll(async () => {
    cloud = await startCloudHub();
    dir = tempDir("employee-states");
    main = await startProcess("main");
    directory = await new Kvm(cloud.nc).open(BUCKETS.directory);
    profiles = await new Kvm(cloud.nc).open(BUCKETS.profiles);
  });
  afterAll(async () => {
    await main.close();
    await cloud[Symbol.asyncDispose]();
    dir.remove();
  });

  const create = async (more: object = {}): Promise<string> => {
    const employeeId = `e-${randomUUID()}`;
    const { status } = await main.call("POST", "/employees", {
      body: {
        employeeId,
        email: "ada@example.org",
        firstName: "Ada",
        lastName: "Example",
        departmentId: "assembly",
        jobTitle: "Fitter",
        startDate: "2026-01-01",
        employmentType: "full-time",
        siteIds: ["hq"],
        ...more,
      },
    });
    expect(status).toBe(201);
    return employeeId;
  };
  const act = (id: string, what: string, body?: object): Promise<EmployeeAnswer> =>
    main.call("POST", `/employees/${id}/${what}`, body === undefined ? {} : { body });
  const show = async (id: string): Promise<EmployeeAnswer["body"]> =>
    (await main.call("GET", `/employees/${id}`)).body;
  const patch = async (id: string, body: object): Promise<EmployeeAnswer> => {
    const { etag } = await main.call("GET", `/employees/${id}`);
    return await main.call("PATCH", `/employees/${id}`, {
      body,
      headers: { "if-match": etag ?? "" },
    });
  };
  const withBadge = async (id: string): Promise<string> => {
    const badge = `number-${randomUUID()}`;
    const validFrom = new Date(now - DAY).toISOString();
    expect((await act(id, "badges", { badge, validFrom })).status).toBe(201);
    return badge;
  };
  const stateOf = async (badge: string): Promise<string | undefined> => {
    const entry = await directory.get(directoryKey(TENANT, "hq", badge));
    if (entry?.operation !== "PUT") return undefined;
    return decode(entry.value, directoryEntrySchema, { what: "entry" }).state;
  };
  const eventsOf = async (aggregateId: string): Promise<EmployeeEvent["metadata"][]> => {
    const address = { domain: "employee", tenant: TENANT, aggregateId } as const;
    const { events } = await main.store.load(address, 0);
    return events.map(({ event }) => event.metadata as EmployeeEvent["metadata"]);
  };
  const typesOf = async (id: string): Promise<string[]> =>
    (await eventsOf(id)).map(({ eventType }) => eventType.replace("employee.", ""));
  const cause = (): Cause => ({
    source: "test",
    atMs: now,
    correlationId: "c",
    causationId: "timer-test",
    traceparent: undefined,
  });
  /** LEAVE says so; its own rules are not of interest here. */
  const leave = async (id: string, what: "began" | "finished", leaveId: string): Promise<void> => {
    const address = { domain: "leave", tenant: TENANT, aggregateId: id } as const;
    const { lastSeq } = await main.store.load(address, 0);
    const type: LeaveEvent["metadata"]["eventType"] = `leave.leave.${what}`;
    const data = { employeeId: id, leaveId, at: now };
    const event = { type, data: what === "began" ? { ...data, code: "vacation" } : data };
    await main.store.append([{ address, expectedSeq: lastSeq, events: [event] }], cause());
    await main.settled();
  };

  test("a draft has no place at the readers until activated; repeats change nothing", async () => {
    const id = await create({ draft: true });
    expect(await show(id)).toMatchObject({ status: "draft", activity: null });
    expect(await act(id, "badges", { badge: `number-${randomUUID()}` })).toMatchObject({
      status: 409,
      body: { code: "employee.not-active" },
    });
    expect(await act(id, "suspend", { reason: "r" })).toMatchObject({
      status: 409,
      body: { code: "employee.draft" },
    });
    const activated = await act(id, "activate");
    expect(activated).toMatchObject({
      status: 200,
      body: { status: "active", activity: "working" },
    });
    expect(await act(id, "activate")).toEqual(activated);
    expect(await typesOf(id)).toEqual(["employee.created", "employee.activated"]);
  });

  test("a suspension closes the readers and a reactivation opens them", async () => {
    const id = await create();
    const badge = await withBadge(id);
    await main.settled();
    expect(await stateOf(badge)).toBe("valid");
    expect(await act(id, "suspend", { reason: "an inquiry" })).toMatchObject({
      status: 200,
      body: { status: "suspended", activity: null },
    });
    await main.settled();
    expect(await stateOf(badge)).toBe("withdrawn");
    await act(id, "reactivate", { reason: "cleared" });
    await main.settled();
    expect(await stateOf(badge)).toBe("valid");
  });

  test("a terminated person works to the end of the last day; then all badges are gone for good", async () => {
    const id = await create();
    const badge = await withBadge(id);
    const ended = { reason: "end of contract", lastDayOn: "2026-11-27" };
    expect(await act(id, "terminate", ended)).toMatchObject({
      status: 200,
      body: { status: "terminated", lastDayOn: "2026-11-27" },
    });
    expect(await act(id, "terminate", { ...ended, lastDayOn: "2026-12-31" })).toMatchObject({
      status: 409,
      body: { code: "employee.terminated" },
    });
    await main.settled();
    expect(await stateOf(badge)).toBe("valid");
    // The first instant after that day, where they work.
    now = Date.parse("2026-11-27T23:00:00Z");
    await eventually(async () => (await show(id)).status === "inactive", { what: "deactivated" });
    await main.settled();
    expect(await stateOf(badge)).toBe("withdrawn");
    expect((await show(id)).badges).toMatchObject([{ badge, validTo: "2026-11-27T23:00:00.000Z" }]);
    const metadata = await eventsOf(id);
    expect(metadata.at(-1)?.causationId).toMatch(/^timer-deactivate-\d+$/u);
    expect((await eventsOf(badge)).at(-1)?.causationId).toBe(metadata.at(-1)?.eventId);
    // Taken on again, they get their badges anew.
    expect(await patch(id, { status: "active" })).toMatchObject({
      status: 200,
      body: { status: "active", lastDayOn: null },
    });
    await main.settled();
    expect(await stateOf(badge)).toBe("withdrawn");
  });

  test("a probation is completed by itself when its last day is over", async () => {
    const id = await create({ probationUntil: "2026-12-01", zone: "America/New_York" });
    expect(await show(id)).toMatchObject({ activity: "probation", probationUntilOn: "2026-12-01" });
    now = Date.parse("2026-12-02T05:00:00Z") - 1;
    await eventually(async () => (await show(id)).activity === "probation");
    now += 1;
    await eventually(async () => (await show(id)).activity === "working", { what: "completed" });
    expect(await act(id, "probation/complete")).toMatchObject({ status: 200 });
    const [last] = (await eventsOf(id)).slice(-1);
    expect(last).toMatchObject({ eventType: "employee.probation.completed" });
  });

  test("leave that begins and ends is followed, once however often it is said", async () => {
    const id = await create();
    await leave(id, "began", "l1");
    expect(await show(id)).toMatchObject({ status: "active", activity: "on-leave" });
    await leave(id, "began", "l1");
    await leave(id, "finished", "l1");
    expect(await show(id)).toMatchObject({ activity: "working" });
    await leave(id, "finished", "l1");
    expect(await typesOf(id)).toEqual([
      "employee.created",
      "employee.activated",
      "leave.started",
      "leave.ended",
    ]);
  });

  test("leave that begins during a suspension or a probation starts once that is over, if it still runs", async () => {
    const suspended = await create();
    await act(suspended, "suspend", { reason: "r" });
    await leave(suspended, "began", "l1");
    await leave(suspended, "began", "l2");
    await leave(suspended, "finished", "l1");
    expect(await show(suspended)).toMatchObject({ status: "suspended", activity: null });
    await act(suspended, "reactivate", { reason: "r" });
    await main.settled();
    expect(await show(suspended)).toMatchObject({ activity: "on-leave" });
    await act(suspended, "suspend", { reason: "r" });
    await leave(suspended, "finished", "l2");
    await act(suspended, "reactivate", { reason: "r" });
    await main.settled();
    expect(await show(suspended)).toMatchObject({ activity: "working" });
    expect((await typesOf(suspended)).filter((type) => type.startsWith("leave."))).toEqual([
      "leave.started",
      "leave.ended",
    ]);

    const onProbation = await create({ probationUntil: "2027-03-31" });
    await leave(onProbation, "began", "l3");
    expect(await show(onProbation)).toMatchObject({ activity: "probation" });
    await act(onProbation, "probation/complete");
    await main.settled();
    expect(await show(onProbation)).toMatchObject({ activity: "on-leave" });
  });

  test("profiles tell who is who, and nothing personal", async () => {
    const id = await create({ locale: "de-DE", siteIds: ["hq", "plant"] });
    expect((await patch(id, { zone: "Mars/Olympus" })).status).toBe(422);
    await patch(id, { departmentId: "paint" });
    await main.settled();
    const profile = await profiles.get(personKey(TENANT, id));
    const told = decode(profile?.value ?? new Uint8Array(), profileSchema.strict(), { what: "p" });
    expect(told).toEqual({
      status: "active",
      activity: "working",
      departmentId: "paint",
      managerId: null,
      siteIds: ["hq", "plant"],
      employmentType: "full-time",
      locale: "de-DE",
      zone: "Europe/Berlin",
    });
    expect(await typesOf(id)).toEqual([
      "employee.created",
      "employee.activated",
      "employee.updated",
      "department.changed",
    ]);
  });

  test("the organisation is shown by department and manager, page by page", async () => {
    const departmentId = `d-${randomUUID()}`;
    const boss = await create({ departmentId, lastName: "Aaron" });
    const lead = await create({ departmentId, lastName: "Baker", managerId: boss });
    const hands = await Promise.all(
      ["Clark", "Davis"].map((lastName) => create({ departmentId, lastName, managerId: lead })),
    );
    await main.settled();
    const list = async (
      path: string,
    ): Promise<{ items: Array<Record<string, unknown>>; next: string | null }> =>
      (await (await main.api.request(path)).json()) as never;
    const first = await list(`/org?department=${departmentId}&limit=3`);
    const second = await list(`/org?department=${departmentId}&limit=3&cursor=${first.next}`);
    expect([...first.items, ...second.items]).toMatchObject([
      { employeeId: boss, parentId: null, reports: 1 },
      { employeeId: lead, parentId: boss, reports: 2 },
      { employeeId: hands[0], parentId: lead, reports: 0 },
      { employeeId: hands[1], parentId: lead, reports: 0 },
    ]);
    expect(second.next).toBeNull();
    const reports = await list(`/employees/${lead}/reports`);
    expect(reports.items.map(({ employeeId }) => employeeId)).toEqual(hands);
    expect((await main.call("GET", "/employees/nobody/reports")).status).toBe(404);
    const { items } = await list("/departments?limit=500");
    expect(items.find((each) => each["departmentId"] === departmentId)).toMatchObject({
      total: 4,
      byStatus: { active: 4, inactive: 0 },
    });
    expect(await patch(boss, { managerId: hands[0] })).toMatchObject({
      status: 409,
      body: { code: "employee.manager-ring" },
    });
  });

  test("of two changes that made a ring of managers at the same moment, the later one is taken back", async () => {
    const [one, two, three] = [await create(), await create(), await create()];
    await patch(three, { managerId: two });
    await main.settled();
    // Both passed the check, say, in two processes: only then can there be a ring.
    const { people } = main.context.routes.commands;
    const managed = (id: string, managerId: string) =>
      people.handle(id, { type: "update", changes: { managerId }, at: now }, cause());
    await managed(two, one);
    await managed(one, three);
    await eventually(async () => (await show(one)).managerId === null, { what: "taken back" });
    await main.settled();
    expect((await show(two)).managerId).toBe(one);
    expect((await show(three)).managerId).toBe(two);
    const [changed, undone] = (await eventsOf(one)).filter(
      ({ eventType }) => eventType === "employee.manager.changed",
    );
    expect(undone?.causationId).toBe(changed?.eventId);
  });

  test("working through all events again takes nothing from who was taken on and given notice again", async () => {
    const id = await create();
    await withBadge(id);
    await act(id, "terminate", { reason: "r", lastDayOn: "2026-01-31" });
    await eventually(async () => (await show(id)).status === "inactive", { what: "deactivated" });
    await main.settled();
    await patch(id, { status: "active" });
    const badge = await withBadge(id);
    await act(id, "terminate", { reason: "r", lastDayOn: "2027-12-31" });
    await main.settled();
    const jsm = await jetstreamManager(cloud.nc);
    const before = (await jsm.streams.info("EMPLOYEE")).state.last_seq;
    await main.close();
    const options = { nc: cloud.nc, tenant: TENANT, context: "employee" };
    for (const name of ["follow-up", "directory", "profiles"]) {
      await restartReaction(options, { name, domain: "employee" });
    }
    main = await startProcess("again");
    await main.settled();
    expect((await jsm.streams.info("EMPLOYEE")).state.last_seq).toBe(before);
    expect(await stateOf(badge)).toBe("valid");
  });
});

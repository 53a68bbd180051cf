import { randomUUID } from "node:crypto";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openJsEventStore } from "../../cloud/eventing/js-event-store.ts";
import { heldHere } from "../../cloud/eventing/leases.ts";
import { restartReaction } from "../../cloud/eventing/reaction.ts";
import { createMemoryVault } from "../../cloud/eventing/vault.ts";
import { workflowConfigSchema } from "../../cloud/workflow/config.ts";
import { createWorkflowRoutes } from "../../cloud/workflow/routes.ts";
import type { RequestView } from "../../cloud/workflow/views.ts";
import { startWorkflow, type WorkflowContext } from "../../cloud/workflow/workflow.ts";
import { accessTo } from "../support/access.ts";
import { apiAs, type CallAs } from "../support/api-as.ts";
import { type CloudHub, startCloudHub } from "../support/cloud-hub.ts";
import { whenWorkedOff } from "../support/consumers.ts";
import { type Tell, teller } from "../support/domain-events.ts";
import { eventually } from "../support/eventually.ts";
import { findNatsServer } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import { person } from "../support/people.ts";
import { type TempDir, tempDir } from "../support/temp.ts";

const TENANT = "acme";
const HOUR = 3_600_000;
const ADA = { name: "ada", employeeId: "e-ada" };
const BOSS = { name: "boss", employeeId: "e-boss" };
const CHIEF = { name: "chief", employeeId: "e-chief" };
const DEPUTY = { name: "deputy", employeeId: "e-deputy" };
const HR = { name: "hr", roles: ["hr"] };
const MANAGERS = {
  "e-chief": null,
  "e-boss": "e-chief",
  "e-ada": "e-boss",
  "e-deputy": "e-chief",
};
const access = accessTo(() =>
  Object.entries(MANAGERS).map(([employeeId, managerId]) => ({
    employeeId,
    managerId,
    departmentId: "assembly",
    siteIds: ["hq"],
  })),
);
/** Sees time and pay, and decides neither. */
const AUDITOR = { name: "auditor", grants: [{ role: "auditor" }] } as const;

const leaveData = (leaveId: string) => ({
  employeeId: "e-ada",
  leaveId,
  code: "vacation",
  policy: null,
  fromOn: "2026-12-01",
  toOn: "2026-12-02",
  secondsADay: null,
  minutes: 960,
});

describe.skipIf(!available("nats-server", findNatsServer()))("approvals", () => {
  let cloud: CloudHub;
  let dir: TempDir;
  let context: WorkflowContext;
  let second: WorkflowContext;
  let call: CallAs;
  let tell: Tell;
  let now = Date.parse("2026-11-24T08:00:00Z");

  const startProcess = async (folder: string): Promise<WorkflowContext> =>
    await startWorkflow({
      nc: cloud.nc,
      eventStore: await openJsEventStore({ nc: cloud.nc }),
      tenant: TENANT,
      dataDir: `${dir.path}/${folder}`,
      nowMs: () => now,
      log: silentLog(),
      leases: heldHere(),
      vault: createMemoryVault(),
      isWorking: true,
      config: workflowConfigSchema.parse({
        chains: {
          overtime: {
            approveUpTo: 15,
            steps: [
              { approvers: "manager", dueAfter: "2h", escalateTo: "manager-of-manager" },
              { approvers: { role: "plant" }, whenMoreThan: 120 },
            ],
          },
        },
      }),
      employeeOf: (key) => ({ ada: "e-ada", boss: "e-boss" })[key],
      escalateEveryMs: 20,
    });

  beforeAll(async () => {
    cloud = await startCloudHub("cloud-consumers");
    dir = tempDir("workflow");
    tell = teller(await openJsEventStore({ nc: cloud.nc }), TENANT);
    for (const [employeeId, managerId] of Object.entries(MANAGERS)) {
      const data = { ...person(employeeId), managerId };
      await tell("employee", employeeId, { type: "employee.employee.created", data });
    }
    context = await startProcess("first");
    second = await startProcess("second");
    call = apiAs(createWorkflowRoutes(context.routes), access);
  });
  afterAll(async () => {
    await context.close();
    await second.close();
    await cloud[Symbol.asyncDispose]();
    dir.remove();
  });

  const overtime = async (more: object = {}): Promise<number> =>
    await tell("attendance", "e-ada", {
      type: "attendance.overtime.calculated",
      data: {
        employeeId: "e-ada",
        workdayOn: "2026-11-23",
        policy: "daily",
        seconds: 3600,
        revision: 1,
        needsApproval: true,
        departmentId: "assembly",
        managerId: null,
        ...more,
      },
    });
  const leave = async (requestedBy = "ada"): Promise<string> => {
    const leaveId = randomUUID();
    const data = leaveData(leaveId);
    await tell("leave", leaveId, {
      type: "leave.leave.requested",
      data: { ...data, requestedBy, note: "", departmentId: null, managerId: null },
    });
    return leaveId;
  };
  const submitRun = async (): Promise<void> => {
    const runId = "run-1";
    await tell("payroll", runId, {
      type: "payroll.run.submitted",
      data: {
        runId,
        periodId: "monthly-2026-11",
        people: 3,
        grossMinor: 1,
        netMinor: 1,
        currency: "EUR",
        by: "clerk",
        overridden: [],
      },
    });
  };
  const list = async (query: string, who = HR as object): Promise<RequestView[]> => {
    const { body } = await call<{ items: RequestView[] }>(who, {
      path: `/workflow/requests?limit=500&${query}`,
    });
    return body.items;
  };
  /** Every request about something, the newest first. */
  const about = async (wanted: object): Promise<RequestView[]> =>
    (await list("box=all", AUDITOR)).filter((each) =>
      Object.entries(wanted).every(([key, value]) => Object(each.about)[key] === value),
    );
  const pendingAbout = (wanted: object): Promise<RequestView> =>
    eventually(async () => (await about(wanted)).find(({ status }) => status === "pending"));
  const decide = (who: object, requestId: string, verb = "approve") =>
    call<RequestView & { code?: string }>(who, {
      path: `/workflow/requests/${requestId}/${verb}`,
      body: { note: "fine" },
    });
  /** Until both processes have done with everything stored so far. */
  const settled = (stream: "ATTENDANCE" | "LEAVE" | "PAYROLL"): Promise<void> =>
    whenWorkedOff(cloud.nc, stream, `workflow-${stream.toLowerCase()}-asks`);

  test("overtime is asked once, and what a decision leads to is seen at once", async () => {
    await overtime();
    const { requestId, steps } = await pendingAbout({ workdayOn: "2026-11-23" });
    expect(steps).toMatchObject([{ approvers: [{ kind: "employee", employeeId: "e-boss" }] }]);
    expect(await list("", BOSS)).toMatchObject([{ requestId }]);
    expect(await list("", ADA)).toEqual([]);
    expect(await decide(ADA, requestId)).toMatchObject({ status: 403 });
    expect(await decide({ name: "root", scopes: ["admin"] }, requestId)).toMatchObject({
      status: 403,
      body: { code: "workflow.not-an-approver" },
    });
    expect(await decide(BOSS, requestId)).toMatchObject({
      status: 200,
      body: { status: "approved", steps: [{ decision: { by: "boss", note: "fine" } }] },
    });
    expect(await list("", BOSS)).toEqual([]);
    expect(await decide(BOSS, requestId)).toMatchObject({ status: 200 });
    expect(await decide(BOSS, requestId, "reject")).toMatchObject({
      status: 409,
      body: { code: "workflow.ended" },
    });
  });

  test("another figure withdraws what was asked and asks anew; the same one again changes nothing", async () => {
    const day = { workdayOn: "2026-11-20" };
    await overtime(day);
    const first = await pendingAbout(day);
    await overtime({ ...day, revision: 2 });
    await settled("ATTENDANCE");
    expect(await about(day)).toHaveLength(1);
    await overtime({ ...day, revision: 3, seconds: 9000 });
    const [next] = await eventually(async () => {
      const found = await about(day);
      return found.length === 2 ? found : undefined;
    });
    expect(next).toMatchObject({ about: { seconds: 9000 }, status: "pending" });
    expect(next?.steps).toHaveLength(2);
    expect(await decide(BOSS, first.requestId)).toMatchObject({ status: 409 });
    // Back to the first figure: asked again, since the first request was withdrawn.
    await overtime({ ...day, revision: 4 });
    await eventually(async () => (await about(day)).length === 3);
    const data = { employeeId: "e-ada", ...day, policy: "daily", seconds: 3600, revision: 5 };
    await tell("attendance", "e-ada", {
      type: "attendance.overtime.withdrawn",
      data: { ...data, reason: "corrected" },
    });
    await eventually(async () => (await about(day)).every(({ status }) => status === "withdrawn"));
  });

  test("little overtime is approved by the rules, none of it is not asked", async () => {
    const day = { workdayOn: "2026-11-19" };
    await overtime({ ...day, seconds: 900 });
    await overtime({ ...day, policy: "weekly", seconds: 0 });
    await overtime({ ...day, policy: "monthly", needsApproval: false });
    await settled("ATTENDANCE");
    expect(await about(day)).toMatchObject([
      { status: "approved", ended: { by: "cloud/workflow" } },
    ]);
  });

  test("the consumer starting over opens nothing twice and withdraws nothing", async () => {
    await overtime({ workdayOn: "2026-11-18" });
    await pendingAbout({ workdayOn: "2026-11-18" });
    const seen = (await list("box=all")).map(({ requestId, status }) => [requestId, status]);
    await restartReaction(
      { nc: cloud.nc, tenant: TENANT, context: "workflow" },
      { name: "attendance-asks", domain: "attendance" },
    );
    await settled("ATTENDANCE");
    expect((await list("box=all")).map((each) => [each.requestId, each.status])).toEqual(seen);
  });

  test("leave is decided by a deputy within the time and kinds delegated", async () => {
    const { requestId } = await pendingAbout({ leaveId: await leave() });
    expect(await decide(DEPUTY, requestId)).toMatchObject({ status: 404 });
    const until = new Date(now + HOUR).toISOString();
    const body = { delegateId: "e-deputy", kinds: ["leave"], until };
    const set = { path: "/workflow/delegations", body };
    expect(await call({ name: "key" }, set)).toMatchObject({
      status: 409,
      body: { code: "workflow.delegation-for-nobody" },
    });
    const forBoss = { ...set, body: { ...body, employeeId: "e-boss" } };
    expect(await call(CHIEF, forBoss)).toMatchObject({ status: 403 });
    expect(await call(BOSS, set)).toMatchObject({ status: 200 });
    expect(await list("", DEPUTY)).toMatchObject([{ requestId }]);
    await overtime({ workdayOn: "2026-11-17" });
    const other = await pendingAbout({ workdayOn: "2026-11-17" });
    expect(await decide(DEPUTY, other.requestId)).toMatchObject({ status: 404 });
    expect(await decide(DEPUTY, requestId)).toMatchObject({
      body: { status: "approved", steps: [{ decision: { onBehalfOf: "e-boss" } }] },
    });

    const next = await pendingAbout({ leaveId: await leave() });
    const end = { method: "DELETE", path: "/workflow/delegations/e-boss/e-deputy" };
    expect(await call(BOSS, end)).toMatchObject({ status: 428 });
    const shown = { path: "/workflow/delegations?employeeId=e-boss" };
    const { body: listed } = await call<{ items: Array<{ version: number }> }>(BOSS, shown);
    const version = listed.items[0]?.version ?? 0;
    const ended = (tag: number) => ({ ...end, headers: { "if-match": `"${tag}"` } });
    expect(await call(BOSS, ended(version - 1))).toMatchObject({ status: 412 });
    expect(await call(BOSS, ended(version))).toMatchObject({ status: 204 });
    expect(await decide(DEPUTY, next.requestId)).toMatchObject({ status: 404 });
    expect(await decide(BOSS, next.requestId, "reject")).toMatchObject({
      body: { status: "rejected" },
    });
  });

  test("leave cancelled meanwhile needs no decision any more", async () => {
    const leaveId = await leave();
    const { requestId } = await pendingAbout({ leaveId });
    const cancelled = { untilOn: null, wasApproved: false, by: "ada", reason: "", at: now };
    await tell("leave", leaveId, {
      type: "leave.leave.cancelled",
      data: { ...leaveData(leaveId), ...cancelled },
    });
    await eventually(async () => (await about({ leaveId }))[0]?.status === "withdrawn");
    expect(await decide(BOSS, requestId)).toMatchObject({ status: 409 });
  });

  test("a manager's own request goes past them, also when asked for another", async () => {
    const { requestId, steps } = await pendingAbout({ leaveId: await leave("boss") });
    expect(steps[0]?.approvers).toEqual([{ kind: "employee", employeeId: "e-chief" }]);
    expect(await decide(BOSS, requestId)).toMatchObject({
      status: 403,
      body: { code: "workflow.own-request" },
    });
    expect(await decide({ name: "boss-laptop", employeeId: "e-boss" }, requestId)).toMatchObject({
      body: { code: "workflow.own-request" },
    });
  });

  test("a correction by and for somebody is theirs to see and others' to decide", async () => {
    const requestId = randomUUID();
    const change = { do: "void", punchId: "gw1-epoch00001-1" };
    await tell("attendance", requestId, {
      type: "attendance.correction.requested",
      data: {
        requestId,
        items: [{ employeeId: "e-ada", change }],
        reasonCode: "wrong-badge",
        reason: "twice",
        outageId: null,
        requestedBy: "ada",
        departmentId: null,
        managerId: null,
        overridesLock: false,
      },
    });
    const request = await pendingAbout({ correctionRequestId: requestId });
    expect(await list("box=opened&kind=correction", ADA)).toMatchObject([
      { requestId: request.requestId },
    ]);
    expect(await decide(BOSS, request.requestId)).toMatchObject({ body: { status: "approved" } });
  });

  test("a pay run submitted again is another request; bulk decisions answer one by one", async () => {
    await submitRun();
    const first = await pendingAbout({ runId: "run-1" });
    await submitRun();
    await eventually(async () => (await about({ runId: "run-1" })).length === 2);
    const next = await pendingAbout({ runId: "run-1" });
    const clerk = { name: "clerk", roles: ["payroll"] };
    expect(await decide(clerk, next.requestId)).toMatchObject({
      body: { code: "workflow.own-request" },
    });
    const requestIds = [first.requestId, next.requestId, "nothing"];
    const { body } = await call<{ results: unknown[] }>(
      { name: "head", roles: ["payroll"] },
      { path: "/workflow/requests:decide", body: { decision: "approved", requestIds } },
    );
    expect(body.results).toMatchObject([
      { isDecided: false, code: "workflow.ended", status: "withdrawn" },
      { isDecided: true, status: "approved" },
      { isDecided: false, code: "workflow.request.not-found", status: null },
    ]);
  });

  test("what nobody decides in time is escalated once, by whichever process sees it", async () => {
    const day = { workdayOn: "2026-11-16" };
    await overtime(day);
    const { requestId } = await pendingAbout(day);
    expect(await decide(CHIEF, requestId)).toMatchObject({ status: 404 });
    now += 2 * HOUR;
    const view = await eventually(async () => {
      const [found] = await about(day);
      return found?.steps[0]?.isEscalated === true ? found : undefined;
    });
    expect(view.steps[0]).toMatchObject({ dueAt: null });
    expect(await list("", CHIEF)).toContainEqual(expect.objectContaining({ requestId }));
    expect(await decide(CHIEF, requestId)).toMatchObject({ body: { status: "approved" } });
    const { state } = await context.routes.commands.requests.state(requestId);
    expect(state?.escalations).toHaveLength(1);
  });

  test("a read model made anew shows the same", async () => {
    const seen = await list("box=all");
    const fresh = await startProcess("third");
    const callFresh = apiAs(createWorkflowRoutes(fresh.routes), access);
    try {
      await eventually(async () => {
        const path = "/workflow/requests?limit=500&box=all";
        const { body } = await callFresh<{ items: RequestView[] }>(HR, { path });
        expect(body.items).toEqual(seen);
        return true;
      });
    } finally {
      await fresh.close();
    }
  });
});

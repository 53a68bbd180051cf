import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { STREAMS } from "@clockleaf/shared/subjects.ts";
import { newTraceparent } from "@clockleaf/shared/wire/trace-context.ts";
import { jetstreamManager } from "@nats-io/jetstream";
import { expect } from "vitest";
import { problemOfError } from "../../cloud/api/problem.ts";
import { type ApiRouter, newRouter } from "../../cloud/api/router.ts";
import { storedEventOf } from "../../cloud/eventing/event-message.ts";
import type { EventStore, StoredEvent } from "../../cloud/eventing/event-store.ts";
import { openJsEventStore } from "../../cloud/eventing/js-event-store.ts";
import { heldHere } from "../../cloud/eventing/leases.ts";
import { createMemoryVault, type PersonalVault } from "../../cloud/eventing/vault.ts";
import { accessToNobody } from "../../cloud/identity/access.ts";
import { type PayrollContext, startPayroll } from "../../cloud/payroll/payroll.ts";
import { createPayrollRoutes } from "../../cloud/payroll/routes.ts";
import {
  createMemoryDocumentStore,
  type DocumentStore,
} from "../../cloud/storage/document-store.ts";
import { type Caller, principalOf } from "./access.ts";
import { type CloudHub, startCloudHub } from "./cloud-hub.ts";
import { eventually } from "./eventually.ts";
import { PAYROLL_TEST_CONFIG } from "./payroll.ts";
import { attendance, employee } from "./payroll-events.ts";
import { tempDir } from "./temp.ts";

export const PAYROLL_NOW = Date.parse("2026-12-01T08:00:00Z");
const TENANT = "acme";
const CLERK: Caller = { name: "clerk", scopes: ["write"], roles: ["payroll"] };

export interface Answer {
  readonly status: number;
  readonly etag: string | null;
  // oxlint-disable-next-line typescript/no-explicit-any -- answers of many shapes, compared with toMatchObject
  readonly body: any;
}

/** A hub, the payroll API on it, and what the other contexts would say. Whoever works through the streams is started apart. */
export interface PayrollWorld extends AsyncDisposable {
  readonly cloud: CloudHub;
  readonly store: EventStore;
  readonly vault: PersonalVault;
  readonly documents: DocumentStore;
  /** A process that works, with a folder of its own. */
  startWorker(more?: { store?: EventStore; documents?: DocumentStore }): Promise<PayrollContext>;
  append(
    domain: "employee" | "attendance" | "workflow" | "leave",
    aggregateId: string,
    event: { readonly type: string; readonly data: unknown },
  ): Promise<void>;
  call(
    method: string,
    path: string,
    sent?: { body?: object; headers?: Record<string, string>; as?: Caller },
  ): Promise<Answer>;
  show(runId: string): Promise<Answer["body"]>;
  /** Asks for a calculation and waits until every result and payslip is there. */
  calculate(runId: string): Promise<void>;
  /** Opens and calculates; the id of the run. */
  openRun(period: object): Promise<string>;
  submit(runId: string, overrides?: object[]): Promise<Answer>;
  decide(runId: string, decision: "approved" | "rejected", by: string): Promise<void>;
  statusBecomes(runId: string, status: string): Promise<void>;
  /** Somebody new, whose account is there. */
  hire(more?: object): Promise<string>;
  giveBank(employeeId: string, more?: object): Promise<void>;
  work(
    employeeId: string,
    workdayOn: string,
    day: Parameters<typeof attendance.workday>[2],
  ): Promise<void>;
  /** Everything in PAYROLL, without what is personal. */
  events(): Promise<StoredEvent[]>;
}

/** `openVault` is for a world of several processes; a vault in memory unless told. */
export async function openPayrollWorld(
  openVault: (cloud: CloudHub) => Promise<PersonalVault> = async () => createMemoryVault(),
): Promise<PayrollWorld> {
  const cloud = await startCloudHub("cloud-consumers");
  const dir = tempDir("payroll");
  const vault = await openVault(cloud);
  const documents = createMemoryDocumentStore();
  const store = await openJsEventStore({ nc: cloud.nc, vault });
  const start = (more: Partial<Parameters<typeof startPayroll>[0]>): Promise<PayrollContext> =>
    startPayroll({
      nc: cloud.nc,
      eventStore: store,
      tenant: TENANT,
      dataDir: join(dir.path, randomUUID()),
      nowMs: () => PAYROLL_NOW,
      log: silentLog(),
      leases: heldHere(),
      vault,
      isWorking: true,
      config: PAYROLL_TEST_CONFIG,
      documents,
      ...more,
    });
  const serving = await start({ isWorking: false });
  const caller = apiOf(serving);
  const world: PayrollWorld = {
    cloud,
    store,
    vault,
    documents,
    startWorker: ({ store: own = store, documents: files = documents } = {}) =>
      start({ eventStore: own, documents: files }),
    ...commandsOf(caller),
    ...eventsOf(store, caller),
    events: () => eventsIn(cloud),
    async [Symbol.asyncDispose]() {
      await serving.close();
      await cloud[Symbol.asyncDispose]();
      dir.remove();
    },
  };
  return world;
}

type Call = PayrollWorld["call"];

function apiOf(context: PayrollContext): Call {
  let principal = CLERK;
  const api: ApiRouter = newRouter();
  api.onError((error, c) => problemOfError(c, error));
  api.use(async (c, next) => {
    c.set("traceparent", newTraceparent());
    c.set("requestId", randomUUID());
    c.set("principal", principalOf(principal));
    c.set("access", accessToNobody());
    await next();
  });
  api.route("/", createPayrollRoutes(context.routes));
  return async (method, path, sent = {}) => {
    principal = sent.as ?? CLERK;
    const response = await api.request(path, {
      method,
      headers: { "content-type": "application/json", ...sent.headers },
      ...(sent.body === undefined ? {} : { body: JSON.stringify(sent.body) }),
    });
    const isJson = response.headers.get("content-type")?.includes("json") === true;
    const body: unknown = isJson ? await response.json() : await response.text();
    return { status: response.status, etag: response.headers.get("etag"), body };
  };
}

const NOT_DONE = new Set(["not-calculated", "outdated", "no-payslip"]);

function commandsOf(
  call: Call,
): Pick<
  PayrollWorld,
  "call" | "show" | "calculate" | "openRun" | "submit" | "statusBecomes" | "giveBank"
> {
  const show = async (runId: string): Promise<Answer["body"]> =>
    (await call("GET", `/payroll/runs/${runId}`)).body;
  const calculate = async (runId: string): Promise<void> => {
    const { status } = await call("POST", `/payroll/runs/${runId}/calculate`);
    expect(status).toBe(202);
    await eventually(async () => {
      const { blockers } = await show(runId);
      return !blockers.some(({ kind }: { kind: string }) => NOT_DONE.has(kind));
    });
  };
  return {
    call,
    show,
    calculate,
    async openRun(period) {
      const { status, body } = await call("POST", "/payroll/runs", { body: period });
      expect(status).toBe(201);
      await calculate(body.runId);
      return body.runId;
    },
    submit: (runId, overrides = []) =>
      call("POST", `/payroll/runs/${runId}/submit`, { body: { overrides } }),
    async statusBecomes(runId, status) {
      await eventually(async () => (await show(runId)).status === status);
    },
    async giveBank(employeeId, more = {}) {
      const path = `/payroll/accounts/${employeeId}`;
      const { etag, body } = await call("GET", path);
      const { version: _version, employeeId: _id, ...account } = body;
      const bank = {
        holder: "Łukasz Müller",
        iban: "DE02120300000000202051",
        bic: null,
        routing: null,
        account: null,
      };
      const answer = await call("PUT", path, {
        body: { ...account, bank, ...more },
        headers: { "if-match": etag ?? "" },
      });
      expect(answer.status).toBe(200);
    },
  };
}

function eventsOf(
  store: EventStore,
  call: Call,
): Pick<PayrollWorld, "append" | "decide" | "hire" | "work"> {
  const append: PayrollWorld["append"] = async (domain, aggregateId, event) => {
    const address = { domain, tenant: TENANT, aggregateId };
    const { lastSeq } = await store.load(address, 0);
    await store.append([{ address, expectedSeq: lastSeq, events: [event] }], {
      source: "test",
      atMs: PAYROLL_NOW,
      correlationId: null,
      causationId: "request-test",
      traceparent: undefined,
    });
  };
  return {
    append,
    async decide(runId, decision, by) {
      const requestId = `w-${randomUUID()}`;
      const periodId = runId.replace(/-run-\d+$/, "");
      const about = { kind: "pay-run", runId, periodId };
      const data = { requestId, about, by, note: "", at: PAYROLL_NOW };
      await append("workflow", requestId, { type: `workflow.request.${decision}`, data });
    },
    async hire(more = {}) {
      const employeeId = `e-${randomUUID().slice(0, 8)}`;
      await append("employee", employeeId, employee.created({ employeeId, ...more }));
      await eventually(
        async () => (await call("GET", `/payroll/accounts/${employeeId}`)).status === 200,
      );
      return employeeId;
    },
    work: (employeeId, workdayOn, day) =>
      append("attendance", employeeId, attendance.workday(employeeId, workdayOn, day)),
  };
}

async function eventsIn({ nc }: CloudHub): Promise<StoredEvent[]> {
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  const { state } = await jsm.streams.info(STREAMS.payroll);
  const found: StoredEvent[] = [];
  for (let seq = 1; seq <= state.last_seq; seq += 1) {
    const message = await jsm.streams.getMessage(STREAMS.payroll, { seq });
    if (message === null) continue;
    const { subject, data, header } = message;
    found.push(storedEventOf({ seq, subject, data, headers: header }));
  }
  return found;
}

import { randomUUID } from "node:crypto";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { newTraceparent } from "@clockleaf/shared/wire/trace-context.ts";
import { jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "nats";
import { problemOfError } from "../../cloud/api/problem.ts";
import { type ApiRouter, newRouter, SCOPES } from "../../cloud/api/router.ts";
import { type EmployeeContext, startEmployee } from "../../cloud/employee/employee.ts";
import { createEmployeeRoutes } from "../../cloud/employee/routes.ts";
import { createSubjects } from "../../cloud/employee/subjects.ts";
import type { EmployeeView } from "../../cloud/employee/views.ts";
import type { ContextOptions } from "../../cloud/eventing/context.ts";
import type { EventStore } from "../../cloud/eventing/event-store.ts";
import { openJsEventStore } from "../../cloud/eventing/js-event-store.ts";
import { heldHere } from "../../cloud/eventing/leases.ts";
import type { PersonalVault } from "../../cloud/eventing/vault.ts";
import { createAccess } from "../../cloud/identity/access.ts";
import { principalOf } from "./access.ts";
import { whenWorkedOff } from "./consumers.ts";
import { eventually } from "./eventually.ts";

export interface EmployeeProcessOptions {
  readonly nc: NatsConnection;
  /** Where its read models are; each process has its own. */
  readonly dataDir: ContextOptions["dataDir"];
  readonly vault: PersonalVault;
  readonly nowMs: () => number;
  readonly isWorking?: boolean;
}

export interface EmployeeAnswer {
  readonly status: number;
  readonly etag: string | null;
  readonly body: EmployeeView & { code?: string };
}

/** What one cloud process has of people: the context, and its part of the API in the hands of an admin, or of `x-scope`. */
export interface EmployeeProcess {
  readonly context: EmployeeContext;
  readonly store: EventStore;
  readonly api: ApiRouter;
  call(
    method: string,
    path: string,
    sent?: { body?: object; headers?: Record<string, string> },
  ): Promise<EmployeeAnswer>;
  /** Waits until read models and consumers have worked through all that was stored so far, and what follows from it. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export async function startEmployeeProcess(
  options: EmployeeProcessOptions,
): Promise<EmployeeProcess> {
  const { nc, vault, dataDir, nowMs, isWorking = true } = options;
  const store = await openJsEventStore({ nc, vault });
  const context = await startEmployee({
    nc,
    eventStore: store,
    tenant: "acme",
    dataDir,
    nowMs,
    log: silentLog(),
    leases: heldHere(),
    vault,
    isWorking,
    settings: { zone: "Europe/Berlin", checkEverySeconds: 1 },
  });
  const access = createAccess(createSubjects(context.routes.db));
  const api = newRouter();
  api.onError((error, c) => problemOfError(c, error));
  api.use(async (c, next) => {
    c.set("traceparent", newTraceparent());
    c.set("requestId", randomUUID());
    const scope = SCOPES.find((known) => known === c.req.header("x-scope")) ?? "admin";
    c.set("principal", principalOf({ name: "hr", scopes: [scope], roles: [] }));
    c.set("access", access);
    await next();
  });
  api.route("/", createEmployeeRoutes(context.routes));
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  const lastOf = async (stream: string): Promise<number> =>
    (await jsm.streams.info(stream)).state.last_seq;
  return {
    context,
    store,
    api,
    async call(method, path, sent = {}) {
      const response = await api.request(path, {
        method,
        headers: { "content-type": "application/json", ...sent.headers },
        ...(sent.body === undefined ? {} : { body: JSON.stringify(sent.body) }),
      });
      const body = (await response.json()) as EmployeeAnswer["body"];
      return { status: response.status, etag: response.headers.get("etag"), body };
    },
    async settled() {
      // What follows from an event may be events again: done once nothing was added while everything was worked through.
      await eventually(async () => {
        const employee = await lastOf("EMPLOYEE");
        const [projection] = context.projections;
        if ((await projection?.waitFor(employee, 5_000)) !== true) return false;
        for (const consumer of context.consumers) {
          const { durable } = consumer.stats();
          await whenWorkedOff(nc, durable === "employee-leave" ? "LEAVE" : "EMPLOYEE", durable);
        }
        return employee === (await lastOf("EMPLOYEE"));
      });
    },
    close: () => context.close(),
  };
}

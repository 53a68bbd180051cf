import { randomBytes } from "node:crypto";
import { createApiKey } from "../../cloud/api/auth.ts";
import {
  type IdempotencyBucket,
  openIdempotencyBucket,
} from "../../cloud/api/idempotency-bucket.ts";
import type { ApiRouter } from "../../cloud/api/router.ts";
import { createEmployeeRoutes } from "../../cloud/employee/routes.ts";
import { createMemoryVault } from "../../cloud/eventing/vault.ts";
import { type CloudHub, startCloudHub } from "./cloud-hub.ts";
import { apiAppWith } from "./context-api.ts";
import { type EmployeeProcess, startEmployeeProcess } from "./employee-process.ts";
import { tempDir } from "./temp.ts";

export interface ApiPair extends AsyncDisposable {
  readonly cloud: CloudHub;
  /** Two processes' APIs on one hub, as a load balancer would spread requests over them. */
  readonly apps: readonly [ApiRouter, ApiRouter];
  readonly processes: readonly EmployeeProcess[];
  readonly secret: Uint8Array;
  readonly bucket: IdempotencyBucket;
  /** Adds to what the clocks of both say. */
  pass(ms: number): void;
  /** Another process's API on the same hub and read models, with a bucket that may fail. */
  appWith(bucket: IdempotencyBucket): ApiRouter;
  request(app: ApiRouter, asked: `${string} ${string}`, sent?: Sent): Promise<Response>;
}

interface Sent {
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

export const PAIR_NOW = Date.parse("2026-11-24T08:00:00Z");

/** People's API in two processes. */
export async function startApiPair(): Promise<ApiPair> {
  const cloud = await startCloudHub("cloud-all");
  const dir = tempDir("api-pair");
  const vault = createMemoryVault();
  let nowMs = PAIR_NOW;
  const clock = (): number => nowMs;
  const start = (name: string, isWorking: boolean): Promise<EmployeeProcess> =>
    startEmployeeProcess({
      nc: cloud.nc,
      dataDir: `${dir.path}/${name}`,
      vault,
      nowMs: clock,
      isWorking,
    });
  const processes = [await start("one", true), await start("two", false)] as const;
  const { key, entry } = createApiKey("hr", ["admin"]);
  const secret = new Uint8Array(randomBytes(32));
  const bucket = await openIdempotencyBucket(cloud.nc, "acme");
  const appOf = (process: EmployeeProcess, with_: IdempotencyBucket): ApiRouter =>
    apiAppWith({
      contexts: [createEmployeeRoutes(process.context.routes)],
      keys: [entry],
      nowMs: clock,
      conventions: {
        secret,
        nowMs: clock,
        idempotency: { bucket: with_ },
        readYourWrites: {
          models: () => process.context.projections,
          lastSeq: () => Promise.resolve(0),
        },
      },
    });
  return {
    cloud,
    processes,
    secret,
    bucket,
    apps: [appOf(processes[0], bucket), appOf(processes[1], bucket)],
    pass(ms) {
      nowMs += ms;
    },
    appWith: (other) => appOf(processes[0], other),
    async request(app, asked, { body, headers } = {}) {
      const [method = "", path = ""] = asked.split(" ");
      return await app.request(path, {
        method,
        headers: {
          authorization: `Bearer ${key}`,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    },
    async [Symbol.asyncDispose]() {
      for (const process of processes) await process.close();
      await cloud[Symbol.asyncDispose]();
      dir.remove();
    },
  };
}

export const newPerson = (more: object = {}): object => ({
  email: "ada@example.org",
  firstName: "Ada",
  lastName: "Example",
  departmentId: "assembly",
  jobTitle: "Fitter",
  startDate: "2026-01-01",
  employmentType: "full-time",
  siteIds: ["hq"],
  ...more,
});

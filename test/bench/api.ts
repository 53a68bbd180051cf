import { join } from "node:path";
import { createNkey } from "@clockleaf/shared/wire/nkey.ts";
import { openJsEventStore } from "../../cloud/eventing/js-event-store.ts";
import { type CloudProcess, startCloudProcess, writeCloudConfig } from "../support/cloud.ts";
import { startCloudHub } from "../support/cloud-hub.ts";
import { eventually } from "../support/eventually.ts";
import { tempDir } from "../support/temp.ts";
import { companyOf, gatewayOf, RULES, SITES } from "./api-company.ts";
import { openFiles } from "./api-files.ts";
import { fillAttendance } from "./api-fill.ts";
import { measureGraphql } from "./api-graphql.ts";
import { createClient } from "./api-load.ts";
import { type Measured, measure } from "./api-measure.ts";
import { QUESTIONS, type Questions, questionsOf } from "./api-questions.ts";
import type { BenchOptions, BenchResult, Claim } from "./result.ts";
import { ZONE } from "./worktime-month.ts";

const TENANT = "acme";
const PUNCHES = 5_000_000;
const INSTANCE = "api";
const CONNECTIONS = 8;
const ROUND_MS = 1_200;
const SHORTEST_MS = 100;
const CATCH_UP_MS = 600_000;
/** The limit is on, and wide enough not to be what is measured. */
const RATE_LIMIT = { requests: 10_000_000, windowSeconds: 60 };
/**
 * Requests a second as a share of the calls that the functions behind a route make, and of the bare statements that these
 * send. Client, API and hub share two cores with whatever else runs, which hits what is cheap most: each bound is half of the
 * worst that was seen, with a load of 20, or less.
 */
const LEAST_SHARES: Readonly<Record<keyof Questions, { direct: number; sql?: number }>> = {
  presence: { direct: 0.03, sql: 0.02 },
  muster: { direct: 0.25, sql: 0.12 },
  timesheets: { direct: 0.15, sql: 0.01 },
  explain: { direct: 0.15 },
};
const MOST_TIME_OF_PAGES = 5;

/**
 * How fast the API answers what people open, with millions of punches behind it: a process of its own with everything on,
 * asked over loopback with a real key, against the same data read without it from the same files in the same run.
 */
export async function run({ scale, punches, progress }: BenchOptions): Promise<BenchResult> {
  await using cloud = await startCloudHub("cloud-all");
  using dir = tempDir("bench-api");
  const store = await openJsEventStore({ nc: cloud.nc });
  const company = companyOf(punches ?? Math.round(PUNCHES * scale));
  const config = writeCloudConfig({
    dir: dir.path,
    servers: [cloud.site.hub.url],
    seedFile: cloud.site.deployment.seedFile("cloud-api"),
    more: { http: { port: 0, rateLimit: RATE_LIMIT }, rules: RULES },
  });
  const rows = join(dir.path, "data", INSTANCE);
  const parts = { store, tenant: TENANT, company, progress };
  const filled = await fillAttendance({ ...parts, cloud, dir: rows });
  progress("starting the API, which reads about the people");
  await using api = await startCloudProcess(config, ["--role", "api", "--instance", INSTANCE]);
  await caughtUp(api, config.key);
  await registerGateways(api);
  const client = createClient(api.port, { key: config.key, connections: CONNECTIONS });
  await using files = openFiles(rows);
  const forMs = Math.max(SHORTEST_MS, ROUND_MS * Math.min(1, scale));
  const measuring = { client, files, connections: CONNECTIONS, forMs };
  const figures: Record<string, number> = { people: company.people, days: company.days.length };
  const claims: Claim[] = [];
  const questions = questionsOf({ ...parts, files });
  for (const name of QUESTIONS) {
    progress(`asking for ${name}`);
    const measured = await measure(name, questions[name], measuring);
    Object.assign(figures, measured.figures);
    claims.push(...shareClaims(name, measured));
  }
  progress("asking for people with their month");
  const graphql = await measureGraphql({ ...measuring, company });
  Object.assign(figures, graphql.figures);
  client.close();
  return {
    name: "api",
    claims: [...claims, graphqlClaim(graphql.timeToPages)],
    figures: {
      punches: filled.punches,
      workdays: filled.workdays,
      fileMiB: filled.bytes / 1024 ** 2,
      fillSeconds: filled.seconds,
      ...figures,
    },
  };
}

/** Until every read model has all that is stored; what they do meanwhile would be measured too. */
async function caughtUp(api: CloudProcess, key: string): Promise<void> {
  await eventually(async () => (await api.call("GET", "/readyz")).status === 200, {
    what: "the API to be ready",
    timeoutMs: CATCH_UP_MS,
    everyMs: 250,
  });
  const headers = { authorization: `Bearer ${key}`, prefer: "wait=10" };
  const url = `http://127.0.0.1:${api.port}/api/v1/employees?limit=1`;
  const isUpToDate = async (): Promise<boolean> => {
    const answer = await fetch(url, { headers });
    return answer.status === 200 && answer.headers.has("preference-applied");
  };
  await eventually(isUpToDate, {
    what: "every read model to be up to date",
    timeoutMs: CATCH_UP_MS,
  });
}

async function registerGateways(api: CloudProcess): Promise<void> {
  for (const site of SITES) {
    const record = { publicKey: createNkey().publicKey, name: "Gate", zone: ZONE };
    const answer = await api.call("PUT", `/api/v1/gateways/${site}/${gatewayOf(site)}`, record);
    if (answer.status !== 201) throw new Error(`${site}: ${await answer.text()}`);
  }
}

function shareClaims(name: keyof Questions, { rateToDirect, rateToSql }: Measured): Claim[] {
  const { direct, sql } = LEAST_SHARES[name];
  const what = `${name}: requests a second to`;
  return [
    atLeast(direct, `${what} calls a second of the functions behind the route`, rateToDirect),
    ...(sql === undefined || rateToSql === undefined
      ? []
      : [atLeast(sql, `${what} the same SQL straight on the file`, rateToSql)]),
  ];
}

const atLeast = (bound: number, claim: string, measured: number): Claim => ({
  claim: `${claim}, at least`,
  measured,
  bound,
  holds: measured >= bound,
});

const graphqlClaim = (measured: number): Claim => ({
  claim: "GraphQL: people with their month to as many rows by pages of the API, at most",
  measured,
  bound: MOST_TIME_OF_PAGES,
  holds: measured <= MOST_TIME_OF_PAGES,
});

import type { NatsConnection } from "nats";
import { daysBefore, pretendGateway } from "../support/attendance-world.ts";
import type { CloudProcess } from "../support/cloud.ts";
import { eventually } from "../support/eventually.ts";
import type { Site } from "../support/nats.ts";
import type { PretendedGateway } from "../support/pretended-gateway.ts";

export interface FeedOptions {
  readonly site: Site;
  readonly nc: NatsConnection;
  readonly cloud: CloudProcess;
  readonly seed: number;
  readonly people: number;
  readonly days: number;
}

/** The same numbers from the same seed (mulberry32). */
function numbersFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * A few weeks of a company, through the doors everybody uses: people entered, changed and let go over HTTP, and segments of
 * punches from a gateway, in pieces, twice, and some before their badge has an owner.
 */
export async function feed(options: FeedOptions): Promise<void> {
  const { site, nc, cloud, people } = options;
  const number = numbersFrom(options.seed);
  const gateway = pretendGateway(site, nc, { name: "gw1", epoch: "epoch00001" });
  await gateway.register();
  const names = Array.from({ length: people }, (_, index) => `p-${index}`);
  for (const [index, name] of names.entries()) {
    await hire(cloud, name, index);
    // Every fifth has punched before anybody enters whose badge it is.
    if (index % 5 > 0) await assign(cloud, name);
  }
  const rows = punchDays(gateway, names, { days: options.days, number });
  await publishInPieces(gateway, rows, number);
  for (const [index, name] of names.entries()) {
    if (index % 5 === 0) await assign(cloud, name);
    if (index % 7 === 0)
      await change(cloud, name, { jobTitle: "Foreman", siteIds: ["hq", "annex"] });
  }
  await withdraw(cloud, names.at(-1) ?? "");
}

async function hire(cloud: CloudProcess, employeeId: string, index: number): Promise<void> {
  const response = await cloud.call("POST", "/api/v1/employees", {
    employeeId,
    email: `${employeeId}@example.org`,
    firstName: `First ${index}`,
    lastName: `Last ${index % 11}`,
    departmentId: index % 2 === 0 ? "assembly" : "stores",
    jobTitle: "Fitter",
    startDate: "2026-01-01",
    employmentType: "full-time",
    siteIds: ["hq"],
  });
  if (response.status !== 201) throw new Error(await response.text());
}

async function assign(cloud: CloudProcess, employeeId: string): Promise<void> {
  const response = await cloud.call("POST", `/api/v1/employees/${employeeId}/badges`, {
    badge: `number-${employeeId}`,
    validFrom: "2026-01-01T00:00:00Z",
  });
  if (!response.ok) throw new Error(await response.text());
}

async function withdraw(cloud: CloudProcess, employeeId: string): Promise<void> {
  const path = `/api/v1/employees/${employeeId}/badges/number-${employeeId}/withdraw`;
  const response = await cloud.call("POST", path, { reason: "lost" });
  if (!response.ok) throw new Error(await response.text());
}

async function change(cloud: CloudProcess, employeeId: string, to: object): Promise<void> {
  const path = `/api/v1/employees/${employeeId}`;
  const read = await cloud.call("GET", path);
  const etag = read.headers.get("etag") ?? "";
  const response = await cloud.call("PATCH", path, to, etag);
  if (!response.ok) throw new Error(await response.text());
}

/** The number of rows in the gateway's journal afterwards. */
function punchDays(
  gateway: PretendedGateway,
  names: readonly string[],
  { days, number }: { readonly days: number; readonly number: () => number },
): number {
  let rows = 0;
  const minute = (hour: number): string =>
    `${String(hour).padStart(2, "0")}:${String(Math.floor(number() * 60)).padStart(2, "0")}`;
  for (let day = days; day >= 1; day -= 1) {
    for (const name of names) {
      if (number() < 0.1) continue; // away
      const hours = number() < 0.8 ? [7, 12, 13, 16] : [8, 17];
      for (const hour of hours) {
        if (number() < 0.03) continue; // forgotten
        gateway.punch(`number-${name}`, `${daysBefore(day)}T${minute(hour)}`);
        rows += 1;
      }
    }
  }
  return rows;
}

async function publishInPieces(
  gateway: PretendedGateway,
  rows: number,
  number: () => number,
): Promise<void> {
  for (let first = 1; first <= rows; ) {
    const last = Math.min(rows, first + 5 + Math.floor(number() * 60));
    await gateway.publish(gateway.segment(first, last));
    if (number() < 0.1) await gateway.publish(gateway.segment(first, last), "resent");
    first = last + 1;
  }
}

/** Until every consumer and every projection has worked through what there is, and nothing new comes of it. */
export async function untilQuiet(cloud: CloudProcess): Promise<void> {
  let before = "";
  let quietTurns = 0;
  await eventually(
    async () => {
      const metrics = await (await cloud.call("GET", "/metrics")).text();
      const lines = metrics.split("\n");
      const of = (name: string): string[] => lines.filter((line) => line.startsWith(name));
      const waiting = [
        ...of("clockleaf_consumer_pending_messages{"),
        ...of("clockleaf_projection_lag_events{"),
      ].filter((line) => !line.endsWith(" 0"));
      const now = [
        ...of("clockleaf_projection_position{"),
        ...of("clockleaf_consumer_handled_total{"),
      ].join("\n");
      quietTurns = waiting.length === 0 && now === before ? quietTurns + 1 : 0;
      before = now;
      return quietTurns >= QUIET_TURNS;
    },
    { what: "the cloud to have worked through everything", timeoutMs: 300_000 },
  );
}

/** Looks in a row, some 10 ms apart and more on a busy machine. */
const QUIET_TURNS = 100;

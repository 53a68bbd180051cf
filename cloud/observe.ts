import type { NatsConnection } from "nats";
import type { HealthCheck } from "./api/health.ts";
import type { RecalculationStats } from "./attendance/recalculation.ts";
import type { FeedStatus } from "./bridges/feed-status.ts";
import type { ConsumerRunner, ConsumerStats } from "./eventing/consumer-runner.ts";
import type { LeasesStatus, RunningLeases } from "./eventing/leases.ts";
import type { ProjectionRunner, ProjectionStatus } from "./eventing/projection.ts";
import type { FollowStatus } from "./identity/accounts/follow.ts";
import type { Metrics, Sample } from "./metrics.ts";
import type { Parts } from "./parts.ts";
import type { EndpointStats, WebhooksStats, WebhookTotals } from "./webhooks/stats.ts";

/** How far the process has come; `/readyz` and `/metrics` look at it. */
export interface State {
  nc: NatsConnection | undefined;
  isConnected: boolean;
  parts: Parts | undefined;
  /** What start-up hangs on, for people. */
  waitingFor: string;
}

/** More events than this behind and a read model is no longer what one would call current. */
const MAX_LAG = 1_000;

/** Everything that must be right before this process is of use. */
export function checksOf(state: State): readonly HealthCheck[] {
  const { isConnected, parts, waitingFor } = state;
  return [
    { name: "nats", isOk: isConnected, detail: isConnected ? "connected" : "not connected" },
    parts === undefined
      ? { name: "start", isOk: false, detail: `waiting: ${waitingFor}` }
      : { name: "start", isOk: true, detail: "done" },
    ...(parts?.leases === undefined ? [] : [leasesCheck(parts.leases)]),
    ...(parts === undefined ? [] : [accountsCheck(parts.identity.status())]),
    ...(parts?.projections ?? []).map(projectionCheck),
    ...(parts?.consumers ?? []).map(consumerCheck),
    ...(parts?.bridges?.statuses() ?? []).map(bridgeCheck),
  ];
}

function leasesCheck(leases: RunningLeases): HealthCheck {
  const { isInTouch, members, held, orphans } = leases.status();
  const fault = orphans.length === 0 ? "" : `, held by nobody: ${orphans.join(", ")}`;
  const state = isInTouch ? `${held.length} held, ${members} processes` : "bucket not reached";
  return { name: "leases", isOk: isInTouch && orphans.length === 0, detail: `${state}${fault}` };
}

function accountsCheck({ isRunning, position, faultsTotal }: FollowStatus): HealthCheck {
  const fault = faultsTotal === 0 ? "" : `, ${faultsTotal} events unreadable`;
  return {
    name: "accounts",
    isOk: isRunning,
    detail: `${runs(isRunning)}, at ${position}${fault}`,
  };
}

function projectionCheck(projection: ProjectionRunner): HealthCheck {
  const { name, isRunning, lag, position, rebuild, lastErrorCode } = projection.status();
  const isCurrent = isRunning && lag <= MAX_LAG && lastErrorCode === undefined;
  // While rows are built again the ones from before answer.
  const isOk = isCurrent || (rebuild !== undefined && lastErrorCode === undefined);
  const building = rebuild === undefined ? "" : `, rebuilding, ${rebuild.pending} events to go`;
  const fault = lastErrorCode === undefined ? "" : `, ${lastErrorCode}`;
  const detail = `${runs(isRunning)}, at ${position}, lag ${lag}${building}${fault}`;
  return { name: `projection ${name}`, isOk, detail };
}

function consumerCheck(consumer: ConsumerRunner): HealthCheck {
  const { durable, isRunning, lastSeq, pending, stuckOn, parts, partsHeld } = consumer.stats();
  const fault = stuckOn === undefined ? "" : `, retrying after ${stuckOn}`;
  const share = partsHeld < parts ? `, ${partsHeld} of ${parts} parts here` : "";
  const detail = `${runs(isRunning)}, at ${lastSeq}, pending ${pending}${share}${fault}`;
  return { name: `consumer ${durable}`, isOk: isRunning && stuckOn === undefined, detail };
}

/** Told, but never a reason to take this process out of service: it does its other work. Alarms watch `clockleaf_bridge_halted`. */
function bridgeCheck({ destination, feed, state, position, lag, error }: FeedStatus): HealthCheck {
  const fault = error === undefined ? "" : `, ${error.code}: ${error.message}`;
  const detail = `${state}, at ${position}, lag ${lag}${fault}`;
  return { name: `bridge ${destination} ${feed}`, isOk: true, detail };
}

const runs = (isRunning: boolean): string => (isRunning ? "running" : "not running");

/** Registers what `/metrics` shows of the running parts. No label names a person. */
export function measure(metrics: Metrics, state: State): void {
  metrics.gauge("clockleaf_nats_connected", "1 while connected to the hub", () =>
    one(state.isConnected ? 1 : 0),
  );
  metrics.gauge("clockleaf_ready", "1 while every readiness check is right", () =>
    one(checksOf(state).every(({ isOk }) => isOk) ? 1 : 0),
  );
  metrics.gauge("clockleaf_live_clients", "Clients following events", () =>
    one(state.parts?.live?.clients ?? 0),
  );
  metrics.total("clockleaf_live_dropped_total", "Clients dropped for taking nothing", () =>
    one(state.parts?.live?.droppedTotal ?? 0),
  );
  measureLeases(metrics, state);
  measureProjections(metrics, state);
  measureConsumers(metrics, state);
  measureRecalculation(metrics, state);
  measureGateways(metrics, state);
  measureBridges(metrics, state);
  measureWebhooks(metrics, state);
}

const one = (value: number): readonly Sample[] => [{ value }];

function measureLeases({ gauge, total }: Metrics, state: State): void {
  const of = (pick: (status: LeasesStatus) => number) => (): readonly Sample[] => {
    const leases = state.parts?.leases;
    return leases === undefined ? [] : one(pick(leases.status()));
  };
  const name = "clockleaf_leases";
  gauge(
    `${name}_held`,
    "Shares of the work and single tasks this process does",
    of(({ held }) => held.length),
  );
  gauge(
    `${name}_orphans`,
    "Those that nobody has done for 10 s, as this process sees it",
    of(({ orphans }) => orphans.length),
  );
  gauge(
    `${name}_members`,
    "Processes that share the work",
    of(({ members }) => members),
  );
  total(
    `${name}_lost_total`,
    "Times one ran out or was taken away",
    of(({ lostTotal }) => lostTotal),
  );
}

function measureProjections({ gauge, total }: Metrics, state: State): void {
  const of = (pick: (status: ProjectionStatus) => number) => (): Sample[] =>
    (state.parts?.projections ?? []).map((projection) => {
      const status = projection.status();
      return { labels: { projection: status.name }, value: pick(status) };
    });
  const name = "clockleaf_projection";
  gauge(
    `${name}_lag_events`,
    "Events stored, not applied yet",
    of((status) => status.lag),
  );
  gauge(
    `${name}_position`,
    "Stream sequence applied last",
    of((status) => status.position),
  );
  gauge(
    `${name}_rebuild_pending_events`,
    "Events that rows being built again have yet to see; 0 while none are",
    of((status) => status.rebuild?.pending ?? 0),
  );
  total(
    `${name}_rebuilds_total`,
    "Times rows built again took the place of others",
    of((status) => status.rebuildsTotal),
  );
  total(
    `${name}_faults_total`,
    "Events passed over as unreadable",
    of((status) => status.faultsTotal),
  );
  total(
    `${name}_restarts_total`,
    "Times it had to start again",
    of((status) => status.restartsTotal),
  );
}

function measureConsumers({ gauge, total }: Metrics, state: State): void {
  const of = (pick: (stats: ConsumerStats) => number) => (): Sample[] =>
    (state.parts?.consumers ?? []).map((consumer) => {
      const stats = consumer.stats();
      return { labels: { consumer: stats.durable }, value: pick(stats) };
    });
  const name = "clockleaf_consumer";
  gauge(
    `${name}_pending_messages`,
    "Messages behind the last one",
    of((stats) => stats.pending),
  );
  total(
    `${name}_handled_total`,
    "Messages handled",
    of((stats) => stats.handledTotal),
  );
  total(
    `${name}_retries_total`,
    "Messages tried again",
    of((stats) => stats.retriesTotal),
  );
  total(
    `${name}_dead_letters_total`,
    "Messages given up on",
    of((stats) => stats.deadLettersTotal),
  );
}

function measureRecalculation({ gauge, total }: Metrics, state: State): void {
  const of = (pick: (stats: RecalculationStats) => number) => (): readonly Sample[] => {
    const recalculation = state.parts?.recalculation;
    return recalculation === undefined ? [] : one(pick(recalculation.stats()));
  };
  const name = "clockleaf_recalculation";
  gauge(
    `${name}_people_left`,
    "People whose days wait to be brought to changed rules",
    of((stats) => stats.peopleLeft),
  );
  total(
    `${name}_people_total`,
    "People whose days were brought to changed rules",
    of((stats) => stats.peopleTotal),
  );
  total(
    `${name}_days_total`,
    "Days told again because rules changed",
    of((stats) => stats.daysTotal),
  );
  total(
    `${name}_faults_total`,
    "People passed over until the next start",
    of((stats) => stats.faultsTotal),
  );
}

function measureBridges({ gauge, total }: Metrics, state: State): void {
  const of = (pick: (status: FeedStatus) => number) => (): Sample[] =>
    (state.parts?.bridges?.statuses() ?? []).map((status) => {
      const { destination, feed } = status;
      return { labels: { destination, feed }, value: pick(status) };
    });
  const name = "clockleaf_bridge";
  gauge(
    `${name}_lag_events`,
    "Events stored, not at the destination yet",
    of(({ lag }) => lag),
  );
  gauge(
    `${name}_position`,
    "Stream sequence up to which the destination has everything",
    of(({ position }) => position),
  );
  gauge(
    `${name}_halted`,
    "1 while a feed waits for a person's decision",
    of((status) => (status.state === "halted" ? 1 : 0)),
  );
  gauge(
    `${name}_batch_events`,
    "Size of the last batch",
    of(({ batchRecords }) => batchRecords),
  );
  gauge(
    `${name}_batch_seconds`,
    "Time the last batch took",
    of(({ batchMs }) => batchMs / 1000),
  );
  total(
    `${name}_events_total`,
    "Events stored at the destination",
    of(({ recordsTotal }) => recordsTotal),
  );
  total(
    `${name}_batches_total`,
    "Batches stored at the destination",
    of(({ batchesTotal }) => batchesTotal),
  );
  total(
    `${name}_restarts_total`,
    "Times the destination was opened anew after a failure",
    of(({ restartsTotal }) => restartsTotal),
  );
  total(
    `${name}_fenced_total`,
    "Times another writer had taken over",
    of(({ fencedTotal }) => fencedTotal),
  );
  total(
    `${name}_dead_letters_total`,
    "Events that no destination could take",
    of(({ deadLettersTotal }) => deadLettersTotal),
  );
}

function measureWebhooks({ gauge, total }: Metrics, state: State): void {
  const stats = (): WebhooksStats | undefined => state.parts?.webhooks.stats();
  const of = (pick: (each: EndpointStats) => number) => (): Sample[] =>
    (stats()?.endpoints ?? []).map((each) => ({
      labels: { webhook: each.webhookId },
      value: pick(each),
    }));
  const name = "clockleaf_webhooks";
  gauge(
    `${name}_waiting_deliveries`,
    "Deliveries that wait for another try",
    of(({ waiting }) => waiting),
  );
  gauge(
    `${name}_lag_events`,
    "Events of the streams that an endpoint follows, not looked at yet",
    of(({ lag }) => lag),
  );
  gauge(
    `${name}_down`,
    "1 while an endpoint takes nothing",
    of(({ isDown }) => (isDown ? 1 : 0)),
  );
  total(`${name}_attempts_total`, "Tries to deliver, by what came of them", () =>
    [...(stats()?.totals.attempts ?? [])].map(([result, value]) => ({ labels: { result }, value })),
  );
  const counted = (pick: (totals: WebhookTotals) => number) => (): readonly Sample[] => {
    const known = stats();
    return known === undefined ? [] : one(pick(known.totals));
  };
  total(
    `${name}_failed_total`,
    "Deliveries that failed for good",
    counted(({ failed }) => failed),
  );
  total(
    `${name}_disabled_total`,
    "Endpoints switched off for what they answered",
    counted(({ disabled }) => disabled),
  );
  total(
    `${name}_unreadable_total`,
    "Events that could not be read and became dead letters",
    counted(({ unreadable }) => unreadable),
  );
}

type Heard = ReturnType<NonNullable<Parts["heartbeats"]>["all"]>[number];

function measureGateways({ gauge }: Metrics, state: State): void {
  const of = (pick: (seen: Heard) => number) => (): Sample[] =>
    (state.parts?.heartbeats?.all() ?? []).map((seen) => {
      const { site, gateway } = seen.address;
      return { labels: { site, gateway }, value: pick(seen) };
    });
  const name = "clockleaf_gateway";
  gauge(
    `${name}_last_seen_timestamp_seconds`,
    "When the newest heartbeat arrived",
    of(({ receivedAtMs }) => receivedAtMs / 1000),
  );
  gauge(
    `${name}_backlog_rows`,
    "Journal rows not acknowledged by the hub",
    of(({ heartbeat }) => Math.max(0, heartbeat.lastRow - heartbeat.deliveredRow)),
  );
}

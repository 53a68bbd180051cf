import { setTimeout as sleep } from "node:timers/promises";
import { codeOf, isRetriable, PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import { connectNats } from "@clockleaf/shared/lib/nats-connection.ts";
import { backoffMs } from "@clockleaf/shared/lib/retry.ts";
import type { Shutdown } from "@clockleaf/shared/lib/shutdown.ts";
import { CLOUD_INBOX } from "@clockleaf/shared/subjects.ts";
import { JetStreamApiError } from "@nats-io/jetstream";
import type { NatsConnection } from "nats";
import { createApiApp } from "./api/app.ts";
import { createKeyring, createSessions } from "./api/auth.ts";
import type { Conventions } from "./api/conventions.ts";
import { createFailures } from "./api/failures.ts";
import { listen } from "./api/http-server.ts";
import type { Fetch } from "./api/in-process.ts";
import type { LoginFailure, PrincipalSource } from "./api/principals.ts";
import { type ApiRouter, newRouter } from "./api/router.ts";
import type { CloudConfig, Role } from "./config.ts";
import { createGraphql } from "./graphql/graphql.ts";
import { type Access, accessToNobody } from "./identity/access.ts";
import { createLoginRoutes } from "./identity/login/routes.ts";
import { createSetupRoutes } from "./identity/setup/routes.ts";
import { createMetrics, type Metrics } from "./metrics.ts";
import { checksOf, measure, type State } from "./observe.ts";
import { openParts, type Parts } from "./parts.ts";
import { startGrpcServer } from "./rpc/grpc-server.ts";
import { createRpcFetch } from "./rpc/rpc.ts";

export interface CloudOptions {
  readonly config: CloudConfig;
  readonly role: Role;
  /** Name of this process among those of its role; a folder of read models is named after it. */
  readonly instance: string;
  readonly log: Log;
  readonly nowMs: () => number;
  readonly shutdown: Shutdown;
}

export interface RunningCloud {
  /** Where HTTP is served. */
  readonly port: number;
  /** Where native gRPC is served, if anywhere. */
  readonly grpcPort: number | undefined;
  /** Resolves once everything runs; rejects if it never can (a server too old, a topology it does not keep). */
  readonly ready: Promise<void>;
}

const RETRY = { firstMs: 250, maxMs: 5_000, jitter: 0.3 };

/**
 * Starts the cloud: HTTP at once, so that health can be asked for while the hub is still away; then, in the
 * background and as often as it takes, the connection, the streams and the contexts. Everything is stopped by
 * `shutdown`. Throws `port.unavailable` and nothing else.
 */
export async function startCloud(options: CloudOptions): Promise<RunningCloud> {
  const { config, log, shutdown, nowMs } = options;
  const metrics = createMetrics();
  const state: State = {
    nc: undefined,
    isConnected: false,
    parts: undefined,
    waitingFor: "the hub",
  };
  // The other faces call the API as it is at the moment of the call: until the hub is reached it says "later".
  const api: Fetch = (request) => current.fetch(request);
  const app = (served: Served): ApiRouter => createApiApp({ ...shared, ...served });
  const shared = {
    log,
    metrics,
    keyring: createKeyring(config.apiKeys),
    sessions: createSessions(nowMs),
    failures: createFailures(config.identity.failedLogins, nowMs),
    onFailure: countedFailures(metrics, log),
    trustedProxies: config.http.trustedProxies,
    publicUrl: config.http.publicUrl,
    checks: () => checksOf(state),
    startedAtMs: nowMs(),
    isSecure: config.http.isBehindTls,
    areMetricsOpen: config.http.metrics === "open",
    graphql: createGraphql({ api, log }),
    corsOrigins: config.http.corsOrigins,
  };
  measure(metrics, state);
  const discarded = metrics.counter(
    "clockleaf_heartbeats_discarded_total",
    "Heartbeats of gateways that were not taken",
    ["reason"],
  );

  const access = accessToNobody();
  let current = app({ contexts: [startingRoutes()], access, sources: [knowsNobodyYet] });
  const rpc = { api, checks: shared.checks };
  const rpcFetch = createRpcFetch(rpc);
  const server = await listen({
    ...config.http,
    fetch: (request, env) => rpcFetch(request) ?? current.fetch(request, env),
  });
  const grpc = config.http.grpc && (await startGrpcServer(config.http.grpc, rpc));
  // Steps run in reverse: streams of events end first (they hang on the signal), then the parts, the link, and HTTP.
  shutdown.onStop("http", () => server.close());
  log.info({ host: config.http.host, port: server.port }, "listening");
  if (grpc !== undefined) {
    shutdown.onStop("grpc", () => grpc.close());
    log.info({ host: config.http.grpc?.host, port: grpc.port }, "listening for gRPC");
  }

  const onHeartbeatDiscarded = (reason: string): void => discarded.inc({ reason });
  const ready = bringUp(options, { state, onHeartbeatDiscarded }).then((parts) => {
    const { identity, routers, conventions, access: rights } = parts;
    const entrances = [createLoginRoutes(identity.login), createSetupRoutes(identity.setup)];
    const { sources } = identity;
    current = app({ contexts: routers, access: rights, sources, entrances, conventions });
    log.info({ role: options.role, instance: options.instance }, "ready");
    if (options.role !== "consumers") void identity.tellSetup();
  });
  return { port: server.port, grpcPort: grpc?.port, ready };
}

interface Served {
  readonly contexts: readonly ApiRouter[];
  readonly access: Access;
  readonly sources: readonly PrincipalSource[];
  readonly entrances?: readonly ApiRouter[];
  readonly conventions?: Conventions | undefined;
}

/** Until accounts and issued keys are read, a key that is not in the configuration may be valid all the same. */
const knowsNobodyYet: PrincipalSource = {
  principalOf() {
    throw starting();
  },
};

/** Who guesses is seen: in the log, without what was guessed, and as a number. */
function countedFailures(metrics: Metrics, log: Log): (failure: LoginFailure) => void {
  const total = metrics.counter(
    "clockleaf_failed_logins_total",
    "Logins that failed, and those not looked at for that",
    ["outcome"],
  );
  return ({ kind, address, account, isRefused }) => {
    total.inc({ outcome: isRefused ? "refused" : "failed" });
    if (!isRefused) log.warn({ kind, address, account }, "login failed");
  };
}

interface Start {
  readonly state: State;
  readonly onHeartbeatDiscarded: (reason: string) => void;
}

async function bringUp(
  options: CloudOptions,
  { state, onHeartbeatDiscarded }: Start,
): Promise<Parts> {
  const { config, log, instance, shutdown } = options;
  const connecting = connectNats({
    servers: config.nats.servers,
    ...(config.nats.seedFile === undefined ? {} : { seedFile: config.nats.seedFile }),
    name: `clockleaf-cloud-${instance}`,
    inboxPrefix: CLOUD_INBOX,
    log,
    onConnected: () => {
      state.isConnected = true;
    },
    onDisconnected: () => {
      state.isConnected = false;
    },
  });
  shutdown.onStop("nats", () => closeWhenever(connecting, state));
  const nc = await connecting;
  state.nc = nc;
  for (let attempt = 0; ; attempt += 1) {
    shutdown.signal.throwIfAborted();
    try {
      const parts = await openParts({
        ...options,
        nc,
        onHeartbeatDiscarded,
        signal: shutdown.signal,
      });
      state.parts = parts;
      shutdown.onStop("parts", () => parts.close());
      return parts;
    } catch (error) {
      if (!mayPass(error)) throw error;
      state.waitingFor = error instanceof Error ? error.message : "the streams";
      log.warn({ err: error, code: codeOf(error) }, "not started yet, trying again");
    }
    await sleep(backoffMs(attempt, RETRY, Math.random()), undefined, { signal: shutdown.signal });
  }
}

/** The link is up, or still being dialled for the first time: then whoever dials is left to notice by itself. */
async function closeWhenever(connecting: Promise<NatsConnection>, state: State): Promise<void> {
  if (state.nc === undefined) void connecting.then((nc) => nc.close()).catch(() => undefined);
  else await state.nc.close();
}

/** Whether start-up may succeed later: a hub not ready yet, or streams that another process is about to make. */
const mayPass = (error: unknown): boolean =>
  isRetriable(error) || error instanceof JetStreamApiError;

/** Until the contexts are there, all of the API says "later". */
function startingRoutes(): ApiRouter {
  const router = newRouter();
  router.all("/*", () => {
    throw starting();
  });
  return router;
}

const starting = (): PlatformError =>
  new PlatformError("stream.not-connected", "starting: the hub is not reached yet", {
    retriable: true,
  });

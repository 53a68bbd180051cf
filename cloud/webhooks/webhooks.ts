import { SHARES, STREAMS } from "@clockleaf/shared/subjects.ts";
import { readToTheEnd } from "../eventing/caught-up.ts";
import { causeOfTimer } from "../eventing/cause.ts";
import type { ContextOptions, RunningContext } from "../eventing/context.ts";
import { isRefusal } from "../eventing/decider.ts";
import type { Tenure } from "../eventing/leases.ts";
import { createProjectionRunner } from "../eventing/projection-runner.ts";
import { openReadModel } from "../eventing/read-model.ts";
import { runWhileLeased } from "../eventing/run-while-leased.ts";
import { createWebhookCommands, SOURCE } from "./commands.ts";
import type { WebhooksConfig } from "./config.ts";
import type { Endpoint } from "./decider.ts";
import { openDeliveryLog } from "./delivery-log.ts";
import { createEndpointRunner, type EndpointRunner } from "./endpoint-runner.ts";
import { openEntries } from "./entries.ts";
import { webhooksProjection } from "./projection.ts";
import type { WebhookRoutesDeps } from "./routes.ts";
import { createSecrets } from "./secrets.ts";
import { createSender, type Sender } from "./sender.ts";
import { runShare, type ShareRunner } from "./share-runner.ts";
import { createCounters, type WebhooksStats } from "./stats.ts";

export interface WebhooksOptions extends ContextOptions {
  readonly config: WebhooksConfig;
  /** How often it is looked whether endpoints have changed; 500 ms unless told. */
  readonly lookEveryMs?: number;
}

export interface WebhooksContext extends RunningContext {
  /** What `createWebhookRoutes` needs. */
  readonly routes: WebhookRoutesDeps;
  stats(): WebhooksStats;
}

const LOOK_EVERY_MS = 500;

/** Starts the whole context: which endpoints there are, and what goes to them from whichever process holds their share. */
export async function startWebhooks(options: WebhooksOptions): Promise<WebhooksContext> {
  const { nc, eventStore, tenant, dataDir, config, vault, leases, nowMs, log } = options;
  const model = await openReadModel(dataDir, webhooksProjection(tenant));
  const projection = createProjectionRunner({ nc, model, log });
  projection.start();
  const commands = createWebhookCommands(eventStore, tenant);
  const entries = openEntries(nc, tenant);
  const secrets = createSecrets({ vault, entries, tenant });
  const counters = createCounters();
  const opening = config.personal === "clear" ? vault : undefined;
  const senderOf = (endpoint: Endpoint): Sender =>
    createSender({ nc, secrets, vault: opening, config, nowMs }, endpoint);
  const create = (endpoint: Endpoint, tenure: Tenure): EndpointRunner => {
    const { webhookId } = endpoint;
    return createEndpointRunner({
      ...options,
      vault: opening,
      log: log.child({ webhook: webhookId }),
      endpoint,
      entries,
      sender: senderOf(endpoint),
      counters,
      tenure,
      async disable(because, failingSince) {
        const at = nowMs();
        const cause = causeOfTimer(SOURCE, at, { name: `webhook-${webhookId}`, dueAtMs: at });
        const of = { because, failingSince, ofEnabledAtMs: endpoint.enabledAtMs };
        const command = { type: "disable", ...of, by: null, at } as const;
        const outcome = await commands.handle(webhookId, command, cause);
        if (isRefusal(outcome) || outcome.events.length === 0) return;
        counters.count("disabled");
        log.error({ webhook: webhookId, because }, "webhook switched off");
      },
    });
  };
  const shares = new Set<ShareRunner>();
  const lookEveryMs = options.lookEveryMs ?? LOOK_EVERY_MS;
  const startShare = (share: number, tenure: Tenure): ShareRunner => {
    const part = { tenant, share, db: model.db, create, entries, lookEveryMs, log };
    const runner = runShare(part, tenure);
    shares.add(runner);
    return {
      runners: () => runner.runners(),
      async close() {
        await runner.close();
        shares.delete(runner);
      },
    };
  };
  const runs = options.isWorking
    ? Array.from({ length: SHARES }, (_, share) =>
        runWhileLeased(leases.share(share), log, (tenure) => startShare(share, tenure)),
      )
    : [];
  const runners = (): EndpointRunner[] => [...shares].flatMap((share) => share.runners());
  return {
    routes: {
      nc,
      commands,
      db: model.db,
      entries,
      secrets,
      config,
      deliveries: openDeliveryLog(nc, tenant),
      senderOf,
      readToTheEnd: () => readToTheEnd(nc, STREAMS.webhook, projection),
      waitFor: (seq, timeoutMs) => projection.waitFor(seq, timeoutMs),
      nowMs,
    },
    projections: [projection],
    consumers: [],
    stats: () => ({
      endpoints: runners().map((runner) => runner.stats()),
      totals: counters.totals,
    }),
    async close() {
      await Promise.all([...runs, projection].map((each) => each.close()));
      await model.close();
    },
  };
}

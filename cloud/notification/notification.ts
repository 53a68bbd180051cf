import { readFileSync } from "node:fs";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { STREAMS } from "@clockleaf/shared/subjects.ts";
import { readToTheEnd } from "../eventing/caught-up.ts";
import type { ConsumerRunner } from "../eventing/consumer-runner.ts";
import type { ContextOptions, RunningContext } from "../eventing/context.ts";
import { createLeasedConsumer } from "../eventing/leased-consumer.ts";
import { createProjectionRunner } from "../eventing/projection-runner.ts";
import { createReaction } from "../eventing/reaction.ts";
import { openReadModel } from "../eventing/read-model.ts";
import type { RabbitServerConfig } from "../rabbitmq/config.ts";
import type { OutgoingChannel } from "./channels/channel.ts";
import { createEmailChannel } from "./channels/email.ts";
import { createSmsChannel } from "./channels/sms.ts";
import { createWebhookChannel } from "./channels/webhook.ts";
import { createNotificationCommands } from "./commands.ts";
import type { NotificationConfig } from "./config.ts";
import { openTaskQueue } from "./open-task-queue.ts";
import { readOwnTemplates } from "./own-templates.ts";
import { peopleProjection, personOf } from "./people-projection.ts";
import { configuredChannels, createPlanner } from "./planner.ts";
import { notificationProjection } from "./projection.ts";
import { createDeadLetterAlarm, DEAD_LETTERS, notificationReactions } from "./reactions.ts";
import { createRenderer } from "./render.ts";
import type { NotificationRoutesDeps } from "./routes.ts";
import { createRescue } from "./tasks.ts";
import { createWorker, type WorkerDeps } from "./worker.ts";

export interface NotificationOptions extends ContextOptions {
  readonly config: NotificationConfig;
  /** For the queue `rabbitmq`. */
  readonly rabbitmq?: RabbitServerConfig;
  /** Whose API keys have the role. */
  readonly employeesOfRole: (role: string) => readonly string[];
  /** How often what is due is looked for; 5 s unless told. */
  readonly rescueEveryMs?: number;
  /** After how long another worker gets the task of a dead one, where the queue is in NATS; 6 s unless told. */
  readonly ackWaitMs?: number;
}

export interface NotificationContext extends RunningContext {
  /** What `createNotificationRoutes` needs. */
  readonly routes: NotificationRoutesDeps;
}

const RESCUE_EVERY_MS = 5_000;

/** Starts the whole context: read models, who is told what, and the workers that send. It then keeps itself running. */
export async function startNotification(
  options: NotificationOptions,
): Promise<NotificationContext> {
  const { nc, eventStore, vault, tenant, dataDir, nowMs, log, config } = options;
  const renderer = createRenderer(readOwnTemplates(config.templateDir), config.defaultLocale);
  const model = await openReadModel(dataDir, notificationProjection(tenant));
  const peopleModel = await openReadModel(dataDir, peopleProjection(tenant));
  const projection = createProjectionRunner({ nc, model, log });
  const people = createProjectionRunner({ nc, model: peopleModel, log, vault });
  projection.start();
  people.start();
  const commands = createNotificationCommands(eventStore, tenant);
  const queue = openTaskQueue({ ...options, queue: config.queue });
  const deps = {
    ...options,
    commands,
    renderer,
    queue,
    async personOf(employeeId: string) {
      await readToTheEnd(nc, STREAMS.employee, people);
      return await personOf(peopleModel.db, employeeId);
    },
  };
  // Twice what a try may take: nobody may take a living worker for a dead one.
  const staleAfterMs = 2 * config.sendTimeout * 1000;
  const channels = options.isWorking ? openChannels(deps) : [];
  const consumers = options.isWorking ? workingParts({ ...deps, staleAfterMs }, channels) : [];
  const everyMs = options.rescueEveryMs ?? RESCUE_EVERY_MS;
  const names = channels.map(({ name }) => name);
  const due = { db: model.db, queue, channels: names, staleAfterMs, everyMs };
  const rescue = createRescue({ ...options, ...due });
  for (const consumer of consumers) consumer.start();
  if (options.isWorking) rescue.start();
  return {
    routes: {
      commands,
      db: model.db,
      renderer,
      config,
      waitFor: (seq, timeoutMs) => projection.waitFor(seq, timeoutMs),
      personOf: (employeeId) => personOf(peopleModel.db, employeeId),
      isEmployee: async (employeeId) => (await deps.personOf(employeeId)) !== undefined,
      nowMs,
    },
    projections: [projection, people],
    consumers,
    async close() {
      await rescue.close();
      await Promise.all([...consumers, projection, people].map((runner) => runner.close()));
      await queue.close();
      await Promise.all([model.close(), peopleModel.close()]);
    },
  };
}

type WorkingDeps = NotificationOptions & Omit<WorkerDeps, "channel" | "workers">;

function workingParts(deps: WorkingDeps, channels: readonly OutgoingChannel[]): ConsumerRunner[] {
  const { config } = deps;
  const configured = configuredChannels(config);
  const planner = createPlanner({ ...deps, isConfigured: (channel) => configured.has(channel) });
  const reacting = { ...deps, planner, webhooks: config.webhooks };
  const { log, leases } = deps;
  // Without the vault: whom a message is for is looked up when it is sent.
  const { vault: _vault, ...sources } = deps;
  const options = { ...sources, context: "notification" };
  const deadLetters = createLeasedConsumer({
    name: DEAD_LETTERS,
    log,
    parts: [
      {
        lease: leases.single(DEAD_LETTERS),
        create: (tenure) => createDeadLetterAlarm({ ...reacting, mayWork: () => tenure.isValid() }),
      },
    ],
  });
  return [
    ...notificationReactions(reacting).map((each) => createReaction(options, each)),
    deadLetters,
    ...channels.map((channel) => createWorker({ ...deps, channel, workers: config.workers })),
  ];
}

/** The ways out that the configuration opens. Throws `config.unreadable` where a secret cannot be read. */
function openChannels({
  config,
  nowMs,
}: Pick<NotificationOptions, "config" | "nowMs">): OutgoingChannel[] {
  const { smtp, sms, webhooks } = config;
  const endpoints = new Map(
    webhooks.map(({ name, url, secretFile }) => [name, { url, secret: readSecret(secretFile) }]),
  );
  return [
    ...(smtp === undefined
      ? []
      : [createEmailChannel(smtp, smtp.passwordFile && readSecret(smtp.passwordFile))]),
    ...(sms === undefined ? [] : [createSmsChannel(sms, readSecret(sms.tokenFile))]),
    ...(endpoints.size === 0 ? [] : [createWebhookChannel(endpoints, nowMs)]),
  ];
}

function readSecret(file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    throw new PlatformError("config.unreadable", `cannot read the secret in ${file}`, {
      cause: error,
    });
  }
}

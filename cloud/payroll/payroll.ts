import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { STREAMS } from "@clockleaf/shared/subjects.ts";
import { jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "nats";
import type { ConsumerRunner } from "../eventing/consumer-runner.ts";
import type { ContextOptions, RunningContext } from "../eventing/context.ts";
import type { Projection, ProjectionRunner } from "../eventing/projection.ts";
import { createProjectionRunner } from "../eventing/projection-runner.ts";
import { createReaction } from "../eventing/reaction.ts";
import { openReadModel } from "../eventing/read-model.ts";
import type { PersonalVault } from "../eventing/vault.ts";
import type { RabbitServerConfig } from "../rabbitmq/config.ts";
import type { DocumentStore } from "../storage/document-store.ts";
import type { PayrollConfig } from "./config.ts";
import { leaveProjection } from "./leave-projection.ts";
import type { PaySources } from "./pay-facts.ts";
import { peopleProjection } from "./people-projection.ts";
import { openProgress } from "./progress.ts";
import { payrollProjection } from "./projection.ts";
import { type CaughtUp, payrollReactions } from "./reactions.ts";
import type { PayrollRoutesDeps } from "./routes.ts";
import { createRunners } from "./runners.ts";
import {
  type SalaryService,
  type SalaryServiceOptions,
  serveSalariesAtNats,
  serveSalariesAtRabbit,
} from "./salary-service.ts";
import { timeProjection } from "./time-projection.ts";

export interface PayrollOptions extends ContextOptions {
  readonly config: PayrollConfig;
  readonly documents: DocumentStore;
  /** For answers at RabbitMQ. */
  readonly rabbitmq?: RabbitServerConfig;
}

export interface PayrollContext extends RunningContext {
  /** What `createPayrollRoutes` needs. */
  readonly routes: PayrollRoutesDeps;
}

/** Starts the whole context: read models of four streams, and all that it does by itself. It then keeps itself running. */
export async function startPayroll(options: PayrollOptions): Promise<PayrollContext> {
  const { nc, tenant, eventStore, config, documents, vault, nowMs, log } = options;
  const people = await follow(options, peopleProjection(tenant), vault);
  const time = await follow(options, timeProjection(tenant));
  const leave = await follow(options, leaveProjection(tenant));
  const pay = await follow(options, payrollProjection(tenant));
  const sources: PaySources = {
    tenant,
    config,
    eventStore,
    pay: pay.db,
    people: people.db,
    time: time.db,
    leave: leave.db,
  };
  const runners = createRunners(eventStore, tenant);
  const progress = await openProgress(nc, tenant);
  const waitFor = (seq: number, timeoutMs: number) => pay.runner.waitFor(seq, timeoutMs);
  const caughtUp = createCaughtUp(nc, {
    people: people.runner,
    time: time.runner,
    leave: leave.runner,
    pay: pay.runner,
  });
  const deps = { sources, runners, documents, progress, waitFor, caughtUp, nowMs, log };
  const consumers: ConsumerRunner[] = [];
  if (options.isWorking) {
    for (const reaction of payrollReactions(deps)) {
      consumers.push(createReaction({ ...options, context: "payroll" }, reaction));
    }
    for (const consumer of consumers) consumer.start();
  }
  const caughtUpWithAll = together(() => caughtUp.everything());
  const asked = { ...options, sources, caughtUp: caughtUpWithAll };
  const services = options.isWorking ? serveSalaries(asked) : [];
  const followers = [people, time, leave, pay];
  return {
    routes: { ...deps, db: pay.db, caughtUpWithAll },
    projections: followers.map(({ runner }) => runner),
    consumers,
    async close() {
      await Promise.all([...services, ...consumers].map((each) => each.close()));
      await Promise.all(followers.map((each) => each.close()));
    },
  };
}

/** Wherever the configuration says that questions are answered. */
function serveSalaries(
  options: PayrollOptions & Pick<SalaryServiceOptions, "sources" | "caughtUp">,
): SalaryService[] {
  const { rabbitmq, config } = options;
  return config.answers.map((where) => {
    if (where === "nats") return serveSalariesAtNats(options);
    if (rabbitmq !== undefined) return serveSalariesAtRabbit({ ...options, config: rabbitmq });
    throw new PlatformError("config.invalid", "payroll.answers: rabbitmq needs bridges.rabbitmq");
  });
}

/** Those that ask while one turn is under way share the next one: each gets a turn that began after it asked. */
function together(work: () => Promise<void>): () => Promise<void> {
  let current: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;
  return async () => {
    next ??= current
      .catch(() => undefined)
      .then(() => {
        next = undefined;
        current = work();
        return current;
      });
    await next;
  };
}

/** With the vault only where names are needed. */
async function follow<DB>(
  { nc, dataDir, log }: PayrollOptions,
  projection: Projection<DB>,
  vault?: PersonalVault,
) {
  const model = await openReadModel(dataDir, projection);
  const runner = createProjectionRunner({
    nc,
    model,
    log,
    ...(vault === undefined ? {} : { vault }),
  });
  runner.start();
  return {
    db: model.db,
    runner,
    async close() {
      await runner.close();
      await model.close();
    },
  };
}

const CATCH_UP_MS = 60_000;
type Followed = "people" | "time" | "leave" | "pay";
const STREAM_OF = {
  people: STREAMS.employee,
  time: STREAMS.attendance,
  leave: STREAMS.leave,
  pay: STREAMS.payroll,
} as const satisfies Record<Followed, string>;

function createCaughtUp(
  nc: NatsConnection,
  runners: Readonly<Record<Followed, ProjectionRunner>>,
): CaughtUp {
  const to = async (which: Followed, seq: number): Promise<void> => {
    if (await runners[which].waitFor(seq, CATCH_UP_MS)) return;
    throw new PlatformError("stream.not-connected", `the read model ${which} is not ready`, {
      retriable: true,
    });
  };
  const toTheEnd = async (which: Followed): Promise<void> => {
    const jsm = await jetstreamManager(nc, { checkAPI: false });
    const { state } = await jsm.streams.info(STREAM_OF[which]);
    await to(which, state.last_seq);
  };
  return {
    people: (seq) => to("people", seq),
    time: (seq) => to("time", seq),
    pay: (seq) => to("pay", seq),
    async everything() {
      await Promise.all((["people", "time", "leave", "pay"] as const).map(toTheEnd));
    },
    allOfPay: () => toTheEnd("pay"),
  };
}

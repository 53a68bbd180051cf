import type { ConsumerRunner } from "../eventing/consumer-runner.ts";
import type { ContextOptions, RunningContext } from "../eventing/context.ts";
import { createLeasedConsumer } from "../eventing/leased-consumer.ts";
import { createReaction } from "../eventing/reaction.ts";
import { folderOf } from "../eventing/read-model-place.ts";
import { type Closable, runWhileLeased } from "../eventing/run-while-leased.ts";
import { createTicker } from "../eventing/ticker.ts";
import { DEFAULT_TIME_LIMITS, type TimeLimits } from "./attribution.ts";
import { type ClockWriter, createClockWriter } from "./clock-writer.ts";
import { type Watermarks, watchWatermarks } from "./completeness/watermarks.ts";
import { type AttendanceConfig, attendanceConfigSchema } from "./config.ts";
import { createClockConsumer, INTAKE } from "./consumers.ts";
import { knowsPunch } from "./corrections/reads.ts";
import { type Gateways, openGateways } from "./gateways.ts";
import { createIntake, type Intake } from "./intake.ts";
import { type IntakeStore, openIntakeStore } from "./intake-store.ts";
import { type ModelReads, type ModelsOptions, openModels } from "./models.ts";
import { releaseParked } from "./parking.ts";
import { createPunchRecorder, type PunchRecorderDeps } from "./punch-recorder.ts";
import { attendanceReactions } from "./reactions.ts";
import type { Db } from "./reads.ts";
import { createRecalculation, type Recalculation } from "./recalculation.ts";
import { createRedating, type RedatingDeps } from "./redating.ts";
import { createResendRequester, type ResendRequester } from "./resend.ts";
import type { AttendanceRoutesDeps } from "./routes.ts";
import { createRunners, type Runners } from "./runners.ts";
import { watchTails } from "./tail-watch.ts";

export interface AttendanceOptions extends Omit<ContextOptions, "vault">, ModelsOptions {
  readonly limits?: TimeLimits;
  readonly config?: AttendanceConfig;
  /** Where the working process remembers what has arrived; `dataDir` unless told. */
  readonly intakeDir?: string;
}

export interface Attendance extends RunningContext {
  /** What `createAttendanceRoutes` needs. */
  readonly routes: AttendanceRoutesDeps;
  /** What is known of sites, for whoever shows them. */
  readonly sites: SiteReads;
  readonly db: Db;
  readonly runners: Runners;
  /** Undefined where this process does not work through the streams. */
  readonly intake: Intake | undefined;
  readonly intakeStore: IntakeStore;
  /** Undefined where this process does not work through the streams. */
  readonly recalculation: Recalculation | undefined;
}

export interface SiteReads
  extends Pick<ModelReads, "employedAt" | "peopleBySite" | "lastPunches" | "siteMarks">,
    Pick<Watermarks, "standing"> {}

/**
 * Starts the whole context: read models, intake, resolution, presence. Resolves when it runs; from then on it keeps
 * itself running through lost links and restarts of the hub.
 */
export async function startAttendance(options: AttendanceOptions): Promise<Attendance> {
  const models = await openModels(options);
  const intakeStore = openIntakeStore(options.intakeDir ?? folderOf(options.dataDir));
  const runners = createRunners({ ...options, store: options.eventStore });
  const limits = options.limits ?? DEFAULT_TIME_LIMITS;
  const clocks = createClockWriter({ ...models.reads, clocks: runners.clocks });
  const gateways = await openGateways(options.nc, options.log);
  const deps = {
    ...options,
    ...models.reads,
    runners,
    clocks,
    limits,
    maxFutureMs: limits.maxFutureMs,
    store: intakeStore,
    registered: gateways,
    gateways: () => gateways.all(options.tenant),
    gatewaysAt: (site: string) => gateways.at({ tenant: options.tenant, site }),
    config: (options.config ?? attendanceConfigSchema.parse({})).watermark,
  };
  const watermarks = watchWatermarks(deps);
  const working = options.isWorking ? await startWorking(deps, watermarks) : IDLE;
  const { db, projections, isEmployee: hasEmployee, waitFor } = models;
  return {
    routes: {
      ...deps,
      db,
      waitFor,
      watermarks,
      gaps: (journal) => intakeStore.gaps(journal),
      isEmployee: hasEmployee,
      knowsPunch: (employeeId, punchId) => knowsPunch(db, employeeId, punchId),
    },
    sites: { ...models.reads, standing: (site) => watermarks.standing(site) },
    db,
    projections,
    runners,
    intake: working.intake,
    recalculation: working.recalculation,
    intakeStore,
    consumers: working.consumers,
    async close() {
      watermarks.close();
      await working.close();
      await models.close();
      intakeStore.close();
    },
  };
}

/** What the parts need besides the read models. */
interface Wired extends Omit<AttendanceOptions, "config"> {
  readonly runners: Runners;
  readonly clocks: ClockWriter;
  readonly limits: TimeLimits;
  readonly maxFutureMs: number;
  readonly store: IntakeStore;
  readonly registered: Gateways;
  readonly gateways: () => ReturnType<Gateways["all"]>;
  readonly gatewaysAt: (site: string) => ReturnType<Gateways["at"]>;
  readonly config: AttendanceConfig["watermark"];
}

interface Working {
  readonly intake: Intake | undefined;
  readonly recalculation: Recalculation | undefined;
  readonly consumers: readonly ConsumerRunner[];
  close(): Promise<void>;
}
const IDLE: Working = {
  intake: undefined,
  recalculation: undefined,
  consumers: [],
  close: () => Promise.resolve(),
};

const LOOK_FOR_RULES_MS = 3_600_000;

type WorkingDeps = Wired & ModelReads;

async function startWorking(deps: WorkingDeps, watermarks: Watermarks): Promise<Working> {
  const running = await startIntake(deps, watermarks);
  const recalculation = createRecalculation(deps);
  const reactions = await attendanceReactions(deps, recalculation);
  const consumers = reactions.map((reaction) =>
    createReaction({ ...deps, context: "attendance" }, reaction),
  );
  for (const consumer of consumers) consumer.start();
  // At once whenever this process becomes the one to do it; later for those whom another was at when it died.
  const looking = createTicker({
    ...deps,
    name: "attendance-recalculation",
    everyMs: LOOK_FOR_RULES_MS,
    work: () => Promise.resolve(recalculation.start()),
  });
  looking.start();
  return {
    intake: running.intake,
    recalculation,
    consumers: [running.consumer, ...consumers],
    async close() {
      await running.close();
      await looking.close();
      await Promise.all(consumers.map((consumer) => consumer.close()));
      await recalculation.close();
    },
  };
}

interface RunningIntake {
  readonly intake: Intake;
  readonly consumer: ConsumerRunner;
  close(): Promise<void>;
}

/**
 * The intake and all that feeds it: the CLOCK consumer, what waited for a registration, and what is asked for again. Of
 * several processes one does it; they share the intake's file.
 */
async function startIntake(
  deps: Wired & PunchRecorderDeps & RedatingDeps,
  watermarks: Watermarks,
): Promise<RunningIntake> {
  const { log, store, registered: gateways, nc, leases } = deps;
  let resend: ResendRequester | undefined;
  const intake = createIntake({
    ...deps,
    recorder: createPunchRecorder(deps),
    redating: createRedating(deps),
    alarms: deps.runners.alarms,
    gatewayOf: (address) => gateways.find(address),
    onGap: () => resend?.poke(),
  });
  const lease = leases.single(INTAKE);
  const consumer = createLeasedConsumer({
    name: INTAKE,
    log,
    parts: [
      {
        lease,
        create: (tenure) =>
          createClockConsumer({ ...deps, mayWork: () => tenure.isValid() }, { intake, store }),
      },
    ],
  });
  const feed = (): Closable => {
    const stopping = new AbortController();
    const requester = createResendRequester(deps);
    resend = requester;
    requester.start();
    const tails = watchTails({
      ...deps,
      lastOf: (journal) => store.ranges(journal).at(-1)?.last ?? 0,
      isCaughtUp: () => consumer.stats().isRunning && consumer.stats().pending === 0,
      onMissing: (journal, last) => intake.expect(journal, last),
    });
    const watching = gateways.watch(
      (key) => releaseParked({ nc, store, intake, log }, key),
      stopping.signal,
    );
    const telling = watermarks.tell();
    return {
      async close() {
        stopping.abort();
        tails.close();
        await Promise.all([watching, requester.close(), telling.close()]);
      },
    };
  };
  consumer.start();
  const feeding = runWhileLeased(lease, log, feed);
  return {
    intake,
    consumer,
    close: async () => void (await Promise.all([consumer.close(), feeding.close()])),
  };
}

import {
  correctionApproved,
  punchQuarantined,
  quarantineResolved,
  siteCompleted,
  workdayCalculated,
} from "@clockleaf/shared/events/attendance.ts";
import {
  badgeAssigned,
  type EmployeeEvent,
  employeeActivated,
  employeeDeactivated,
  employeeReactivated,
  employeeSuspended,
  employeeTerminated,
  employeeUpdated,
} from "@clockleaf/shared/events/employee.ts";
import { leaveApproved, leaveCancelled } from "@clockleaf/shared/events/leave.ts";
import {
  requestApproved,
  requestRejected,
  requestWithdrawn,
} from "@clockleaf/shared/events/workflow.ts";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { STREAMS } from "@clockleaf/shared/subjects.ts";
import type { RuleBook } from "@clockleaf/shared/worktime/rule-book.ts";
import { jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "nats";
import type { ConsumerRunner } from "../eventing/consumer-runner.ts";
import type { ContextOptions, RunningContext } from "../eventing/context.ts";
import { decidedAs } from "../eventing/decided-as.ts";
import type { Projection, ProjectionRunner } from "../eventing/projection.ts";
import { createProjectionRunner } from "../eventing/projection-runner.ts";
import { createReaction, type Reaction } from "../eventing/reaction.ts";
import { openReadModel } from "../eventing/read-model.ts";
import { DEFAULT_TIME_LIMITS, type TimeLimits } from "./attribution.ts";
import { badgeHoldersProjection, isEmployee, peopleBehind, placesOf } from "./badge-holders.ts";
import { type Belonging, type ClockWriter, createClockWriter } from "./clock-writer.ts";
import { peopleUnsettled, siteMarks, sitesSince } from "./completeness/projection.ts";
import { createSweep, type SweepDeps } from "./completeness/sweep.ts";
import { watchWatermarks } from "./completeness/watermarks.ts";
import { type AttendanceConfig, attendanceConfigSchema } from "./config.ts";
import { createClockConsumer } from "./consumers.ts";
import { knowsPunch } from "./corrections/reads.ts";
import { createDecisions, type DecisionsDeps } from "./decisions.ts";
import { withinEmployment } from "./employment.ts";
import { type Gateways, openGateways } from "./gateways.ts";
import { createIntake, type Intake } from "./intake.ts";
import { type IntakeStore, openIntakeStore } from "./intake-store.ts";
import { lockedOn, lockedPeriodsProjection } from "./locked-periods.ts";
import { releaseParked } from "./parking.ts";
import { employedAt, type Person, peopleProjection, personOf } from "./people.ts";
import { createPersonalRules } from "./personal-rules.ts";
import { openPresenceWriter, type PresenceDeps } from "./presence.ts";
import { attendanceProjection } from "./projection.ts";
import { createPunchRecorder, type PunchRecorderDeps } from "./punch-recorder.ts";
import {
  type Db,
  hasPunches,
  peopleWithPunches,
  presenceOf,
  settled,
  waitingForBadge,
} from "./reads.ts";
import {
  createRecalculation,
  type Recalculation,
  type RecalculationDeps,
} from "./recalculation.ts";
import { createResendRequester } from "./resend.ts";
import { caughtUp, createResolution, type ResolutionDeps } from "./resolution.ts";
import type { AttendanceRoutesDeps } from "./routes.ts";
import { createRunners, type Runners } from "./runners.ts";
import { watchTails } from "./tail-watch.ts";

export interface AttendanceOptions extends Omit<ContextOptions, "vault"> {
  /** Whose time is decided by which rules. */
  readonly rules: RuleBook;
  readonly limits?: TimeLimits;
  readonly config?: AttendanceConfig;
  /** Where the working process remembers what has arrived; `dataDir` unless told. */
  readonly intakeDir?: string;
}

export interface Attendance extends RunningContext {
  /** What `createAttendanceRoutes` needs. */
  readonly routes: AttendanceRoutesDeps;
  readonly db: Db;
  readonly runners: Runners;
  /** Undefined where this process does not work through the streams. */
  readonly intake: Intake | undefined;
  readonly intakeStore: IntakeStore;
  /** Undefined where this process does not work through the streams. */
  readonly recalculation: Recalculation | undefined;
}

/**
 * Starts the whole context: read models, intake, resolution, presence. Resolves when it runs; from then on it keeps
 * itself running through lost links and restarts of the hub.
 */
export async function startAttendance(options: AttendanceOptions): Promise<Attendance> {
  const models = await openModels(options);
  const intakeStore = openIntakeStore(options.intakeDir ?? options.dataDir);
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
    config: (options.config ?? attendanceConfigSchema.parse({})).watermark,
  };
  const watermarks = watchWatermarks(deps);
  const working = options.isWorking ? await startWorking(deps) : IDLE;
  if (options.isWorking) watermarks.start();
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
    db,
    projections,
    runners,
    intake: working.intake,
    recalculation: working.recalculation,
    intakeStore,
    consumers: working.consumers,
    async close() {
      await watermarks.close();
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
  readonly gateways: SweepDeps["gateways"];
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

type WorkingDeps = Wired &
  PunchRecorderDeps &
  ResolutionDeps &
  PresenceDeps &
  RecalculationDeps &
  DecisionsDeps &
  SweepDeps;

async function startWorking(deps: WorkingDeps): Promise<Working> {
  const running = await startIntake(deps);
  const recalculation = createRecalculation(deps);
  const consumers = await eventConsumers(deps, recalculation);
  for (const consumer of consumers) consumer.start();
  recalculation.start();
  return {
    intake: running.intake,
    recalculation,
    consumers: [running.consumer, ...consumers],
    async close() {
      await running.close();
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

/** The intake and all that feeds it: the CLOCK consumer, what waited for a registration, and what is asked for again. */
async function startIntake(deps: Wired & PunchRecorderDeps): Promise<RunningIntake> {
  const { nc, log, store, registered: gateways } = deps;
  const stopping = new AbortController();
  const resend = createResendRequester(deps);
  const intake = createIntake({
    ...deps,
    recorder: createPunchRecorder(deps),
    alarms: deps.runners.alarms,
    gatewayOf: (address) => gateways.find(address),
    onGap: () => resend.poke(),
  });
  const consumer = await createClockConsumer(deps, { intake, store });
  consumer.start();
  resend.start();
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
  return {
    intake,
    consumer,
    async close() {
      stopping.abort();
      tails.close();
      await Promise.all([consumer.close(), watching, resend.close()]);
    },
  };
}

interface Models {
  readonly db: Db;
  readonly projections: readonly ProjectionRunner[];
  readonly reads: Omit<WorkingDeps, keyof Wired> & {
    readonly belongingOf: (employeeId: string) => Promise<Belonging>;
    readonly personOf: (employeeId: string) => Promise<Person>;
  };
  readonly isEmployee: AttendanceRoutesDeps["isEmployee"];
  readonly waitFor: AttendanceRoutesDeps["waitFor"];
  close(): Promise<void>;
}
/** Opens the read models and lets them read everything that was stored before: decisions rest on them. */
async function openModels({ nc, tenant, dataDir, rules, log }: AttendanceOptions): Promise<Models> {
  const open = async <DB>(projection: Projection<DB>) => {
    const model = await openReadModel(dataDir, projection);
    const runner = createProjectionRunner({ nc, model, log });
    runner.start();
    return { model, db: model.db, runner, stream: projection.stream };
  };
  const attendance = await open(attendanceProjection(tenant));
  const holders = await open(badgeHoldersProjection(tenant));
  const people = await open(peopleProjection(tenant));
  const locks = await open(lockedPeriodsProjection(tenant));
  const all = [attendance, holders, people, locks];
  for (const { stream, runner } of all) await readToTheEnd(nc, stream, runner);
  const personalRules = createPersonalRules(rules);
  const rulesOf: WorkingDeps["rulesOf"] = async (id) => {
    const { employments } = await personOf(people.db, id);
    return withinEmployment(personalRules.of(id, await placesOf(holders.db, id)), employments);
  };
  return {
    db: attendance.db,
    projections: all.map(({ runner }) => runner),
    reads: {
      peopleBehind: (badges) => peopleBehind(holders.db, badges),
      rulesOf,
      personOf: (id) => personOf(people.db, id),
      belongingOf: (id) => personOf(people.db, id),
      sitesOf: async (id) => (await personOf(people.db, id)).sites,
      employedAt: (site) => employedAt(people.db, site),
      lockedOn: (id, dates) => lockedOn(locks.db, id, dates),
      ...readsOf(attendance.db),
      attendanceHas: (seq) => caughtUp(attendance.runner, seq),
      async holdersHave(seq) {
        await caughtUp(holders.runner, seq);
        await caughtUp(people.runner, seq);
      },
    },
    isEmployee: (employeeId) => isEmployee(holders.db, employeeId),
    waitFor: (seq, timeoutMs) => attendance.runner.waitFor(seq, timeoutMs),
    async close() {
      await Promise.all(all.map(({ runner }) => runner.close()));
      await Promise.all(all.map(({ model }) => model.close()));
    },
  };
}

const readsOf = (db: Db) => ({
  peopleWithPunches: (after: string, limit: number) => peopleWithPunches(db, after, limit),
  hasPunches: (employeeId: string) => hasPunches(db, employeeId),
  settled: (ids: readonly string[]) => settled(db, ids),
  waitingForBadge: (badge: string) => waitingForBadge(db, badge),
  presenceOf: (employeeId: string) => presenceOf(db, employeeId),
  siteMarks: () => siteMarks(db),
  peopleUnsettled: () => peopleUnsettled(db),
  sitesSince: (employeeId: string, sinceMs: number) => sitesSince(db, employeeId, sinceMs),
});

/** What may change by which rules somebody's days are computed. */
const MOVES = [
  employeeUpdated,
  employeeActivated,
  employeeDeactivated,
  employeeReactivated,
  employeeSuspended,
  employeeTerminated,
].map(({ type }) => type);

async function eventConsumers(
  deps: Wired & ResolutionDeps & PresenceDeps & DecisionsDeps & SweepDeps,
  recalculation: Recalculation,
): Promise<ConsumerRunner[]> {
  const resolution = createResolution(deps);
  const decisions = createDecisions(deps);
  const presence = await openPresenceWriter(deps);
  const reactions: readonly Reaction[] = [
    {
      domain: "attendance",
      name: "resolution",
      types: [punchQuarantined.type, quarantineResolved.type],
      handle: (event) => resolution.onAttendance(event),
    },
    {
      domain: "employee",
      name: "badges",
      types: [badgeAssigned.type],
      handle: (event) => resolution.onEmployee(event),
    },
    {
      domain: "employee",
      name: "places",
      types: MOVES,
      async handle(stored) {
        const event = decidedAs<EmployeeEvent>(stored);
        await deps.holdersHave(stored.seq);
        await recalculation.consider(event.data.employeeId);
      },
    },
    {
      domain: "attendance",
      name: "presence",
      types: [workdayCalculated.type],
      handle: (event) => presence.onAttendance(event),
    },
    {
      domain: "attendance",
      name: "corrections",
      types: [correctionApproved.type],
      handle: (event) => decisions.onAttendance(event),
    },
    {
      domain: "attendance",
      name: "watermarks",
      types: [siteCompleted.type],
      handle: createSweep(deps),
    },
    {
      domain: "workflow",
      name: "decisions",
      types: [requestApproved.type, requestRejected.type, requestWithdrawn.type],
      handle: (event) => decisions.onWorkflow(event),
    },
    {
      domain: "leave",
      name: "leave",
      types: [leaveApproved.type, leaveCancelled.type],
      handle: (event) => decisions.onLeave(event),
    },
  ];
  return reactions.map((reaction) => createReaction({ ...deps, context: "attendance" }, reaction));
}

const CATCH_UP_MS = 600_000;

/** Whoever decides on what a read model says must first have let it read what was stored before. */
async function readToTheEnd(
  nc: NatsConnection,
  stream: string,
  projection: ProjectionRunner,
): Promise<void> {
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  const { state } = await jsm.streams.info(stream);
  if (await projection.waitFor(state.last_seq, CATCH_UP_MS)) return;
  throw new PlatformError("stream.not-connected", `the read model of ${stream} is not ready`, {
    retriable: true,
  });
}

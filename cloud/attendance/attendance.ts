import {
  punchQuarantined,
  quarantineResolved,
  workdayCalculated,
} from "@clockleaf/shared/events/attendance.ts";
import {
  badgeAssigned,
  type EmployeeEvent,
  employeeUpdated,
} from "@clockleaf/shared/events/employee.ts";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { STREAMS } from "@clockleaf/shared/subjects.ts";
import type { RuleBook } from "@clockleaf/shared/worktime/rule-book.ts";
import { jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "nats";
import type { ConsumerRunner } from "../eventing/consumer-runner.ts";
import type { ContextOptions, RunningContext } from "../eventing/context.ts";
import { decidedAs } from "../eventing/decided-as.ts";
import { createLeasedConsumer } from "../eventing/leased-consumer.ts";
import { heldHere } from "../eventing/leases.ts";
import type { ProjectionRunner } from "../eventing/projection.ts";
import { createProjectionRunner } from "../eventing/projection-runner.ts";
import { createReaction, type Reaction } from "../eventing/reaction.ts";
import { openReadModel } from "../eventing/read-model.ts";
import { folderOf } from "../eventing/read-model-place.ts";
import { type Closable, runWhileLeased } from "../eventing/run-while-leased.ts";
import { createTicker } from "../eventing/ticker.ts";
import { DEFAULT_TIME_LIMITS, type TimeLimits } from "./attribution.ts";
import { badgeHoldersProjection, isEmployee, peopleBehind, placesOf } from "./badge-holders.ts";
import { type ClockWriter, createClockWriter } from "./clock-writer.ts";
import { createClockConsumer, INTAKE } from "./consumers.ts";
import { openGateways } from "./gateways.ts";
import { createIntake, type Intake } from "./intake.ts";
import { type IntakeStore, openIntakeStore } from "./intake-store.ts";
import { releaseParked } from "./parking.ts";
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
import { createResendRequester, type ResendRequester } from "./resend.ts";
import { caughtUp, createResolution, type ResolutionDeps } from "./resolution.ts";
import type { AttendanceRoutesDeps } from "./routes.ts";
import { createRunners, type Runners } from "./runners.ts";
import { watchTails } from "./tail-watch.ts";

export interface AttendanceOptions extends Omit<ContextOptions, "vault"> {
  /** Whose time is decided by which rules. */
  readonly rules: RuleBook;
  readonly limits?: TimeLimits;
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
  const intakeStore = openIntakeStore(options.intakeDir ?? folderOf(options.dataDir));
  const runners = createRunners({ ...options, store: options.eventStore });
  const limits = options.limits ?? DEFAULT_TIME_LIMITS;
  const clocks = createClockWriter({ clocks: runners.clocks, rulesOf: models.reads.rulesOf });
  const deps = { ...options, ...models.reads, runners, clocks, limits, store: intakeStore };
  const working = options.isWorking ? await startWorking(deps) : IDLE;
  const { db, projections, isEmployee: hasEmployee, waitFor } = models;
  return {
    routes: {
      ...deps,
      db,
      waitFor,
      gaps: (journal) => intakeStore.gaps(journal),
      isEmployee: hasEmployee,
      maxFutureMs: limits.maxFutureMs,
    },
    db,
    projections,
    runners,
    intake: working.intake,
    recalculation: working.recalculation,
    intakeStore,
    consumers: working.consumers,
    async close() {
      await working.close();
      await models.close();
      intakeStore.close();
    },
  };
}

/** What the parts need besides the read models. */
interface Wired extends AttendanceOptions {
  readonly runners: Runners;
  readonly clocks: ClockWriter;
  readonly limits: TimeLimits;
  readonly store: IntakeStore;
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

type WorkingDeps = Wired & PunchRecorderDeps & ResolutionDeps & PresenceDeps & RecalculationDeps;

async function startWorking(deps: WorkingDeps): Promise<Working> {
  const running = await startIntake(deps);
  const recalculation = createRecalculation(deps);
  const consumers = await eventConsumers(deps, recalculation);
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
async function startIntake(deps: Wired & PunchRecorderDeps): Promise<RunningIntake> {
  const { nc, log, store, leases = heldHere() } = deps;
  const gateways = await openGateways(nc, log);
  let resend: ResendRequester | undefined;
  const intake = createIntake({
    ...deps,
    recorder: createPunchRecorder(deps),
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
    return {
      async close() {
        stopping.abort();
        tails.close();
        await Promise.all([watching, requester.close()]);
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

interface Models {
  readonly db: Db;
  readonly projections: readonly ProjectionRunner[];
  readonly reads: Omit<WorkingDeps, keyof Wired>;
  readonly isEmployee: AttendanceRoutesDeps["isEmployee"];
  readonly waitFor: AttendanceRoutesDeps["waitFor"];
  close(): Promise<void>;
}
/** Opens both read models and lets them read everything that was stored before: decisions rest on them. */
async function openModels({ nc, tenant, dataDir, rules, log }: AttendanceOptions): Promise<Models> {
  const model = await openReadModel(dataDir, attendanceProjection(tenant));
  const holders = await openReadModel(dataDir, badgeHoldersProjection(tenant));
  const projection = createProjectionRunner({ nc, model, log });
  const personalRules = createPersonalRules(rules);
  const holderProjection = createProjectionRunner({ nc, model: holders, log });
  projection.start();
  holderProjection.start();
  await readToTheEnd(nc, STREAMS.attendance, projection);
  await readToTheEnd(nc, STREAMS.employee, holderProjection);
  return {
    db: model.db,
    projections: [projection, holderProjection],
    reads: {
      peopleBehind: (badges) => peopleBehind(holders.db, badges),
      rulesOf: async (id) => personalRules.of(id, await placesOf(holders.db, id)),
      peopleWithPunches: (after, limit) => peopleWithPunches(model.db, after, limit),
      hasPunches: (employeeId) => hasPunches(model.db, employeeId),
      settled: (ids) => settled(model.db, ids),
      waitingForBadge: (badge) => waitingForBadge(model.db, badge),
      presenceOf: (employeeId) => presenceOf(model.db, employeeId),
      attendanceHas: (seq) => caughtUp(projection, seq),
      holdersHave: (seq) => caughtUp(holderProjection, seq),
    },
    isEmployee: (employeeId) => isEmployee(holders.db, employeeId),
    waitFor: (seq, timeoutMs) => projection.waitFor(seq, timeoutMs),
    async close() {
      await Promise.all([projection.close(), holderProjection.close()]);
      await Promise.all([model.close(), holders.close()]);
    },
  };
}

async function eventConsumers(
  deps: AttendanceOptions & ResolutionDeps & PresenceDeps,
  recalculation: Recalculation,
): Promise<ConsumerRunner[]> {
  const resolution = createResolution(deps);
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
      types: [employeeUpdated.type],
      async handle(stored) {
        const event = decidedAs<EmployeeEvent>(stored);
        if (event.type !== "employee.employee.updated") return;
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

import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { RuleBook } from "@clockleaf/shared/worktime/rule-book.ts";
import { jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "nats";
import type { ContextOptions } from "../eventing/context.ts";
import type { Projection, ProjectionRunner } from "../eventing/projection.ts";
import { createProjectionRunner } from "../eventing/projection-runner.ts";
import { openReadModel } from "../eventing/read-model.ts";
import { badgeHoldersProjection, isEmployee, peopleBehind, placesOf } from "./badge-holders.ts";
import type { ClockWriterDeps } from "./clock-writer.ts";
import { peopleUnsettled, siteMarks, sitesSince } from "./completeness/projection.ts";
import type { SweepDeps } from "./completeness/sweep.ts";
import type { DecisionsDeps } from "./decisions.ts";
import { withinEmployment } from "./employment.ts";
import { type LastPunch, lastPunches } from "./last-punches.ts";
import { lockedOn, lockedPeriodsProjection } from "./locked-periods.ts";
import {
  employedAt,
  type Person,
  peopleBySite,
  peopleProjection,
  personOf,
  sitesOf,
} from "./people.ts";
import { createPersonalRules, type Place } from "./personal-rules.ts";
import type { PresenceDeps } from "./presence.ts";
import { attendanceProjection } from "./projection.ts";
import type { PunchRecorderDeps } from "./punch-recorder.ts";
import {
  type Db,
  hasPunches,
  peopleWithPunches,
  presenceOf,
  settled,
  waitingForBadge,
  waitingForTime,
} from "./reads.ts";
import type { RecalculationDeps } from "./recalculation.ts";
import type { RedatingDeps } from "./redating.ts";
import { caughtUp, type ResolutionDeps } from "./resolution.ts";

/** What the read models know, as the parts ask for it. */
export interface ModelReads
  extends Pick<PunchRecorderDeps, "peopleBehind" | "settled">,
    Pick<ResolutionDeps, "waitingForBadge" | "attendanceHas" | "holdersHave">,
    Pick<RedatingDeps, "waitingForTime">,
    Pick<PresenceDeps, "presenceOf">,
    Pick<RecalculationDeps, "peopleWithPunches" | "hasPunches">,
    Pick<DecisionsDeps, "lockedOn">,
    Pick<SweepDeps, "siteMarks" | "peopleUnsettled" | "employedAt" | "sitesOf" | "sitesSince">,
    Pick<ClockWriterDeps, "rulesOf" | "belongingOf"> {
  readonly personOf: (employeeId: string) => Promise<Person>;
  readonly placesOf: (employeeId: string) => Promise<readonly Place[]>;
  readonly peopleBySite: () => Promise<ReadonlyMap<string, number>>;
  readonly lastPunches: (site: string, people: readonly string[]) => Promise<LastPunch[]>;
}

export interface Models {
  readonly db: Db;
  readonly projections: readonly ProjectionRunner[];
  readonly reads: ModelReads;
  /** Whether there has ever been an employee of this id. */
  readonly isEmployee: (employeeId: string) => Promise<boolean>;
  /** True once the read models show ATTENDANCE up to this sequence. */
  readonly waitFor: (seq: number, timeoutMs: number) => Promise<boolean>;
  close(): Promise<void>;
}

export interface ModelsOptions extends Pick<ContextOptions, "nc" | "tenant" | "dataDir" | "log"> {
  /** Whose time is decided by which rules. */
  readonly rules: RuleBook;
}

/** Opens the read models and lets them read everything that was stored before: decisions rest on them. */
export async function openModels(options: ModelsOptions): Promise<Models> {
  const { nc, tenant, dataDir, rules, log } = options;
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
  const rulesOf: ModelReads["rulesOf"] = async (id) => {
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
      placesOf: (id) => placesOf(holders.db, id),
      belongingOf: (id) => personOf(people.db, id),
      sitesOf: (id) => sitesOf(people.db, id),
      employedAt: (site) => employedAt(people.db, site),
      peopleBySite: () => peopleBySite(people.db),
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
  waitingForTime: (gateway: Parameters<RedatingDeps["waitingForTime"]>[0], bootId: string) =>
    waitingForTime(db, gateway, bootId),
  presenceOf: (employeeId: string) => presenceOf(db, employeeId),
  lastPunches: (site: string, people: readonly string[]) => lastPunches(db, site, people),
  siteMarks: () => siteMarks(db),
  peopleUnsettled: () => peopleUnsettled(db),
  sitesSince: (employeeId: string, sinceMs: number) => sitesSince(db, employeeId, sinceMs),
});

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

import { type AggregateRunner, createAggregateRunner } from "../eventing/aggregate-runner.ts";
import type { EventStore } from "../eventing/event-store.ts";
import { type Alarm, type AlarmEvent, type AlarmState, alarmDecider } from "./alarm-decider.ts";
import {
  type BootTimeEvent,
  type BootTimeState,
  bootTimeDecider,
  type LearnedTime,
} from "./boot-time-decider.ts";
import {
  type CompleteSite,
  type SiteEvent,
  type SiteState,
  siteDecider,
} from "./completeness/decider.ts";
import {
  type CorrectionsCommand,
  type CorrectionsEvent,
  type CorrectionsState,
  correctionsDecider,
} from "./corrections/decider.ts";
import { type ClockCommand, type ClockEvent, type ClockState, clockDecider } from "./decider.ts";
import {
  type QuarantineCommand,
  type QuarantineEvent,
  type QuarantineState,
  quarantineDecider,
} from "./quarantine-decider.ts";

/** The kinds of aggregate in ATTENDANCE. `ids.ts` says how they are named. */
export interface Runners {
  /** By employee. */
  readonly clocks: AggregateRunner<ClockState, ClockCommand, ClockEvent>;
  /** By punch. */
  readonly quarantines: AggregateRunner<QuarantineState, QuarantineCommand, QuarantineEvent>;
  /** By gateway. */
  readonly alarms: AggregateRunner<AlarmState, Alarm, AlarmEvent>;
  /** By boot of a gateway. */
  readonly boots: AggregateRunner<BootTimeState, LearnedTime, BootTimeEvent>;
  /** By request. */
  readonly corrections: AggregateRunner<CorrectionsState, CorrectionsCommand, CorrectionsEvent>;
  /** By site. */
  readonly sites: AggregateRunner<SiteState, CompleteSite, SiteEvent>;
}

export interface RunnersOptions {
  readonly store: EventStore;
  readonly tenant: string;
}

export function createRunners({ store, tenant }: RunnersOptions): Runners {
  const common = { store, tenant, domain: "attendance" } as const;
  return {
    clocks: createAggregateRunner({
      ...common,
      decider: clockDecider,
      cacheSize: 5_000,
    }),
    quarantines: createAggregateRunner({ ...common, decider: quarantineDecider, cacheSize: 1_000 }),
    alarms: createAggregateRunner({ ...common, decider: alarmDecider, cacheSize: 1_000 }),
    boots: createAggregateRunner({ ...common, decider: bootTimeDecider, cacheSize: 1_000 }),
    corrections: createAggregateRunner({ ...common, decider: correctionsDecider, cacheSize: 200 }),
    sites: createAggregateRunner({ ...common, decider: siteDecider, cacheSize: 1_000 }),
  };
}

/** `source` of every event this context writes by itself. */
export const SOURCE = "cloud/attendance";

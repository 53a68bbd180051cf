import { type AggregateRunner, createAggregateRunner } from "../eventing/aggregate-runner.ts";
import type { EventStore } from "../eventing/event-store.ts";
import {
  type Account,
  type AccountCommand,
  type AccountEvent,
  accountDecider,
} from "./account-decider.ts";
import {
  type AdjustmentCommand,
  type AdjustmentEvent,
  type Adjustments,
  adjustmentDecider,
  type EstimateEvent,
  estimateDecider,
} from "./adjustment-decider.ts";
import {
  type Result,
  type ResultCommand,
  type ResultEvent,
  resultDecider,
} from "./result-decider.ts";
import { type Run, type RunCommand, type RunEvent, runDecider } from "./run-decider.ts";

export const SOURCE = "cloud/payroll";

/** All aggregates of PAYROLL. */
export interface Runners {
  readonly accounts: AggregateRunner<Account, AccountCommand, AccountEvent>;
  readonly runs: AggregateRunner<Run, RunCommand, RunEvent>;
  readonly results: AggregateRunner<Result, ResultCommand, ResultEvent>;
  readonly adjustments: AggregateRunner<Adjustments, AdjustmentCommand, AdjustmentEvent>;
  readonly estimates: AggregateRunner<
    (typeof estimateDecider)["initial"],
    Parameters<(typeof estimateDecider)["decide"]>[1],
    EstimateEvent
  >;
}

export function createRunners(store: EventStore, tenant: string): Runners {
  const common = { store, tenant, domain: "payroll" } as const;
  return {
    accounts: createAggregateRunner({ ...common, decider: accountDecider }),
    runs: createAggregateRunner({ ...common, decider: runDecider }),
    results: createAggregateRunner({ ...common, decider: resultDecider }),
    adjustments: createAggregateRunner({ ...common, decider: adjustmentDecider }),
    estimates: createAggregateRunner({ ...common, decider: estimateDecider }),
  };
}

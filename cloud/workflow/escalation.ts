import type { Log } from "@clockleaf/shared/lib/log.ts";
import { causeOfTimer } from "../eventing/cause.ts";
import { createTicker, type Ticker, type TickerOptions } from "../eventing/ticker.ts";
import { SOURCE, type WorkflowCommands } from "./commands.ts";
import { type Db, dueRequests } from "./reads.ts";

export interface EscalationDeps extends Pick<TickerOptions, "leases"> {
  readonly commands: WorkflowCommands;
  readonly db: Db;
  readonly waitFor: (seq: number, timeoutMs: number) => Promise<boolean>;
  readonly nowMs: () => number;
  readonly log: Log;
  readonly everyMs: number;
}

const NAME = "workflow-escalation";
const AT_ONCE = 100;
const READ_MODEL_MS = 5_000;

/** Hands steps that nobody decided in time to others as well. The decider keeps it to once a step, whoever else ticks. */
export function createEscalation(deps: EscalationDeps): Ticker {
  const { commands, db, log, nowMs, everyMs } = deps;
  return createTicker({
    ...deps,
    name: NAME,
    everyMs,
    log,
    nowMs,
    async work(now, signal) {
      for (;;) {
        const due = await dueRequests(db, now, AT_ONCE);
        let lastSeq = 0;
        for (const { requestId, step } of due) {
          if (signal.aborted) return;
          const cause = causeOfTimer(SOURCE, now, { name: NAME, dueAtMs: now });
          const command = { type: "escalate", step, at: now } as const;
          const outcome = await commands.requests.handle(requestId, command, cause);
          if ("seq" in outcome) lastSeq = Math.max(lastSeq, outcome.seq);
        }
        // Without the read model's word the next turn would find the same ones.
        const isSeen = await deps.waitFor(lastSeq, READ_MODEL_MS);
        if (due.length < AT_ONCE || !isSeen) return;
      }
    },
  });
}

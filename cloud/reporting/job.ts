import { type ReportingEvent, reportRequested } from "@clockleaf/shared/events/reporting.ts";
import { codeOf, isRetriable, PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import type { AggregateRunner } from "../eventing/aggregate-runner.ts";
import { causeOfEvent } from "../eventing/cause.ts";
import { isRefusal } from "../eventing/decider.ts";
import { deriveEventId } from "../eventing/event-id.ts";
import type { Cause, EventStore } from "../eventing/event-store.ts";
import { type DocumentStore, sha256Of } from "../storage/document-store.ts";
import { absence } from "./absence.ts";
import type { ReportCommand, ReportRequest, ReportState } from "./decider.ts";
import { monthlyAttendance } from "./monthly-attendance.ts";
import { type OutputOptions, renderReport } from "./output.ts";
import { overtime } from "./overtime.ts";
import { payrollRegister } from "./payroll-register.ts";
import type { Progress } from "./progress.ts";
import type { BuiltReport, ReportBuild, ReportSources } from "./sources.ts";

export const SOURCE = "cloud/reporting";

export interface ReportJobDeps extends OutputOptions {
  readonly eventStore: EventStore;
  readonly documents: DocumentStore;
  readonly runner: AggregateRunner<ReportState, ReportCommand, ReportingEvent>;
  readonly sources: ReportSources;
  /** Resolves once the read models show what was stored when it was called; rejects, retriable, if they do not in time. */
  readonly caughtUp: () => Promise<void>;
  readonly progress: Progress;
  readonly maxRows: number;
  readonly nowMs: () => number;
  readonly log: Log;
}

const REPORTS: Readonly<
  Record<ReportRequest["report"], (build: ReportBuild) => Promise<BuiltReport>>
> = {
  "monthly-attendance": monthlyAttendance,
  overtime,
  absence,
  "payroll-register": payrollRegister,
};
/** The rest is for laying it out and storing it. */
const PERCENT_OF_BUILDING = 90;

/**
 * Makes a report, unless it has ended. What was under way in a crash is made again, and two workers may be at it at once: it
 * ends once, as the first of them says. Rejects with what may pass, and with `command.not-found`.
 */
export async function makeReport(
  deps: ReportJobDeps,
  reportId: string,
  signal: AbortSignal,
): Promise<void> {
  const { state } = await deps.runner.state(reportId);
  if (state.status === "none") {
    throw new PlatformError("command.not-found", `there is no report ${reportId}`);
  }
  if (state.status !== "requested") return;
  const command = await endOf(deps, state.request, signal);
  const outcome = await deps.runner.handle(reportId, command, await causeOf(deps, reportId));
  const isEnd = !isRefusal(outcome) && outcome.events.length > 0;
  if (!isEnd && command.type === "complete") await dropUnlessNamed(deps, command.result);
  await deps.progress.tell(reportId, 100);
}

/** Another worker was first. Where facts had changed meanwhile its document is another one, and nobody refers to ours. */
async function dropUnlessNamed(
  { runner, documents }: ReportJobDeps,
  { reportId, documentId }: { readonly reportId: string; readonly documentId: string },
): Promise<void> {
  const { state } = await runner.state(reportId);
  if (state.status === "completed" && state.documentId === documentId) return;
  await documents.remove(documentId);
}

/** What comes of a report was caused by who asked for it. */
async function causeOf(
  { eventStore, tenant, nowMs }: ReportJobDeps,
  reportId: string,
): Promise<Cause> {
  const address = { domain: "reporting", tenant, aggregateId: reportId } as const;
  const { events } = await eventStore.load(address, 0);
  const asked = events.find(({ event }) => event.metadata.eventType === reportRequested.type);
  if (asked === undefined) throw new Error("a report was asked for");
  return causeOfEvent(SOURCE, nowMs(), asked);
}

/** What becomes of a report. Rejects only with what may pass. */
async function endOf(
  deps: ReportJobDeps,
  request: ReportRequest,
  signal: AbortSignal,
): Promise<ReportCommand> {
  const { reportId, requestedBy } = request;
  try {
    const { file, built } = await make(deps, request, signal);
    // Of the content too: a second worker that sees newer facts must not put other bytes in the place of what was told.
    const documentId = deriveEventId("report", deps.tenant, reportId, sha256Of(file.bytes));
    const stored = await deps.documents.put({ documentId, personId: null, bytes: file.bytes });
    const { name, mediaType } = file;
    const about = { reportId, documentId, name, mediaType, ...stored, requestedBy };
    const rows = built.rows.length;
    return {
      type: "complete",
      result: { ...about, rows, asOf: [...built.asOf], at: deps.nowMs() },
    };
  } catch (error) {
    if (isRetriable(error) || signal.aborted) throw error;
    const code = codeOf(error);
    deps.log.error({ err: error, code, reportId }, "report failed");
    const reason = error instanceof PlatformError ? error.message : "something unexpected happened";
    const failure = { reportId, code, reason: reason.slice(0, 300), at: deps.nowMs() };
    return { type: "fail", failure };
  }
}

async function make(deps: ReportJobDeps, request: ReportRequest, signal: AbortSignal) {
  const { progress, sources, maxRows } = deps;
  await deps.caughtUp();
  let told = -1;
  const built = await REPORTS[request.report]({
    request,
    sources,
    maxRows,
    async onProgress(share) {
      signal.throwIfAborted();
      const percent = Math.floor(share * PERCENT_OF_BUILDING);
      if (percent === told) return;
      told = percent;
      await progress.tell(request.reportId, percent);
    },
  });
  return { built, file: await renderReport(built, request, deps) };
}

import { type ReportingEvent, reportRequested } from "@clockleaf/shared/events/reporting.ts";
import { codeOf, isRetriable, PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import type { AggregateRunner } from "../eventing/aggregate-runner.ts";
import { causeOfEvent } from "../eventing/cause.ts";
import { deriveEventId } from "../eventing/event-id.ts";
import type { StoredEvent } from "../eventing/event-store.ts";
import type { Reaction } from "../eventing/reaction.ts";
import type { DocumentStore } from "../storage/document-store.ts";
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

/** Makes the reports that were asked for, one after another. What was under way in a crash is made again. */
export const reportJobs = (deps: ReportJobDeps): Reaction => ({
  domain: "reporting",
  name: "jobs",
  types: [reportRequested.type],
  handle: (stored, signal) => run(deps, stored, signal),
});

async function run(deps: ReportJobDeps, stored: StoredEvent, signal: AbortSignal): Promise<void> {
  const { reportId } = reportRequested.data.parse(stored.event.data);
  const { state } = await deps.runner.state(reportId);
  if (state.status !== "requested") return;
  const command = await endOf(deps, state.request, signal);
  await deps.runner.handle(reportId, command, causeOfEvent(SOURCE, deps.nowMs(), stored));
  await deps.progress.tell(reportId, 100);
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
    const documentId = deriveEventId("report", deps.tenant, reportId);
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

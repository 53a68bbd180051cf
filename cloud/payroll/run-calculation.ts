import type { EventOf } from "@clockleaf/shared/events/envelope.ts";
import type { taxDeducted } from "@clockleaf/shared/events/payroll.ts";
import { codeOf, hasCode } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import { notShownYet } from "../eventing/caught-up.ts";
import { isRefusal } from "../eventing/decider.ts";
import type { Cause } from "../eventing/event-store.ts";
import { renderPdf } from "../render/pdf.ts";
import type { DocumentStore } from "../storage/document-store.ts";
import { calculate, type Pay } from "./calculation/calculate.ts";
import { payslipDocument as payslipId, resultAggregate } from "./ids.ts";
import { caseFor, type PaySources, peopleOfRun, periodOfRun } from "./pay-facts.ts";
import { payslipDocument } from "./payslip.ts";
import { personRow } from "./people-reads.ts";
import type { Progress } from "./progress.ts";
import { type RunRecord, result, results } from "./reads.ts";
import type { ResultCommand } from "./result-decider.ts";
import type { Runners } from "./runners.ts";

export interface CalculationDeps {
  readonly sources: PaySources;
  readonly runners: Runners;
  readonly documents: DocumentStore;
  readonly progress: Progress;
  readonly waitFor: (seq: number, timeoutMs: number) => Promise<boolean>;
  readonly log: Log;
}

/** What is paid now by the facts known now. */
export async function payNow(
  sources: PaySources,
  run: RunRecord,
  employeeId: string,
): Promise<Pay> {
  return calculate(await caseFor(sources, employeeId, { period: periodOfRun(run), run }));
}

/** Everybody the run is for, and everybody it was for when it was calculated before: those come to nothing now. */
export async function everybodyOf(
  sources: PaySources,
  run: RunRecord,
): Promise<{ people: string[]; dropped: string[] }> {
  const people = await peopleOfRun(sources, run);
  const before = await results(sources.pay, run.run_id);
  const dropped = before.map((row) => row.employee_id).filter((each) => !people.includes(each));
  return { people, dropped };
}

/**
 * Calculates everybody's pay and makes their payslips. Killed anywhere, it is done again from the beginning and changes
 * only what is not done: the same facts give the same events and the same bytes.
 */
export async function calculateRun(
  deps: CalculationDeps,
  run: RunRecord,
  { cause, signal }: { readonly cause: Cause; readonly signal: AbortSignal },
): Promise<void> {
  const { people, dropped } = await everybodyOf(deps.sources, run);
  const all = [...people, ...dropped].toSorted();
  let done = 0;
  const tell = (): Promise<void> => {
    const { run_id, calculation } = run;
    return deps.progress.put(run_id, { done, total: all.length, calculation });
  };
  for (const employeeId of all) {
    signal.throwIfAborted();
    if (done % 20 === 0) await tell();
    await calculatePerson(deps, run, { employeeId, isIn: people.includes(employeeId), cause });
    done += 1;
  }
  await tell();
}

interface OnePerson {
  readonly employeeId: string;
  readonly isIn: boolean;
  readonly cause: Cause;
}

async function calculatePerson(
  deps: CalculationDeps,
  run: RunRecord,
  { employeeId, isIn, cause }: OnePerson,
): Promise<void> {
  const { runners, sources, waitFor } = deps;
  const pay = isIn ? await payNow(sources, run, employeeId) : NOTHING;
  const id = resultAggregate(run.run_id, employeeId);
  const outcome = await runners.results.handle(id, recordOf(run, employeeId, pay), cause);
  if (isRefusal(outcome)) throw new Error("a result is never refused");
  if (!(await waitFor(outcome.seq, CATCH_UP_MS))) throw notShownYet();
  if (isIn) await makePayslip(deps, run, { employeeId, isIn, cause });
}

const CATCH_UP_MS = 60_000;

const NOTHING: Omit<Pay, "currency" | "blockers"> = {
  lines: [],
  grossMinor: 0,
  taxableMinor: 0,
  taxMinor: 0,
  table: null,
  netMinor: 0,
  employerCostMinor: 0,
  days: [],
};

/** The command that records a pay as the result of a run; also what an earlier result is compared with. */
export function recordOf(
  run: RunRecord,
  employeeId: string,
  pay: Omit<Pay, "currency" | "blockers">,
): Extract<ResultCommand, { type: "record" }> {
  const of = {
    employeeId,
    runId: run.run_id,
    periodId: run.period_id,
    currency: run.currency,
  };
  const { grossMinor, netMinor, employerCostMinor, taxableMinor, taxMinor, table } = pay;
  const tax: EventOf<typeof taxDeducted>["data"] | null =
    table === null ? null : { ...of, table, taxableMinor, taxMinor };
  return {
    type: "record",
    salary: {
      ...of,
      grossMinor,
      netMinor,
      employerCostMinor,
      lines: [...pay.lines],
      taxableMinor,
      taxMinor,
      days: [...pay.days],
    },
    tax,
  };
}

/** A payslip that cannot be printed is left out: the run then has a blocker that says so. */
async function makePayslip(
  deps: CalculationDeps,
  run: RunRecord,
  { employeeId, cause }: OnePerson,
): Promise<void> {
  const { sources, runners, documents, log, waitFor } = deps;
  const [found, person] = await Promise.all([
    result(sources.pay, run.run_id, employeeId),
    personRow(sources.people, employeeId),
  ]);
  if (found === undefined) throw new Error("a result just recorded is there");
  // It is of this very revision: a new result takes the payslip of the one before away.
  if (found.payslip_id !== null) return;
  const { employer, employerAddress, payslip } = sources.config;
  try {
    const bytes = await renderPdf(
      payslipDocument({
        run,
        result: found,
        name: person?.name ?? employeeId,
        locale: person?.locale ?? null,
        employer,
        employerAddress,
      }),
      { extraFonts: payslip.fonts },
    );
    const documentId = payslipId(run.run_id, employeeId);
    const stored = await documents.put({ documentId, personId: employeeId, bytes });
    const outcome = await runners.results.handle(
      resultAggregate(run.run_id, employeeId),
      {
        type: "payslip",
        payslip: {
          employeeId,
          runId: run.run_id,
          periodId: run.period_id,
          documentId,
          sha256: stored.sha256,
          bytes: stored.bytes,
          netMinor: found.net_minor,
          currency: run.currency,
        },
      },
      cause,
    );
    if (!isRefusal(outcome)) await waitFor(outcome.seq, CATCH_UP_MS);
  } catch (error) {
    if (!hasCode(error, "document.unprintable", "config.unreadable", "vault.erased")) throw error;
    log.error({ err: error, code: codeOf(error), runId: run.run_id, employeeId }, "no payslip");
  }
}

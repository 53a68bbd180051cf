import type { PayAccount } from "@clockleaf/shared/events/payroll.ts";
import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import type { Context } from "hono";
import { z } from "zod";
import { guardOf } from "../api/guard.ts";
import { followOperation } from "../api/operations.ts";
import { problem, refused } from "../api/problem.ts";
import {
  type ApiEnv,
  type ApiRouter,
  causeOf,
  decodeCursor,
  encodeCursor,
  ifMatch,
  newRouter,
  page,
  setEtag,
} from "../api/router.ts";
import { notShownYet } from "../eventing/caught-up.ts";
import { isRefusal, type Refusal, refuse } from "../eventing/decider.ts";
import type { DocumentStore } from "../storage/document-store.ts";
import { HARD_BLOCKERS } from "./calculation/facts.ts";
import { decimalOf, isCurrency } from "./calculation/money.ts";
import { explainPayslip } from "./explain/explain-payslip.ts";
import { EXPORT_LAYOUTS } from "./exports/layouts.ts";
import { exportRun } from "./exports/mapper.ts";
import { isBic, isIban, isRoutingNumber } from "./files/bank-numbers.ts";
import { PAYMENT_FILE_TYPES } from "./files/payment-files.ts";
import { accountAggregate, paymentDocument, payslipDocument } from "./ids.ts";
import type { PaySources } from "./pay-facts.ts";
import type { Progress } from "./progress.ts";
import {
  adjustmentsOf,
  type Db,
  payslipsOf,
  type RunRecord,
  result,
  results,
  resultsPage,
  run,
  runs,
} from "./reads.ts";
import {
  adjustmentsRoute,
  calculateRoute,
  explainPayslipRoute,
  exportRoute,
  fileRoute,
  listRunsRoute,
  openRunRoute,
  payslipRoute,
  payslipsRoute,
  putAccountRoute,
  resultsRoute,
  salaryRoute,
  showAccountRoute,
  showRunRoute,
  submitRoute,
} from "./route-definitions.ts";
import { OPERATION, operationOf } from "./route-operation.ts";
import { blockersOfRun, openRun, submitRun } from "./run-commands.ts";
import { type Runners, SOURCE } from "./runners.ts";
import { salaryOf } from "./salary-answer.ts";
import { resultView, runDetailsView, runView, salaryView } from "./views.ts";

export interface PayrollRoutesDeps {
  readonly sources: PaySources;
  readonly runners: Runners;
  readonly documents: DocumentStore;
  readonly progress: Progress;
  readonly db: Db;
  /** True once the read model shows PAYROLL up to this sequence. */
  readonly waitFor: (seq: number, timeoutMs: number) => Promise<boolean>;
  /** Resolves once the read models of every stream have what was stored when it was called. */
  readonly caughtUpWithAll: () => Promise<void>;
  readonly nowMs: () => number;
}

const READ_YOUR_WRITES_MS = 2_000;

/**
 * Pay accounts, runs, payslips and files, for `/api/v1`. Runs are the company's; payslips and adjustments are about a
 * person, who sees their own.
 */
export function createPayrollRoutes(deps: PayrollRoutesDeps): ApiRouter {
  const router = newRouter();
  addAccounts(router, deps);
  addRunReads(router, deps);
  addRunCommands(router, deps);
  addFiles(router, deps);
  addPeople(router, deps);
  return router;
}

const causeIn = (c: Context<ApiEnv>, { nowMs }: PayrollRoutesDeps) => causeOf(c, SOURCE, nowMs());

function addAccounts(router: ApiRouter, deps: PayrollRoutesDeps): void {
  const { runners, waitFor } = deps;
  router.openapi(showAccountRoute, async (c) => {
    const { employeeId } = c.req.valid("param");
    const { state, seq } = await runners.accounts.state(accountAggregate(employeeId));
    const account = state.versions.at(-1);
    if (account === undefined) return problem(c, { code: "command.not-found" });
    setEtag(c, seq);
    return c.json({ ...account, version: seq }, 200);
  });

  router.openapi(putAccountRoute, async (c) => {
    const { employeeId } = c.req.valid("param");
    const account: PayAccount = { employeeId, ...c.req.valid("json") };
    const wrong = badAccount(account, deps.sources);
    if (wrong !== undefined) return refused(c, wrong);
    const aggregateId = accountAggregate(employeeId);
    const isThere = (await runners.accounts.state(aggregateId)).seq > 0;
    const command = { type: "put", account } as const;
    // Of several that would make it, one does: the others have not seen what is there then.
    const ifSeq = isThere || c.req.header("if-match") !== undefined ? ifMatch(c) : 0;
    const [outcome] = await runners.accounts.handleMany(
      [{ aggregateId, command, ifSeq }],
      causeIn(c, deps),
    );
    if (outcome === undefined) throw new Error("one command has one outcome");
    if (isRefusal(outcome)) return problem(c, { code: "api.precondition" });
    await waitFor(outcome.seq, READ_YOUR_WRITES_MS);
    setEtag(c, outcome.seq);
    return c.json({ ...account, version: outcome.seq }, 200);
  });
}

/** What a schema cannot see: whether the bank numbers are right, and the group and table are there. */
function badAccount(account: PayAccount, { config }: PaySources): Refusal | undefined {
  const { payGroup, taxTable, currency, bank, components } = account;
  const group = config.groups[payGroup];
  if (group === undefined) return bad(`there is no pay group "${payGroup}"`);
  if (!isCurrency(currency)) return bad(`${currency} is no currency of ISO 4217`);
  if (currency !== group.currency) {
    return bad(`the pay group "${payGroup}" pays ${group.currency}, not ${currency}`);
  }
  if (taxTable !== null && !config.taxTables.some(({ name }) => name === taxTable)) {
    return bad(`there is no tax table "${taxTable}"`);
  }
  const unknown = components.find(({ name }) => !config.components.some((c) => c.name === name));
  if (unknown !== undefined) return bad(`there is no component "${unknown.name}"`);
  return bank === null ? undefined : badBank(bank);
}

function badBank({ iban, bic, routing }: NonNullable<PayAccount["bank"]>): Refusal | undefined {
  if (iban !== null && !isIban(iban)) return bad("the IBAN has wrong check digits or length");
  if (bic !== null && !isBic(bic)) return bad("that is not a BIC");
  if (routing !== null && !isRoutingNumber(routing)) {
    return bad("the routing number has a wrong check digit");
  }
  return undefined;
}

const bad = (message: string): Refusal => refuse("payroll.bad-account", message);

const cursorSchema = z.int().min(1);

function addRunReads(router: ApiRouter, deps: PayrollRoutesDeps): void {
  const { db, progress } = deps;
  router.openapi(listRunsRoute, async (c) => {
    const { cursor, limit, payGroup } = c.req.valid("query");
    const before = decodeCursor(cursor, cursorSchema);
    const found = await runs(db, { payGroup, before, limit: limit + 1 });
    const shown = found.slice(0, limit);
    const last = found.length > limit ? shown.at(-1) : undefined;
    const next = last === undefined ? null : encodeCursor(last.opened_seq);
    return c.json(page(c, shown.map(runView), next), 200);
  });

  router.openapi(showRunRoute, async (c) => {
    const { runId } = c.req.valid("param");
    const found = await run(db, runId);
    if (found === undefined) return problem(c, { code: "command.not-found" });
    const details = {
      results: await results(db, runId),
      blockers: found.status === "open" ? await blockersOfRun(deps, found) : [],
      progress: await progress.get(runId),
      isHard: (kind: Parameters<typeof HARD_BLOCKERS.has>[0]) => HARD_BLOCKERS.has(kind),
    };
    setEtag(c, found.version);
    return c.json(runDetailsView(found, details), 200);
  });

  router.openapi(resultsRoute, async (c) => {
    const found = await run(db, c.req.valid("param").runId);
    if (found === undefined) return problem(c, { code: "command.not-found" });
    const { cursor, limit } = c.req.valid("query");
    const after = decodeCursor(cursor, tokenSchema);
    const rows = await resultsPage(db, found.run_id, { after, limit: limit + 1 });
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    const next = last === undefined ? null : encodeCursor(last.employee_id);
    const items = shown.map((row) => resultView(row, found.currency));
    return c.json(page(c, items, next), 200);
  });
}

function addRunCommands(router: ApiRouter, deps: PayrollRoutesDeps): void {
  const { db, runners, nowMs } = deps;
  const afterwards = async (runId: string, seq: number): Promise<RunRecord> => {
    await deps.waitFor(seq, READ_YOUR_WRITES_MS);
    const found = await run(db, runId);
    if (found === undefined) throw notShownYet();
    return found;
  };

  router.openapi(openRunRoute, async (c) => {
    const asked = { ...c.req.valid("json"), by: c.get("principal").name };
    const opened = await openRun(deps, asked, causeIn(c, deps));
    if (isRefusal(opened)) return refused(c, opened);
    const view = runView(await afterwards(opened.runId, opened.seq));
    if (!opened.isNew) return c.json(view, 200);
    c.header("Location", `/api/v1/payroll/runs/${opened.runId}`);
    return c.json(view, 201);
  });

  router.openapi(calculateRoute, async (c) => {
    const { runId } = c.req.valid("param");
    const command = { type: "calculate", by: c.get("principal").name, at: nowMs() } as const;
    const outcome = await runners.runs.handle(runId, command, causeIn(c, deps));
    if (isRefusal(outcome)) return refused(c, outcome);
    const view = runView(await afterwards(runId, outcome.seq));
    const id = operationOf(runId, view.calculation);
    followOperation(c, { kind: OPERATION, id, shows: `/api/v1/payroll/runs/${runId}` });
    return c.json(view, 202);
  });

  router.openapi(submitRoute, async (c) => {
    const found = await run(db, c.req.valid("param").runId);
    if (found === undefined) return problem(c, { code: "command.not-found" });
    const outcome = await submitRun(deps, found, {
      ...c.req.valid("json"),
      by: c.get("principal").name,
      cause: causeIn(c, deps),
    });
    if (isRefusal(outcome)) return refused(c, outcome);
    return c.json(runView(await afterwards(found.run_id, outcome.seq)), 200);
  });
}

function addFiles(router: ApiRouter, deps: PayrollRoutesDeps): void {
  const { db, sources, documents } = deps;
  router.openapi(exportRoute, async (c) => {
    const { layout } = c.req.valid("query");
    const found = await run(db, c.req.valid("param").runId);
    if (found === undefined) return problem(c, { code: "command.not-found" });
    const rows = (await results(db, found.run_id)).filter((row) => row.is_empty === 0);
    const of = { run: found, results: rows, ...sources.config.exports };
    const file = exportRun(of, EXPORT_LAYOUTS[layout]);
    return attachment(c, file, { name: `${found.run_id}-${layout}.csv`, type: "text/csv" });
  });

  router.openapi(fileRoute, async (c) => {
    const { runId, kind } = c.req.valid("param");
    const file = await documents.get(paymentDocument(runId, kind), null);
    if (file === undefined) return problem(c, { code: "command.not-found" });
    const { mediaType, ending } = PAYMENT_FILE_TYPES[kind];
    return attachment(c, file, { name: `${runId}.${ending}`, type: mediaType });
  });
}

function attachment(
  c: Context<ApiEnv>,
  bytes: Uint8Array,
  { name, type }: { readonly name: string; readonly type: string },
): Response {
  return c.body(new Uint8Array(bytes), 200, {
    "content-type": type,
    "content-disposition": `attachment; filename="${name}"`,
    "cache-control": "no-store",
  });
}

function addPeople(router: ApiRouter, deps: PayrollRoutesDeps): void {
  const { db, documents, sources, caughtUpWithAll: caughtUp } = deps;
  router.openapi(payslipsRoute, async (c) => {
    const { employeeId } = c.req.valid("param");
    const items = (await payslipsOf(db, employeeId)).map((row) => ({
      runId: row.run_id,
      employeeId,
      fromOn: row.from_on,
      toOn: row.to_on,
      payOn: row.pay_on,
      net: decimalOf(row.net_minor, row.currency),
      currency: row.currency,
      documentId: row.payslip_id ?? "",
      sha256: row.payslip_sha256 ?? "",
    }));
    return c.json({ items }, 200);
  });

  router.openapi(payslipRoute, async (c) => {
    const { employeeId, runId } = c.req.valid("param");
    // A run that is not paid yet may still change: until then its payslips are for those who make it.
    const found = await run(db, runId);
    const isOut = found?.status === "locked" || guardOf(c).coversCompany();
    const file = isOut
      ? await documents.get(payslipDocument(runId, employeeId), employeeId)
      : undefined;
    if (file === undefined) return problem(c, { code: "command.not-found" });
    return attachment(c, file, { name: `payslip-${runId}.pdf`, type: "application/pdf" });
  });

  router.openapi(salaryRoute, async (c) => {
    const { employeeId } = c.req.valid("param");
    const asked = { employeeId, ...c.req.valid("query") };
    return c.json(salaryView(await salaryOf({ sources, caughtUp }, asked)), 200);
  });

  router.openapi(explainPayslipRoute, async (c) => {
    const { employeeId, runId } = c.req.valid("param");
    const found = await run(db, runId);
    const isOut = found?.status === "locked" || guardOf(c).coversCompany();
    const row = isOut ? await result(db, runId, employeeId) : undefined;
    if (found === undefined || row === undefined) return problem(c, { code: "command.not-found" });
    return c.json(await explainPayslip(sources, found, row), 200);
  });

  router.openapi(adjustmentsRoute, async (c) => {
    const { employeeId } = c.req.valid("param");
    return c.json({ items: await adjustmentsOf(db, employeeId) }, 200);
  });
}

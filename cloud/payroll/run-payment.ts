import type { EventOf } from "@clockleaf/shared/events/envelope.ts";
import type { BankAccount, payRunApproved } from "@clockleaf/shared/events/payroll.ts";
import { isRefusal } from "../eventing/decider.ts";
import type { Cause } from "../eventing/event-store.ts";
import { accountOn } from "./calculation/accounts.ts";
import type { Payment, PaymentBatch } from "./files/payment.ts";
import { type FileKind, fileFor, paymentFile } from "./files/payment-files.ts";
import { messageId, paymentDocument, paymentReference, resultAggregate } from "./ids.ts";
import { accountsOf, rulesOf } from "./pay-facts.ts";
import { type ResultRecord, type RunRecord, results } from "./reads.ts";
import type { CalculationDeps } from "./run-calculation.ts";

type Approved = EventOf<typeof payRunApproved>["data"];

export type PaymentDeps = Omit<CalculationDeps, "progress">;

interface Paying {
  readonly run: RunRecord;
  readonly approved: Approved;
}

/**
 * Makes the payment files of an approved run, tells each payment, and locks the period. Killed anywhere, it is done again:
 * bank accounts are those of the submission, which is what was approved: a change after it does not divert money, the files
 * have the same bytes each time, and no payment is told twice.
 */
export async function payRun(
  deps: PaymentDeps,
  run: RunRecord,
  { approved, cause }: { approved: Approved; cause: Cause },
): Promise<void> {
  if (run.status === "locked") return;
  const paying = { run, approved };
  const paid = (await results(deps.sources.pay, run.run_id)).filter(
    ({ is_empty }) => is_empty === 0,
  );
  const byKind = await paymentsByKind(deps, run, paid);
  for (const [kind, payments] of byKind) {
    await payByFile(deps, { ...paying, kind, payments, cause });
  }
  const people = paid.map((row) => row.employee_id);
  const lock = { type: "lock", people, at: approved.at } as const;
  const outcome = await deps.runners.runs.handle(run.run_id, lock, cause);
  if (isRefusal(outcome)) throw new Error(`an approved run is not locked: ${outcome.code}`);
}

/** Who gets money by which file, in the order of their ids. Who has no bank account is paid some other way. */
async function paymentsByKind(
  { sources }: PaymentDeps,
  run: RunRecord,
  paid: readonly ResultRecord[],
): Promise<Map<FileKind, Payment[]>> {
  const { group } = rulesOf(sources, run.pay_group);
  const byKind = new Map<FileKind, Payment[]>();
  for (const { employee_id: employeeId, net_minor: amountMinor } of paid) {
    if (amountMinor <= 0) continue;
    const accounts = await accountsOf(sources, employeeId, run.submitted_seq ?? 0);
    const bank = accountOn(accounts, run.to_on)?.account.bank ?? null;
    const kind = bank === null ? undefined : fileFor(bank, group, amountMinor);
    if (bank === null || kind === undefined) continue;
    const payment = paymentOf(run, { employeeId, amountMinor, bank });
    byKind.set(kind, [...(byKind.get(kind) ?? []), payment]);
  }
  return byKind;
}

function paymentOf(
  run: RunRecord,
  of: { readonly employeeId: string; readonly amountMinor: number; readonly bank: BankAccount },
): Payment {
  const { employeeId, amountMinor, bank } = of;
  return { employeeId, reference: paymentReference(run.run_id, employeeId), amountMinor, ...bank };
}

interface ByFile extends Paying {
  readonly kind: FileKind;
  readonly payments: readonly Payment[];
  readonly cause: Cause;
}

async function payByFile(deps: PaymentDeps, paying: ByFile): Promise<void> {
  const { run, approved, kind, payments, cause } = paying;
  const { bank } = rulesOf(deps.sources, run.pay_group).group;
  const batch: PaymentBatch = {
    runId: run.run_id,
    messageId: messageId(run.run_id, kind),
    currency: run.currency,
    payOn: run.pay_on,
    approvedAt: approved.at,
    bank,
    payments,
  };
  const documentId = paymentDocument(run.run_id, kind);
  const bytes = paymentFile(kind, batch);
  await deps.documents.put({ documentId, personId: null, bytes });
  for (const { employeeId, amountMinor, reference } of payments) {
    const payment = {
      employeeId,
      runId: run.run_id,
      periodId: run.period_id,
      amountMinor,
      currency: run.currency,
      reference,
      documentId,
      payOn: run.pay_on,
    };
    const id = resultAggregate(run.run_id, employeeId);
    await deps.runners.results.handle(id, { type: "pay", payment }, cause);
  }
}

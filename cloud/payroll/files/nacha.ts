import { total } from "../calculation/money.ts";
import type { Payment, PaymentBatch } from "./payment.ts";
import { plainText } from "./plain-text.ts";

const RECORD = 94;
const BLOCK = 10;
const CREDITS_ONLY = "220";
/** Nacha operating rules: a credit to a checking account. */
const CHECKING_CREDIT = "22";
/** Ten digits of cents. */
export const NACHA_MOST_MINOR = 9_999_999_999;

const text = (value: string, width: number): string =>
  plainText(value, width).toUpperCase().padEnd(width);
const digits = (value: number, width: number): string =>
  String(value).padStart(width, "0").slice(-width);
const blank = (width: number): string => " ".repeat(width);

interface Company {
  readonly name: string;
  readonly id: string;
  readonly routing: string;
  readonly bankName: string;
}

/** An ACH file of one PPD batch of credits: records of 94 characters, filled up with nines to blocks of ten. */
export function nachaFile(batch: PaymentBatch): Uint8Array {
  const { bank, payments } = batch;
  if (bank?.routing === undefined || bank.companyId === undefined) {
    throw new Error("nacha needs bank.routing and bank.companyId: the configuration sees to it");
  }
  const { name, routing, companyId: id, bankName = "." } = bank;
  const company = { name, id, routing, bankName };
  const odfi = routing.slice(0, 8);
  const totals = totalsOf(batch);
  const records = [
    fileHeader(company, batch),
    batchHeader(company, batch),
    ...payments.map((payment, index) => entry(payment, `${odfi}${digits(index + 1, 7)}`)),
    [
      `8${CREDITS_ONLY}${digits(payments.length, 6)}${totals}${id}`,
      blank(19),
      blank(6),
      `${odfi}${digits(1, 7)}`,
    ].join(""),
  ];
  const blocks = Math.ceil((records.length + 1) / BLOCK);
  const counts = `9${digits(1, 6)}${digits(blocks, 6)}${digits(payments.length, 8)}`;
  records.push(`${counts}${totals}${blank(39)}`);
  while (records.length < blocks * BLOCK) records.push("9".repeat(RECORD));
  return new TextEncoder().encode(`${records.join("\n")}\n`);
}

/** Entry hash, debits and credits, as both control records have them. */
function totalsOf({ payments, currency }: PaymentBatch): string {
  const hash = payments.reduce((sum, { routing }) => sum + Number((routing ?? "").slice(0, 8)), 0);
  const credit = total(
    payments.map(({ amountMinor }) => amountMinor),
    currency,
  );
  return `${digits(hash, 10)}${digits(0, 12)}${digits(credit, 12)}`;
}

function fileHeader(company: Company, { approvedAt }: PaymentBatch): string {
  const made = new Date(approvedAt).toISOString();
  return [
    "101",
    ` ${company.routing}`,
    company.id,
    day(made.slice(0, 10)),
    made.slice(11, 16).replace(":", ""),
    "A094101",
    text(company.bankName, 23),
    text(company.name, 23),
    blank(8),
  ].join("");
}

function batchHeader(company: Company, { payOn }: PaymentBatch): string {
  return [
    `5${CREDITS_ONLY}`,
    text(company.name, 16),
    blank(20),
    company.id,
    "PPD",
    text("PAYROLL", 10),
    day(payOn),
    day(payOn),
    blank(3),
    `1${company.routing.slice(0, 8)}${digits(1, 7)}`,
  ].join("");
}

const day = (on: string): string => on.slice(2).replaceAll("-", "");

function entry(payment: Payment, trace: string): string {
  const { routing, account, amountMinor, holder, reference } = payment;
  return [
    `6${CHECKING_CREDIT}`,
    routing ?? "",
    text(account ?? "", 17),
    digits(amountMinor, 10),
    // The reference is longer than the field: its end tells payments apart as well.
    text(reference.slice(-15), 15),
    text(holder, 22),
    blank(2),
    "0",
    trace,
  ].join("");
}

import type { BankAccount } from "@clockleaf/shared/events/payroll.ts";
import { isSEPACountry } from "ibantools";
import { decimalOf } from "../calculation/money.ts";
import type { FILE_KINDS, PayGroup } from "../config.ts";
import { compactIban, isIban, isRoutingNumber } from "./bank-numbers.ts";
import { csv, PLAIN_CSV } from "./csv.ts";
import { NACHA_MOST_MINOR, nachaFile } from "./nacha.ts";
import type { PaymentBatch } from "./payment.ts";
import { sepaFile } from "./sepa.ts";

export type FileKind = (typeof FILE_KINDS)[number];

/** The first of the group's files that can pay this account; undefined = none can. */
export function fileFor(
  bank: BankAccount,
  { files }: PayGroup,
  amountMinor: number,
): FileKind | undefined {
  return files.find((kind) => {
    switch (kind) {
      case "sepa":
        return (
          bank.iban !== null &&
          isIban(bank.iban) &&
          isSEPACountry(compactIban(bank.iban).slice(0, 2))
        );
      case "nacha":
        return (
          bank.routing !== null &&
          isRoutingNumber(bank.routing) &&
          bank.account !== null &&
          amountMinor <= NACHA_MOST_MINOR
        );
      case "csv":
        return bank.iban !== null || bank.account !== null;
    }
  });
}

export function paymentFile(kind: FileKind, batch: PaymentBatch): Uint8Array {
  switch (kind) {
    case "sepa":
      return sepaFile(batch);
    case "nacha":
      return nachaFile(batch);
    case "csv":
      return bankCsv(batch);
  }
}

export const PAYMENT_FILE_TYPES = {
  sepa: { mediaType: "application/xml", ending: "xml" },
  nacha: { mediaType: "text/plain", ending: "ach" },
  csv: { mediaType: "text/csv", ending: "csv" },
} as const satisfies Record<FileKind, { mediaType: string; ending: string }>;

const HEADS = [
  "reference",
  "holder",
  "iban",
  "bic",
  "routing",
  "account",
  "amount",
  "currency",
  "payOn",
];

function bankCsv({ payments, currency, payOn }: PaymentBatch): Uint8Array {
  const rows = payments.map((each) => [
    each.reference,
    each.holder,
    each.iban === null ? null : compactIban(each.iban),
    each.bic,
    each.routing,
    each.account,
    { number: decimalOf(each.amountMinor, currency) },
    currency,
    payOn,
  ]);
  return new TextEncoder().encode(csv([HEADS, ...rows], PLAIN_CSV));
}

import { create } from "xmlbuilder2";
import { decimalOf, total } from "../calculation/money.ts";
import { compactIban } from "./bank-numbers.ts";
import type { Payment, PaymentBatch } from "./payment.ts";
import { plainText } from "./plain-text.ts";

const NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09";

/** A SEPA credit transfer initiation, ISO 20022 pain.001.001.09, one batch of salaries. Elements in the schema's order. */
export function sepaFile(batch: PaymentBatch): Uint8Array {
  const { bank, payments, currency } = batch;
  if (bank?.iban === undefined)
    throw new Error("sepa needs bank.iban: the configuration sees to it");
  const sum = decimalOf(
    total(
      payments.map(({ amountMinor }) => amountMinor),
      currency,
    ),
    currency,
  );
  const name = plainText(bank.name, 70);
  const counts = { NbOfTxs: String(payments.length), CtrlSum: sum };
  const document = {
    Document: {
      "@xmlns": NAMESPACE,
      CstmrCdtTrfInitn: {
        GrpHdr: {
          MsgId: batch.messageId,
          CreDtTm: `${new Date(batch.approvedAt).toISOString().slice(0, 19)}Z`,
          ...counts,
          InitgPty: {
            Nm: name,
            ...(bank.creditorId === undefined
              ? {}
              : { Id: { OrgId: { Othr: { Id: plainText(bank.creditorId, 35) } } } }),
          },
        },
        PmtInf: {
          PmtInfId: batch.messageId,
          PmtMtd: "TRF",
          BtchBookg: "true",
          ...counts,
          PmtTpInf: { SvcLvl: { Cd: "SEPA" }, CtgyPurp: { Cd: "SALA" } },
          ReqdExctnDt: { Dt: batch.payOn },
          Dbtr: { Nm: name },
          DbtrAcct: { Id: { IBAN: compactIban(bank.iban) } },
          DbtrAgt: {
            FinInstnId:
              bank.bic === undefined ? { Othr: { Id: "NOTPROVIDED" } } : { BICFI: bank.bic },
          },
          ChrgBr: "SLEV",
          CdtTrfTxInf: payments.map((payment) => transfer(payment, batch)),
        },
      },
    },
  };
  const xml = create({ version: "1.0", encoding: "UTF-8" }, document).end({ prettyPrint: true });
  return new TextEncoder().encode(`${xml}\n`);
}

function transfer(payment: Payment, { currency, payOn }: PaymentBatch): object {
  const { reference, amountMinor, holder, iban, bic } = payment;
  return {
    PmtId: { EndToEndId: reference },
    Amt: { InstdAmt: { "@Ccy": currency, "#": decimalOf(amountMinor, currency) } },
    ...(bic === null ? {} : { CdtrAgt: { FinInstnId: { BICFI: bic } } }),
    Cdtr: { Nm: plainText(holder, 70) },
    CdtrAcct: { Id: { IBAN: compactIban(iban ?? "") } },
    RmtInf: { Ustrd: `Pay ${payOn}` },
  };
}

import { describe, expect, test } from "vitest";
import { convert } from "xmlbuilder2";
import { PAYROLL_TEST_CONFIG } from "../../../test/support/payroll.ts";
import { isBic, isIban, isRoutingNumber } from "./bank-numbers.ts";
import type { Payment, PaymentBatch } from "./payment.ts";
import { fileFor, paymentFile } from "./payment-files.ts";
import { plainText } from "./plain-text.ts";

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const groupNamed = (name: string) => {
  const group = PAYROLL_TEST_CONFIG.groups[name];
  if (group === undefined) throw new Error(`no ${name}`);
  return group;
};

const payment = (more: Partial<Payment>): Payment => ({
  employeeId: "mara",
  reference: "p-0123456789abcdef0123456789abcdef",
  amountMinor: 123_456,
  holder: "Łukasz Żółć & Søn",
  iban: "DE02 1203 0000 0000 2020 51",
  bic: "BYLADEM1001",
  routing: null,
  account: null,
  ...more,
});
const batch = (group: string, payments: Payment[]): PaymentBatch => ({
  runId: "monthly-2026-11-run-1",
  messageId: "m-0123456789abcdef0123456789abcdef",
  currency: groupNamed(group).currency,
  payOn: "2026-11-30",
  approvedAt: Date.parse("2026-11-28T13:45:59.123Z"),
  bank: groupNamed(group).bank,
  payments,
});

const order = (file: string, element: string): string[] => {
  const inside = new RegExp(`<${element}>([\\s\\S]*?)</${element}>`).exec(file)?.[1] ?? "";
  const indent = /\n( *)</.exec(inside)?.[1] ?? "";
  return Array.from(
    inside.matchAll(new RegExp(`\n${indent}<(\\w+)`, "g")),
    ([, name]) => name ?? "",
  );
};

describe("pain.001.001.09", () => {
  const second = payment({ bic: null, amountMinor: 1, reference: "p-2", holder: "Мария" });
  const file = text(paymentFile("sepa", batch("monthly", [payment({}), second])));
  // oxlint-disable-next-line typescript/no-explicit-any -- any XML
  const root: any = convert(file, { format: "object" });
  const { GrpHdr: head, PmtInf: info } = root.Document.CstmrCdtTrfInitn;

  test("is well-formed, of the namespace, with counts and control sums in both heads", () => {
    expect(file.startsWith('<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns=')).toBe(true);
    expect(root.Document["@xmlns"]).toBe("urn:iso:std:iso:20022:tech:xsd:pain.001.001.09");
    const counts = { NbOfTxs: "2", CtrlSum: "1234.57" };
    expect(head).toMatchObject({
      MsgId: "m-0123456789abcdef0123456789abcdef",
      CreDtTm: "2026-11-28T13:45:59Z",
      ...counts,
      InitgPty: { Nm: "Example GmbH" },
    });
    expect(info).toMatchObject({
      PmtMtd: "TRF",
      ...counts,
      PmtTpInf: { SvcLvl: { Cd: "SEPA" }, CtgyPurp: { Cd: "SALA" } },
      ReqdExctnDt: { Dt: "2026-11-30" },
      DbtrAcct: { Id: { IBAN: "DE89370400440532013000" } },
      DbtrAgt: { FinInstnId: { BICFI: "COBADEFFXXX" } },
      ChrgBr: "SLEV",
    });
  });

  test("pays each once, in the letters that every bank takes", () => {
    expect(info.CdtTrfTxInf).toMatchObject([
      {
        PmtId: { EndToEndId: "p-0123456789abcdef0123456789abcdef" },
        Amt: { InstdAmt: { "@Ccy": "EUR", "#": "1234.56" } },
        CdtrAgt: { FinInstnId: { BICFI: "BYLADEM1001" } },
        Cdtr: { Nm: "Lukasz Zolc . Son" },
        CdtrAcct: { Id: { IBAN: "DE02120300000000202051" } },
      },
      { Cdtr: { Nm: "Mariya" }, Amt: { InstdAmt: { "#": "0.01" } } },
    ]);
    expect(info.CdtTrfTxInf[1].CdtrAgt).toBeUndefined();
    for (const id of [head.MsgId, info.PmtInfId, info.CdtTrfTxInf[0].PmtId.EndToEndId]) {
      expect(id.length).toBeLessThanOrEqual(35);
    }
    expect(file).toMatch(/^[\x20-\x7e\n]*$/);
  });

  test("has its elements in the order of the schema", () => {
    expect(order(file, "GrpHdr")).toEqual(["MsgId", "CreDtTm", "NbOfTxs", "CtrlSum", "InitgPty"]);
    expect([...new Set(order(file, "PmtInf"))].join(" ")).toBe(
      "PmtInfId PmtMtd BtchBookg NbOfTxs CtrlSum PmtTpInf ReqdExctnDt Dbtr DbtrAcct DbtrAgt ChrgBr CdtTrfTxInf",
    );
    expect(order(file, "CdtTrfTxInf")).toEqual([
      "PmtId",
      "Amt",
      "CdtrAgt",
      "Cdtr",
      "CdtrAcct",
      "RmtInf",
    ]);
  });
});

const fields = (record: string, ...widths: number[]): string[] => {
  let at = 0;
  return widths.map((width) => record.slice(at, (at += width)));
};

describe("NACHA", () => {
  const routing = "121000358";
  const payments = Array.from({ length: 12 }, (_, index) =>
    payment({
      iban: null,
      bic: null,
      routing,
      account: `00123-${index}`,
      amountMinor: 100 + index,
      reference: `p-${index}`.padEnd(34, "f"),
    }),
  );
  const file = text(paymentFile("nacha", batch("weekly", payments)));
  const records = file.split("\n").slice(0, -1);

  test("is records of 94 characters in blocks of ten", () => {
    expect(records.length % 10).toBe(0);
    expect(records.every((record) => /^[\x20-\x7e]{94}$/.test(record))).toBe(true);
    expect(records.map((record) => record[0]).join("")).toBe(
      `15${"6".repeat(12)}89${"9".repeat(4)}`,
    );
  });

  test("begins with the file header", () => {
    expect(fields(records[0] ?? "", 1, 2, 10, 10, 6, 4, 1, 3, 2, 1, 23, 23, 8)).toEqual([
      "1",
      "01",
      " 021000021",
      "1123456789",
      "261128",
      "1345",
      "A",
      "094",
      "10",
      "1",
      "EXAMPLE BANK".padEnd(23),
      "EXAMPLE INC".padEnd(23),
      " ".repeat(8),
    ]);
  });

  test("has one batch of credits with its company and dates", () => {
    expect(fields(records[1] ?? "", 1, 3, 16, 20, 10, 3, 10, 6, 6, 3, 1, 8, 7)).toEqual([
      "5",
      "220",
      "EXAMPLE INC".padEnd(16),
      " ".repeat(20),
      "1123456789",
      "PPD",
      "PAYROLL   ",
      "261130",
      "261130",
      "   ",
      "1",
      "02100002",
      "0000001",
    ]);
  });

  test("pays each with a trace number that counts", () => {
    expect(fields(records[3] ?? "", 1, 2, 8, 1, 17, 10, 15, 22, 2, 1, 15)).toEqual([
      "6",
      "22",
      "12100035",
      "8",
      "00123-1".padEnd(17),
      "0000000101",
      "F".repeat(15),
      "LUKASZ ZOLC . SON".padEnd(22),
      "  ",
      "0",
      "021000020000002",
    ]);
  });

  test("ends with controls that agree: counts, hash, credits", () => {
    const hash = String(12 * 12_100_035).padStart(10, "0");
    const credit = String(12 * 100 + 66).padStart(12, "0");
    const zero = "0".repeat(12);
    expect(fields(records[14] ?? "", 1, 3, 6, 10, 12, 12, 10, 19, 6, 8, 7)).toEqual([
      "8",
      "220",
      "000012",
      hash,
      zero,
      credit,
      "1123456789",
      " ".repeat(19),
      " ".repeat(6),
      "02100002",
      "0000001",
    ]);
    expect(fields(records[15] ?? "", 1, 6, 6, 8, 10, 12, 12, 39)).toEqual([
      "9",
      "000001",
      "000002",
      "00000012",
      hash,
      zero,
      credit,
      " ".repeat(39),
    ]);
  });
});

test("the bank CSV cannot be made to run a formula, and says amounts as numbers", () => {
  const evil = payment({ holder: '=HYPERLINK("http://x")', amountMinor: 5 });
  const [, row] = text(paymentFile("csv", batch("monthly", [evil]))).split("\r\n");
  expect(row).toBe(
    'p-0123456789abcdef0123456789abcdef,"\'=HYPERLINK(""http://x"")",DE02120300000000202051,BYLADEM1001,,,0.05,EUR,2026-11-30',
  );
});

test("the same batch has the same bytes", () => {
  const one = batch("monthly", [payment({})]);
  expect(paymentFile("sepa", one)).toEqual(paymentFile("sepa", structuredClone(one)));
});

test("money goes into the first file that can pay the account", () => {
  const { iban, bic, routing, account, holder } = payment({});
  const bank = { holder, iban, bic, routing, account };
  const monthly = groupNamed("monthly");
  expect(fileFor(bank, monthly, 1)).toBe("sepa");
  const abroad = { ...bank, iban: "QA58DOHB00001234567890ABCDEFG" };
  expect(fileFor(abroad, monthly, 1)).toBe("csv");
  expect(fileFor({ ...bank, iban: null }, monthly, 1)).toBeUndefined();
  const american = { ...bank, iban: null, routing: "021000021", account: "1" };
  expect(fileFor(american, groupNamed("weekly"), 9_999_999_999)).toBe("nacha");
  expect(fileFor(american, groupNamed("weekly"), 10_000_000_000)).toBeUndefined();
});

test("bank numbers have right check digits or are refused", () => {
  expect(isIban("DE89 3704 0044 0532 0130 00")).toBe(true);
  expect(isIban("DE89370400440532013001")).toBe(false);
  expect(isBic("COBADEFFXXX")).toBe(true);
  expect(isBic("COBADE")).toBe(false);
  expect(isRoutingNumber("021000021")).toBe(true);
  expect(isRoutingNumber("021000022")).toBe(false);
  expect(isRoutingNumber("02100002")).toBe(false);
});

test("text is written in the letters of payment files", () => {
  expect(plainText("Ærøskøbing Straße", 70)).toBe("AEroskobing Strasse");
  expect(plainText("Αλέξανδρος", 70)).toBe("Alexandros");
  expect(plainText("//a//b//", 70)).toBe("a/b");
  expect(plainText("王小明", 70)).toBe("...");
  expect(plainText("  ", 70)).toBe(".");
  expect(plainText("x".repeat(80), 70)).toHaveLength(70);
});

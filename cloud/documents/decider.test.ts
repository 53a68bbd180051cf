import { describe, expect, it } from "vitest";
import { given, refused } from "../eventing/decider-spec.ts";
import { type DocumentRecord, documentDecider } from "./decider.ts";

const record: DocumentRecord = {
  documentId: "d-1",
  kind: "attachment",
  employeeId: "e-1",
  name: "attachment.pdf",
  mediaType: "application/pdf",
  bytes: 3,
  sha256: "a".repeat(64),
  storedBy: "ada",
  at: 1,
};
const stored = { type: "document.document.stored", data: record } as const;
const erased = {
  type: "document.document.erased",
  data: { documentId: "d-1", by: "ada", at: 2 },
} as const;
const erase = { type: "erase", because: "asked", by: "ada", at: 2 } as const;

describe("a document", () => {
  it("is stored once, however often it is told", () => {
    expect(given(documentDecider).when({ type: "store", record })).toEqual([stored]);
    const again = { ...record, at: 99, storedBy: "another process" };
    expect(given(documentDecider, [stored]).when({ type: "store", record: again })).toEqual([]);
  });

  it("is replaced by other bytes of the same person and kind only", () => {
    const other = { ...record, sha256: "b".repeat(64) };
    const known = given(documentDecider, [stored]);
    expect(known.when({ type: "store", record: other })).toEqual([{ ...stored, data: other }]);
    for (const change of [
      { employeeId: "e-2" },
      { employeeId: null },
      { kind: "payslip" as const },
    ]) {
      const stranger = { ...other, ...change };
      const refusal = refused("document.not-the-same");
      expect(known.when({ type: "store", record: stranger })).toMatchObject(refusal);
    }
  });

  it("is erased once and for good", () => {
    expect(given(documentDecider, [stored]).when(erase)).toEqual([erased]);
    const known = given(documentDecider, [stored, erased]);
    expect(known.when(erase)).toEqual([]);
    expect(known.when({ type: "store", record })).toMatchObject(refused("document.erased"));
    expect(given(documentDecider).when(erase)).toMatchObject(refused("document.not-found"));
  });

  it("is deleted on request if it is an attachment, and in any case when its person is erased", () => {
    const payslip = { ...stored, data: { ...record, kind: "payslip" as const } };
    const known = given(documentDecider, [payslip]);
    expect(known.when(erase)).toMatchObject(refused("document.not-yours-to-erase"));
    expect(known.when({ ...erase, because: "person" })).toEqual([erased]);
  });
});

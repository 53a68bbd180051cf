import { expect, test } from "vitest";
import { z } from "zod";
import { spanOf } from "./span.ts";

const span = spanOf({
  first: "from",
  last: "to",
  mostDays: 2,
  within: ["1970-01-05", "9999-12-26"],
});
const schema = z.object({ from: z.iso.date(), to: z.iso.date() }).superRefine(span.check);

const faultsOf = (from: string, to: string): string[] => {
  const parsed = schema.safeParse({ from, to });
  return (parsed.error?.issues ?? []).map(({ path, message }) => `${path.join("/")}: ${message}`);
};

test.each([
  ["2026-11-02", "2026-11-02", []],
  ["2026-11-02", "2026-11-04", []],
  ["2026-11-02", "2026-11-05", ["to: at most 2 days after from"]],
  ["2026-11-02", "2026-11-01", ["to: must not lie before from"]],
  ["1970-01-04", "1970-01-05", ["from: from 1970-01-05 to 9999-12-26"]],
  ["9999-12-26", "9999-12-27", ["to: from 1970-01-05 to 9999-12-26"]],
])("a time from %s to %s", (from, to, faults) => {
  expect(faultsOf(from, to)).toEqual(faults);
});

test("the document says what is checked", () => {
  expect(span.document["x-span"]).toMatchObject({ first: "from", last: "to", mostDays: 2 });
});

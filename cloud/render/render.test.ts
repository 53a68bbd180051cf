import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { renderCsv } from "./csv.ts";
import type { Cell, Table } from "./document.ts";
import { renderXlsx } from "./xlsx.ts";

const SEED = 20261130;
const table = (rows: ReadonlyArray<readonly Cell[]> = []): Table => ({
  columns: [
    { title: "Name", align: "left" },
    { title: "Hours", align: "right" },
  ],
  rows,
});
const csv = (given: Table, byteOrderMark = false): string =>
  Buffer.from(renderCsv(given, { byteOrderMark })).toString();

describe("a table as CSV", () => {
  it("has a head, quotes what needs it, ends lines as RFC 4180 says, and has its totals last", () => {
    const given = {
      ...table([
        ["a,b", "1.50"],
        ['say "x"', null],
      ]),
      totals: ["Total", "1.50"],
    };
    expect(csv(given)).toBe('Name,Hours\r\n"a,b",1.50\r\n"say ""x""",\r\nTotal,1.50\r\n');
  });

  it("begins with a byte order mark where that is wanted", () => {
    expect(csv(table(), true)).toBe("\uFEFFName,Hours\r\n");
  });

  it(`lets no text become a formula, and no number a text (seed ${SEED})`, () => {
    const dangerous = fc
      .tuple(fc.constantFrom("=", "+", "-", "@", "\t", "\r"), fc.string({ maxLength: 10 }))
      .map(([first, rest]) => `${first}${rest}x`);
    fc.assert(
      fc.property(dangerous, (text) => {
        const cell = csv(table([[text, "1"]])).slice("Name,Hours\r\n".length);
        expect(cell.replace(/^"/u, "").startsWith("'")).toBe(true);
      }),
      { seed: SEED },
    );
    expect(csv(table([["x", "-12.50"]]))).toContain("x,-12.50\r\n");
    expect(csv(table([["x", -3]]))).toContain("x,-3\r\n");
  });

  it("writes more rows than it turns into text at once", () => {
    const rows = Array.from({ length: 2_500 }, (_, index) => [`p${index}`, index]);
    expect(csv(table(rows)).trimEnd().split("\r\n").slice(1)).toEqual(
      rows.map(([name, hours]) => `${name},${hours}`),
    );
  });
});

const makeWorkbook = (): Promise<Uint8Array> =>
  renderXlsx({ table: table([["=1+1", "-2.50"]]), name: "Hours", about: [["As of", "x"]] });

describe("a workbook", () => {
  it("has the same bytes whenever it is made", async () => {
    vi.useFakeTimers({ now: Date.UTC(2026, 1, 3), toFake: ["Date"] });
    const first = await makeWorkbook();
    vi.setSystemTime(Date.UTC(2031, 4, 5));
    expect(await makeWorkbook()).toEqual(first);
    vi.useRealTimers();
    expect(Buffer.from(first.subarray(0, 2)).toString()).toBe("PK");
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exactly, fitTable, hanging, LINE, wrapText } from "./layout.ts";

// Fixed, so that a failure is the same everywhere; WORKTIME_SEED tries others.
const SEED = Number(process.env["WORKTIME_SEED"] ?? 20_260_112);
process.stdout.write(`layout property test: seed ${SEED}\n`);

describe("a table that fits", () => {
  it("leaves out columns that hold nothing", () => {
    expect(fitTable(["from", "booked on", "why"], [["08:00", "", "in"]])).toBe(
      "from   why\n08:00  in\n",
    );
    expect(fitTable(["from", "why"], [])).toBe("");
  });

  it("goes on below where a reason is long, and loses no word of it", () => {
    const words = Array.from({ length: 60 }, (_, index) => `word-${index}`);
    const text = fitTable(["from", "why"], [["08:00", words.join(" ")]]);
    const lines = text.trimEnd().split("\n");
    expect(lines.length).toBeGreaterThan(2);
    expect(lines[2]).toMatch(/^ {7}word-/);
    expect(text.match(/word-\d+/g)).toEqual(words);
  });

  it("is never wider than a line, whatever six columns hold", () => {
    const cell = fc.string({ maxLength: 300, unit: "binary-ascii" });
    const row = fc.array(cell, { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 4 }), (rows) => {
        const head = ["one", "two", "three", "four", "five", "six"];
        // two columns as long as can be, as ids and labels are; the others short
        const short = rows.map((cells) =>
          cells.map((text, at) => (at < 4 ? text.slice(0, 6) : text)),
        );
        for (const line of fitTable(head, short).split("\n")) {
          expect(line.length).toBeLessThanOrEqual(LINE);
          expect(line).not.toMatch(/\p{Cc}/u);
        }
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  it("lets no text from a file move the cursor or turn the line around", () => {
    expect(wrapText("a\u001B[2Jb\nc\u202Ed", 20)).toEqual(["a [2Jb c d"]);
    expect(hanging("- ", "x\ry")).toBe("- x y");
  });
});

describe("a length of time", () => {
  it("is spelt to the second, so that what is written adds up", () => {
    const spelt = [0, 5, 59, 60, 61, 1680, 3599, 3600, 3605, 3660, 13_740, 36_061].map(exactly);
    expect(spelt).toEqual([
      "0 s",
      "5 s",
      "59 s",
      "1 min",
      "1 min 01 s",
      "28 min",
      "59 min 59 s",
      "1 h 00 min",
      "1 h 00 min 05 s",
      "1 h 01 min",
      "3 h 49 min",
      "10 h 01 min 01 s",
    ]);
  });
});

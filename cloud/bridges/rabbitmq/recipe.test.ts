import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createMarks, type Marks } from "./recipe.ts";

interface Source {
  readonly stream?: string;
  readonly incarnation?: number;
  readonly tenant?: string;
}

const headers = (
  seq: number,
  { stream = "ATTENDANCE", incarnation = 1, tenant = "acme" }: Source = {},
) => ({
  "nats-stream": stream,
  "nats-seq": String(seq),
  "nats-incarnation": String(incarnation),
  "clockleaf-tenant": tenant,
});
/** What has its effect, in order, of all that comes. */
const effects = (marks: Marks, coming: readonly number[]): number[] =>
  coming.filter((seq) => {
    if (marks.isRepeat(headers(seq))) return false;
    marks.note(headers(seq));
    return true;
  });

describe("marks of a consumer", () => {
  it("let nothing through twice and hold nothing back, wherever a bridge was cut off", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 40 }),
        fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 20 }),
        (steps, cuts) => {
          let seq = 0;
          const stored = steps.map((step) => (seq += step));
          // After every cut the bridge goes on a few messages before where it was.
          const coming: number[] = [];
          let from = 0;
          for (const cut of [...cuts, stored.length]) {
            const until = Math.min(stored.length, from + cut);
            coming.push(...stored.slice(from, until));
            from = Math.max(0, until - (cut % 7));
          }
          coming.push(...stored.slice(from));
          expect(effects(createMarks(), coming)).toEqual(stored);
        },
      ),
    );
  });

  it("are kept with the effect: a consumer that starts again goes on where they say", () => {
    const first = createMarks();
    effects(first, [1, 2, 3]);
    const again = createMarks(JSON.parse(JSON.stringify(first.state())));
    expect(effects(again, [2, 3, 4])).toEqual([4]);
  });

  it("are one per tenant and stream", () => {
    const marks = createMarks();
    marks.note(headers(10));
    expect(marks.isRepeat(headers(9))).toBe(true);
    expect(marks.isRepeat(headers(9, { stream: "LEAVE" }))).toBe(false);
    expect(marks.isRepeat(headers(9, { tenant: "other" }))).toBe(false);
  });

  it("begin anew with a stream that was made anew, and want nothing of the old one any more", () => {
    const marks = createMarks();
    marks.note(headers(10));
    expect(marks.isRepeat(headers(1, { incarnation: 2 }))).toBe(false);
    marks.note(headers(1, { incarnation: 2 }));
    expect(marks.isRepeat(headers(11))).toBe(true);
  });

  it("of a queue that refused a message in between count it as new when they remember a window", () => {
    // 3 was refused, 4 and 5 were not; then the whole window came again.
    const coming = [1, 2, 4, 5, 3, 4, 5, 6];
    expect(effects(createMarks({}, 4), coming)).toEqual([1, 2, 4, 5, 3, 6]);
    expect(effects(createMarks(), coming)).toEqual([1, 2, 4, 5, 6]);
  });

  it("say nothing about messages of others", () => {
    const marks = createMarks();
    marks.note({ "nats-seq": "x" });
    expect(marks.isRepeat({})).toBe(false);
    expect(marks.state()).toEqual({});
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createLiveRing, type LiveEvent } from "./live-ring.ts";

const event = (seq: number): LiveEvent => ({
  seq,
  type: "a.b.c",
  site: null,
  people: [],
  json: "{}",
});

describe("the ring of newest events", () => {
  it("gives everything after a position, in order and once, or says that it no longer can", () => {
    const step = fc.record({ gap: fc.integer({ min: 1, max: 3 }), isEvent: fc.boolean() });
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 60 }),
        fc.record({ from: fc.nat(120), max: fc.integer({ min: 1, max: 7 }), start: fc.nat(20) }),
        (steps, { from, max, start }) => {
          const ring = createLiveRing(8);
          ring.start(start);
          const stored: number[] = [];
          let seq = start;
          for (const { gap, isEvent } of steps) {
            seq += gap;
            if (isEvent) stored.push(seq);
            ring.add(seq, isEvent ? event(seq) : undefined);
          }
          const wanted = stored.filter((one) => one > from);
          const got: number[] = [];
          let position = from;
          for (let turn = 0; turn < 200 && position < ring.lastSeq; turn += 1) {
            const found = ring.after(position, max);
            if (found === undefined) {
              // Only what is older than the kept events, or than the start, may be refused.
              expect(position < start || wanted.length > 8).toBe(true);
              return;
            }
            expect(found.upTo).toBeGreaterThan(position);
            got.push(...found.events.map((one) => one.seq));
            position = found.upTo;
          }
          expect(got).toEqual(wanted);
        },
      ),
    );
  });

  it("wakes who waits when something new is stored, when the stream starts anew, and on abort", async () => {
    const ring = createLiveRing();
    const { signal } = new AbortController();
    const started = ring.whenStarted(signal);
    ring.start(5);
    await started;
    const next = ring.waitPast(5, signal);
    ring.add(6, undefined);
    await next;
    const again = ring.waitPast(6, signal);
    ring.start(2);
    await again;
    const stop = new AbortController();
    const never = ring.waitPast(2, stop.signal);
    stop.abort();
    await expect(never).rejects.toThrow("no longer waited for");
  });
});

import { describe, expect, it } from "vitest";
import { batched, resumeAfter } from "./source.ts";

const message = (bytes = 10) => ({ data: new Uint8Array(bytes) });
type Message = ReturnType<typeof message>;

async function sizesOf(
  messages: AsyncIterator<Message>,
  limits: { records: number; bytes: number; lingerMs: number },
): Promise<number[]> {
  const sizes: number[] = [];
  for await (const batch of batched(messages, () => limits)) sizes.push(batch.length);
  return sizes;
}

async function* failing(): AsyncGenerator<Message> {
  yield message();
  throw new Error("gone");
}

const at = (seq: number, incarnation = 100) => ({ incarnation, seq });

async function* from(messages: readonly Message[]): AsyncGenerator<Message> {
  yield* messages;
}

describe("a batch ends", () => {
  it("at so many records, with the rest in the next one", async () => {
    const messages = from(Array.from({ length: 7 }, () => message()));
    expect(await sizesOf(messages, { records: 3, bytes: 1_000, lingerMs: 1_000 })).toEqual([
      3, 3, 1,
    ]);
  });

  it("at so many bytes, counting the record that reaches them", async () => {
    const messages = from([40, 40, 40, 500, 10].map(message));
    expect(await sizesOf(messages, { records: 99, bytes: 100, lingerMs: 1_000 })).toEqual([
      3, 1, 1,
    ]);
  });

  it("when nothing came for the linger; what comes later is in the next one", async () => {
    const later = Promise.withResolvers<void>();
    async function* halting(): AsyncGenerator<Message> {
      yield message();
      yield message();
      await later.promise;
      yield message();
    }
    const batches = batched(halting(), () => ({ records: 99, bytes: 1_000, lingerMs: 1 }));
    expect((await batches.next()).value).toHaveLength(2);
    later.resolve();
    expect((await batches.next()).value).toHaveLength(1);
    expect((await batches.next()).done).toBe(true);
  });

  it("at limits as they are when it begins", async () => {
    let records = 2;
    const batches = batched(from(Array.from({ length: 6 }, () => message())), () => ({
      records,
      bytes: 1_000,
      lingerMs: 1_000,
    }));
    expect((await batches.next()).value).toHaveLength(2);
    records = 1;
    expect((await batches.next()).value).toHaveLength(1);
  });

  it("and a stream that fails lets the reader know", async () => {
    await expect(sizesOf(failing(), { records: 9, bytes: 99, lingerMs: 50 })).rejects.toThrow(
      "gone",
    );
  });
});

describe("a bridge reads on", () => {
  const source = { stream: "S", incarnation: 100, firstSeq: 1, lastSeq: 9 };

  it("behind what the destination has, or from the beginning if it knows nothing", () => {
    expect(resumeAfter(source, at(4))).toBe(4);
    expect(resumeAfter(source, at(9))).toBe(9);
    expect(resumeAfter(source, undefined)).toBe(0);
  });

  it("from the beginning of a stream that was made anew", () => {
    expect(resumeAfter(source, at(500, 99))).toBe(0);
  });

  it.each([
    ["events are gone that the destination needs", { ...source, firstSeq: 6 }, at(4)],
    [
      "the first events are gone and the destination has none",
      { ...source, firstSeq: 2 },
      undefined,
    ],
    ["the stream holds less than the destination", source, at(10)],
    ["the destination is of a younger stream", source, at(1, 101)],
    ["a stream that was emptied went on counting", { ...source, firstSeq: 10, lastSeq: 9 }, at(4)],
  ])("not at all where %s", (_why, state, known) => {
    expect(() => resumeAfter(state, known)).toThrow(/nothing is written/);
  });

  it("where the very next event is the oldest one left", () => {
    expect(resumeAfter({ ...source, firstSeq: 5 }, at(4))).toBe(4);
    expect(resumeAfter({ ...source, firstSeq: 10, lastSeq: 9 }, at(9))).toBe(9);
    expect(resumeAfter({ ...source, firstSeq: 0, lastSeq: 0 }, undefined)).toBe(0);
  });
});

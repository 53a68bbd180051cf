import { describe, expect, test } from "vitest";
import { createMemoryPair } from "../../ports/memory.ts";
import { COMMANDS } from "./commands.ts";
import { createFramer, encodePacket, MAX_PACKET_BYTES, type Packet } from "./frame.ts";
import { Link } from "./link.ts";
import { type Position, readLog } from "./log.ts";

const FRAMES = Number(process.env["FUZZ_FRAMES"] ?? 20_000);
const SEED = Number(process.env["FUZZ_SEED"] ?? 20_261_123);

/** xorshift32: the same frames for the same seed. */
function createRandom(seed: number): (below: number) => number {
  let state = seed | 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

type Random = (below: number) => number;
const bytes = (random: Random, most: number): Buffer =>
  Buffer.from(Array.from({ length: random(most) }, () => random(256)));
const COMMON = [500, 1500, 1501, 2000, 2001, 2005];

function anyFrame(random: Random): Buffer {
  const command = random(4) === 0 ? random(65_536) : (COMMON[random(COMMON.length)] ?? 0);
  const frame = encodePacket({
    command,
    session: random(3),
    reply: random(4),
    data: bytes(random, 120),
  });
  switch (random(5)) {
    case 0:
      return bytes(random, 80);
    case 1:
      frame[random(frame.length)] = random(256);
      return frame;
    case 2:
      return frame.subarray(0, random(frame.length));
    case 3: {
      const at = random(frame.length);
      return Buffer.concat([frame.subarray(0, at), frame.subarray(at + 1)]);
    }
    default:
      return frame;
  }
}

const GOOD: Packet = { command: 2000, session: 9, reply: 9, data: Buffer.from("still here") };

/** A long run takes its time. */
const PATIENCE_MS = 30_000 + FRAMES;

describe(`fuzzed with ${FRAMES} frames, FUZZ_SEED=${SEED}`, () => {
  test(
    "the framer never throws, never grows, and has the next good packet after a silence",
    () => {
      const random = createRandom(SEED);
      const framer = createFramer();
      for (let frame = 0; frame < FRAMES; frame += 1) {
        framer.push(anyFrame(random));
        if (framer.held > MAX_PACKET_BYTES + 16) expect.fail(`holds ${framer.held} bytes`);
        if (frame % 20 !== 0) continue;
        framer.expire();
        const found = framer.push(encodePacket(GOOD));
        if (framer.held > 0 || found.length !== 1)
          expect.fail(`lost the packet after frame ${frame}`);
        framer.takeDiscards();
      }
      framer.expire();
      expect(framer.push(encodePacket(GOOD))).toEqual([GOOD]);
    },
    PATIENCE_MS,
  );

  test(
    "a reading of the log ends in records or in a reason, whatever is answered",
    async () => {
      const random = createRandom(SEED + 1);
      const outcomes = new Map<string, number>();
      let position: Position | undefined;
      for (let left = FRAMES / 5; left > 0; ) {
        const { outcome, answers, reached } = await readFromMad(random, position);
        position = random(3) === 0 ? undefined : (reached ?? position);
        left -= answers;
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      }
      // The nonsense is good enough to come everywhere.
      for (const each of [
        "new",
        "empty",
        "nothing",
        "refused",
        "announced",
        "piece",
        "count",
        "ended",
      ]) {
        expect([...outcomes.keys()]).toContain(each);
      }
    },
    PATIENCE_MS,
  );
});

/** A terminal that answers every question, with anything, now and then rightly. */
async function readFromMad(
  random: Random,
  position: Position | undefined,
): Promise<{ outcome: string; answers: number; reached: Position | undefined }> {
  const pair = createMemoryPair();
  const asked = createFramer();
  let answers = 0;
  const records = random(4);
  const size = [8, 16, 40][random(3)] ?? 8;
  const table = Buffer.alloc(4 + records * size);
  table.writeUInt32LE(random(20) === 0 ? random(400) : records * size);
  const link = new Link(pair.agent, {
    replyTimeoutMs: 60_000,
    now: () => 0,
    onEvent: () => undefined,
    count: () => undefined,
    progress: () => undefined,
  });
  const say = (question: Packet, command: number, data: Buffer): void =>
    void pair.terminal.write(
      encodePacket({ command, session: question.session, reply: question.reply, data }),
    );
  pair.terminal.onData((chunk) => {
    for (const question of asked.push(chunk)) {
      answers += 1;
      void pair.terminal.write(random(6) === 0 ? anyFrame(random) : Buffer.alloc(0));
      if (answers > 12) link.end(new Error("enough"));
      else if (random(16) === 0) say(question, COMMON[random(6)] ?? 0, bytes(random, 100));
      else answerRightly(question, { table, records, random, say });
    }
  });
  const reading = readLog(link, { position, isWoken: random(2) === 0, nowMs: 0 });
  // A spoilt packet may swallow an answer: then somebody has to end the waiting.
  const patience = setTimeout(() => link.end(new Error("no answer")), 20);
  const result = await reading.catch(() => undefined);
  clearTimeout(patience);
  link.end(new Error("over"));
  const outcome = result?.kind === "broken" ? result.reason : (result?.kind ?? "ended");
  const reached =
    result?.kind === "new" ? result.positionAfter(random(result.records.length + 1)) : undefined;
  return { outcome, answers, reached };
}

interface Mad {
  readonly table: Buffer;
  readonly records: number;
  readonly random: Random;
  readonly say: (question: Packet, command: number, data: Buffer) => void;
}

function answerRightly(question: Packet, { table, records, random, say }: Mad): void {
  switch (question.command) {
    case COMMANDS.sizes: {
      const sizes = Buffer.alloc(80);
      sizes.writeUInt32LE(records, 32);
      return say(question, 2000, sizes);
    }
    case COMMANDS.bufferedRead: {
      if (random(2) === 0) return say(question, 1501, table);
      const stat = Buffer.alloc(13);
      stat.writeUInt32LE(table.length + (random(8) === 0 ? 1 : 0), 1);
      return say(question, 2000, stat);
    }
    case COMMANDS.readChunk: {
      const [start, size] = [question.data.readUInt32LE(0), question.data.readUInt32LE(4)];
      const head = Buffer.alloc(8);
      head.writeUInt32LE(size);
      say(question, 1500, head);
      say(question, 1501, table.subarray(start, start + size - (random(8) === 0 ? 1 : 0)));
      return say(question, 2000, Buffer.alloc(0));
    }
    default:
      return say(question, 2000, Buffer.alloc(0));
  }
}

import { setTimeout as sleep } from "node:timers/promises";
import type { Line } from "../line.ts";
import { createFramer, MARK } from "./frame.ts";
import type { OsdpReader } from "./reader.ts";

export interface BusOptions {
  readonly readers: readonly OsdpReader[];
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** How long a reader thinks before it answers; the standard allows 200 ms. */
  readonly replyDelayMs?: number;
  /** Send the FF mark before each reply. Some readers do, some do not; controllers must take both. */
  readonly mark?: boolean;
  /** The adapter hears its own transmitter: every command comes back before the reply. */
  readonly echo?: boolean;
}

export interface Bus {
  readonly counters: () => Readonly<{ frames: number; replies: number; discardedBytes: number }>;
}

/** Hangs several readers on one line, as on two twisted wires: each hears everything and answers its own address. */
export function attachBus(line: Line, options: BusOptions): Bus {
  const framer = createFramer();
  let frames = 0;
  let replies = 0;

  const answer = async (reply: Uint8Array): Promise<void> => {
    if (options.replyDelayMs !== undefined) await sleep(options.replyDelayMs);
    await line.write(options.mark === true ? Uint8Array.of(MARK, ...reply) : reply);
  };

  line.onData((chunk) => {
    if (options.echo === true) void line.write(chunk);
    for (const frame of framer.push(chunk, options.now())) {
      frames += 1;
      for (const reader of options.readers) {
        const reply = reader.handle(frame);
        if (reply === undefined) continue;
        replies += 1;
        void answer(reply);
      }
    }
  });

  return { counters: () => ({ frames, replies, discardedBytes: framer.discarded() }) };
}

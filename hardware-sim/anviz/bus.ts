import { setTimeout as sleep } from "node:timers/promises";
import type { Line } from "../line.ts";
import { createFramer } from "./frame.ts";
import type { AnvizTerminal } from "./terminal.ts";

export interface AnvizBusOptions {
  readonly terminals: readonly AnvizTerminal[];
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** How long a terminal thinks before it answers. */
  readonly replyDelayMs?: number;
  /** The adapter hears its own transmitter: every command comes back before the answer. */
  readonly echo?: boolean;
}

export interface AnvizBus {
  readonly counters: () => Readonly<{ frames: number; replies: number; discardedBytes: number }>;
}

/** Hangs terminals on one line, as on two twisted wires or one TCP connection: each hears everything. */
export function attachTerminals(line: Line, options: AnvizBusOptions): AnvizBus {
  const framer = createFramer();
  const counts = { frames: 0, replies: 0 };
  const answer = async (reply: Uint8Array): Promise<void> => {
    if (options.replyDelayMs !== undefined) await sleep(options.replyDelayMs);
    await line.write(reply);
  };
  line.onData((chunk) => {
    if (options.echo === true) void line.write(chunk);
    for (const command of framer.push(chunk, options.now())) {
      counts.frames += 1;
      for (const terminal of options.terminals) {
        const reply = terminal.handle(command);
        if (reply === undefined) continue;
        counts.replies += 1;
        void answer(reply);
      }
    }
  });
  for (const terminal of options.terminals) terminal.onPush((bytes) => void line.write(bytes));
  return { counters: () => ({ ...counts, discardedBytes: framer.discarded() }) };
}

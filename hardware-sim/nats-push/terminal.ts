import { setTimeout as sleep } from "node:timers/promises";
import type { AnswerMessage, Format, PunchMessage } from "./message.ts";
import { encodeMessage, readAnswer } from "./message.ts";
import type { OpenWay, Way } from "./way.ts";

export type TerminalEvent =
  | { readonly kind: "connected" | "lost" }
  /** Published, for the first time or again. */
  | { readonly kind: "offered"; readonly id: string; readonly time: number }
  /** The gateway says that it is stored: forgotten here. */
  | { readonly kind: "acknowledged"; readonly id: string; readonly light: string | undefined }
  /** Kept, and offered again later. */
  | { readonly kind: "put-off"; readonly id: string; readonly reason: string }
  | { readonly kind: "dropped"; readonly id: string; readonly reason: string };

export interface TerminalOptions {
  readonly open: OpenWay;
  readonly format: Format;
  /** What of its memory outlives a power cut is all of it: punches are written to flash before anything is sent. */
  readonly memory: number;
  /** Without an answer it is published again after this long. */
  readonly resendMs: number;
  readonly onEvent: (event: TerminalEvent) => void;
}

/** A terminal that publishes by itself: the oldest punch first, again and again until the gateway says that it is stored. */
export interface PushTerminal {
  /** False when the memory is full: the person sees that nothing was taken. */
  tap(punch: PunchMessage): boolean;
  /** The connection is torn and made anew; the memory stays, the count of time begins anew. */
  powerCut(): Promise<void>;
  /** There is no room from now on, whatever its memory is; or as much as before. */
  fill(isFull: boolean): void;
  readonly pending: () => number;
  stop(): Promise<void>;
}

/** What an answer does to the punch it is about; undefined for an answer that is not about the oldest one. */
function meaningOf(
  head: PunchMessage | undefined,
  answer: AnswerMessage | undefined,
): Exclude<TerminalEvent, { kind: "connected" | "lost" | "offered" }> | undefined {
  // An answer to what was sent twice comes twice.
  if (head === undefined || answer?.id !== head.id) return undefined;
  const { id } = head;
  const { ok, light, retry, reason = "refused" } = answer;
  if (ok) return { kind: "acknowledged", id, light };
  return { kind: retry === false ? "dropped" : "put-off", id, reason };
}

function withCount(punch: PunchMessage, madeAtMs: number | undefined): PunchMessage {
  if (madeAtMs === undefined) return punch;
  return { ...punch, ago: Math.round(performance.now() - madeAtMs) / 1000 };
}

interface Turns {
  /** Until woken, or for so long, or until all is over. */
  pause(ms: number): Promise<void>;
  wake(): void;
}

function createTurns(over: AbortSignal): Turns {
  let turn = new AbortController();
  return {
    async pause(ms) {
      turn = new AbortController();
      const signal = AbortSignal.any([turn.signal, over]);
      await sleep(ms, undefined, { signal }).catch(() => undefined);
    },
    wake: () => turn.abort(),
  };
}

export function startPushTerminal(options: TerminalOptions): PushTerminal {
  const { open, format, memory, resendMs, onEvent } = options;
  const queue: PunchMessage[] = [];
  const stopping = new AbortController();
  /** When those without a date were made, by a count that a power cut ends. */
  let madeAtMs = new WeakMap<PunchMessage, number>();
  let times = 0;
  let isFull = false;
  let way: Way | undefined;

  const turns = createTurns(stopping.signal);
  const take = (answer: AnswerMessage | undefined): void => {
    const event = meaningOf(queue[0], answer);
    if (event === undefined) return;
    if (event.kind !== "put-off") {
      queue.shift();
      times = 0;
      turns.wake();
    }
    onEvent(event);
  };
  const connect = async (): Promise<void> => {
    way = await open({
      answered: (bytes) => take(readAnswer(bytes)),
      lost() {
        way = undefined;
        onEvent({ kind: "lost" });
        turns.wake();
      },
    }).catch(() => undefined);
    if (way !== undefined) onEvent({ kind: "connected" });
  };
  const offer = (head: PunchMessage, over: Way): void => {
    times += 1;
    onEvent({ kind: "offered", id: head.id, time: times });
    over.send(encodeMessage(withCount(head, madeAtMs.get(head)), format));
  };
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      if (way === undefined) await connect();
      const [head] = queue;
      if (head !== undefined && way !== undefined) offer(head, way);
      await turns.pause(resendMs);
    }
    await way?.close();
  };
  const running = run();

  return {
    tap(punch) {
      if (isFull || queue.length >= memory) {
        onEvent({ kind: "dropped", id: punch.id, reason: "memory-full" });
        return false;
      }
      if (punch.at === undefined) madeAtMs.set(punch, performance.now());
      queue.push(punch);
      if (queue.length === 1) turns.wake();
      return true;
    },
    async powerCut() {
      madeAtMs = new WeakMap();
      const former = way;
      way = undefined;
      await former?.close(true);
      turns.wake();
    },
    fill(full) {
      isFull = full;
    },
    pending: () => queue.length,
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

import { setTimeout as sleep } from "node:timers/promises";
import type { Capture } from "@clockleaf/shared/wire/capture.ts";
import type { Line } from "../line.ts";
import { createListener, type Heard, type Said, type Script, scriptOf } from "./script.ts";

/** After so long a silence what was heard is taken for a whole question. */
const QUIET_MS = 50;

export interface PlayerOptions {
  readonly capture: Capture;
  /** 2 = twice as fast as recorded. */
  readonly speed: number;
  /** Says each thing when it is asked for, instead of at its time. */
  readonly whenAsked: boolean;
  /** What was not as recorded. */
  readonly onDifference?: (heard: Exclude<Heard, { kind: "again" }>) => void;
}

export interface Player {
  /** Plays on this line from now on, where it was; the one before is dead. */
  attach(line: Line): void;
  /** Resolves when everything recorded has been said, never with `whenAsked` if it is not asked for. */
  readonly done: Promise<void>;
  stop(): void;
  readonly counters: () => Readonly<Record<string, number>>;
}

/** Plays the terminal's side of a recording. */
export function createPlayer(options: PlayerOptions): Player {
  const script = scriptOf(options.capture);
  return options.whenAsked ? answering(script, options) : timed(options);
}

function timed({ capture, speed }: PlayerOptions): Player {
  const over = new AbortController();
  const done = Promise.withResolvers<void>();
  const ins = capture.chunks.filter(({ dir }) => dir === "in");
  const first = capture.chunks[0]?.atMs ?? 0;
  let line: Line | undefined;
  let said = 0;
  const play = async (): Promise<void> => {
    const startedMs = performance.now();
    for (const { atMs, hex } of ins) {
      const dueMs = startedMs + (atMs - first) / speed;
      const waitMs = Math.max(0, dueMs - performance.now());
      if (waitMs > 0) await sleep(waitMs, undefined, { signal: over.signal });
      await line?.write(Buffer.from(hex, "hex"));
      said += 1;
    }
    done.resolve();
  };
  return {
    attach(next) {
      const isFirst = line === undefined;
      line = next;
      next.onData(() => undefined);
      if (isFirst) play().catch(() => undefined);
    },
    done: done.promise,
    stop: () => over.abort(),
    counters: () => ({ recorded: ins.length, said }),
  };
}

function answering(script: Script, { speed, onDifference }: PlayerOptions): Player {
  const listener = createListener(script);
  const done = Promise.withResolvers<void>();
  const counts = { asked: 0, same: 0, again: 0, different: 0, skipped: 0, said: 0 };
  let line: Line | undefined;
  let quiet: NodeJS.Timeout | undefined;
  let mouth: Mouth | undefined;
  const say = (bytes: Uint8Array): void => {
    counts.said += 1;
    // What nobody hears is lost, as on a wire.
    line?.write(bytes).catch(() => undefined);
  };
  const answer = (said: readonly Said[]): void => {
    mouth?.hurry();
    mouth = startSaying(said, { speed, say, onEnd: endIfOver });
  };
  const endIfOver = (): void => {
    if (listener.isAtEnd()) done.resolve();
  };
  const respond = (heard: Heard): void => {
    counts.asked += 1;
    counts[heard.kind] += 1;
    if (heard.kind === "same") counts.skipped += heard.skipped;
    if (heard.kind === "different" || (heard.kind === "same" && heard.skipped > 0)) {
      onDifference?.(heard);
    }
    const step = heard.step === undefined ? undefined : script.steps[heard.step];
    answer(step?.answers ?? []);
  };
  return {
    attach(next) {
      const isFirst = line === undefined;
      line = next;
      next.onData((chunk) => {
        if (line !== next) return;
        clearTimeout(quiet);
        for (const heard of listener.hear(chunk)) respond(heard);
        quiet = setTimeout(() => listener.quiet().forEach(respond), QUIET_MS);
      });
      if (isFirst) answer(script.opening);
    },
    done: done.promise,
    stop() {
      clearTimeout(quiet);
      mouth?.stop();
    },
    counters: () => ({ recorded: script.steps.length, ...counts }),
  };
}

interface Mouth {
  /** Says the rest now: the next question is there, and nothing recorded is left out. */
  hurry(): void;
  stop(): void;
}

function startSaying(
  said: readonly Said[],
  how: {
    readonly speed: number;
    readonly say: (bytes: Uint8Array) => void;
    readonly onEnd: () => void;
  },
): Mouth {
  const rest = [...said];
  let timer: NodeJS.Timeout | undefined;
  const next = (): void => {
    const [first] = rest;
    if (first === undefined) return how.onEnd();
    timer = setTimeout(() => {
      rest.shift();
      how.say(first.bytes);
      next();
    }, first.afterMs / how.speed);
  };
  next();
  return {
    hurry() {
      clearTimeout(timer);
      for (const { bytes } of rest.splice(0)) how.say(bytes);
    },
    stop: () => clearTimeout(timer),
  };
}

import type { Capture } from "@clockleaf/shared/wire/capture.ts";

/** Something a terminal says, so long after what came before. */
export interface Said {
  readonly afterMs: number;
  readonly bytes: Uint8Array;
}

/** One thing that was said to the terminal, and everything it said until the next. */
export interface Step {
  readonly asked: Uint8Array;
  /** Zeros in `asked` stand for bytes of a key that the recording does not hold. */
  readonly isHidden: boolean;
  readonly answers: readonly Said[];
}

export interface Script {
  /** What the terminal said before it was asked anything. */
  readonly opening: readonly Said[];
  readonly steps: readonly Step[];
}

/** A recording as questions with their answers. */
export function scriptOf({ chunks }: Capture): Script {
  const opening: Said[] = [];
  const steps: { asked: Uint8Array; isHidden: boolean; answers: Said[] }[] = [];
  let before = 0;
  for (const { atMs, dir, hex, hidden } of chunks) {
    const bytes = Buffer.from(hex, "hex");
    if (dir === "out") steps.push({ asked: bytes, isHidden: hidden === true, answers: [] });
    else (steps.at(-1)?.answers ?? opening).push({ afterMs: atMs - before, bytes });
    before = atMs;
  }
  return { opening, steps };
}

/** How what was heard stands to the recording. */
export type Heard =
  /** Word for word the next thing recorded, or a later one with what lies between left out. */
  | { readonly kind: "same"; readonly step: number; readonly skipped: number }
  /** Word for word something of before: answered as it was then. */
  | { readonly kind: "again"; readonly step: number }
  /** Nothing that was recorded; answered like the next thing that was, undefined at the end. */
  | { readonly kind: "different"; readonly step: number | undefined; readonly bytes: Uint8Array };

export interface Listener {
  /** What this chunk completes. */
  hear(chunk: Uint8Array): Heard[];
  /** Nothing more comes for now: what is held is a whole question that nobody recorded. */
  quiet(): Heard[];
  readonly isAtEnd: () => boolean;
}

/** How far a question is looked for: what a driver asks only sometimes lies between. */
const AHEAD = 16;
const BEHIND = 64;
/** Longer than any question; what goes on without end is cut. */
const MAX_HELD = 128 * 1024;

/**
 * Follows a conversation along a recording. Drivers repeat themselves, leave out what depends on the time of day, and say
 * a light of their own; none of that must lose the place.
 */
export function createListener({ steps }: Pick<Script, "steps">): Listener {
  let at = 0;
  let held: Uint8Array = new Uint8Array(0);

  const places = (): number[] => {
    const ahead = Array.from({ length: AHEAD }, (_, index) => at + 1 + index);
    const behind = Array.from({ length: BEHIND }, (_, index) => at - 2 - index);
    // The last one first: a question asked again is likelier than one left out.
    return [at, at - 1, ...ahead, ...behind].filter((place) => place in steps);
  };
  const take = (): Heard | undefined => {
    let mayGrow = false;
    for (const place of places()) {
      const step = steps[place];
      if (step === undefined) continue;
      const fit = fitOf(step, held);
      if (fit === "whole") return found(place, step.asked.length);
      // The very next question is waited for; any other only if nothing fits whole.
      if (fit === "part" && place === at) return undefined;
      mayGrow ||= fit === "part";
    }
    return mayGrow || held.length < MAX_HELD ? undefined : different();
  };
  const found = (place: number, length: number): Heard => {
    held = held.subarray(length);
    if (place < at) return { kind: "again", step: place };
    const skipped = place - at;
    at = place + 1;
    return { kind: "same", step: place, skipped };
  };
  const different = (): Heard => {
    const bytes = held;
    held = new Uint8Array(0);
    if (at >= steps.length) return { kind: "different", step: undefined, bytes };
    at += 1;
    return { kind: "different", step: at - 1, bytes };
  };

  return {
    hear(chunk) {
      held = Uint8Array.of(...held, ...chunk);
      const heard: Heard[] = [];
      while (held.length > 0) {
        const next = take();
        if (next === undefined) break;
        heard.push(next);
      }
      return heard;
    },
    quiet: () => (held.length === 0 ? [] : [different()]),
    isAtEnd: () => at >= steps.length,
  };
}

/** Whether `held` begins with all of what was asked, or may yet become it. */
function fitOf({ asked, isHidden }: Step, held: Uint8Array): "whole" | "part" | "no" {
  const length = Math.min(asked.length, held.length);
  for (let index = 0; index < length; index += 1) {
    const isWild = isHidden && asked[index] === 0;
    if (!isWild && asked[index] !== held[index]) return "no";
  }
  return held.length >= asked.length ? "whole" : "part";
}

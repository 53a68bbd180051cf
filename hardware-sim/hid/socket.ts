import { setTimeout as sleep } from "node:timers/promises";
import { type TypingStyle, typeBadge } from "./keyboard.ts";
import { type HidSocket, listenHid } from "./listen.ts";

export interface HidReader extends Omit<HidSocket, "write"> {
  /**
   * Types a badge. False when nobody listens: a keyboard has no memory, the badge is gone, and the person sees nothing
   * either way.
   */
  tap(text: string): boolean;
  /**
   * Types a badge as fast as a reader does, a report each `everyMs`. Resolves to the longest pause it really made, in
   * milliseconds; null when nobody listened to all of it.
   */
  type(text: string, everyMs: number): Promise<number | null>;
}

/** A keyboard-wedge reader behind a Unix socket: one length byte and one report, over and over. Errors: {@link listenHid}. */
export async function listenHidReader(path: string, style: TypingStyle = {}): Promise<HidReader> {
  // Output reports (the LEDs of a keyboard) are of no interest.
  const socket = await listenHid(path, () => undefined);
  const framesOf = (text: string): readonly Uint8Array[] =>
    typeBadge(text, style).map((report) => Uint8Array.of(report.length, ...report));
  return {
    ...socket,
    tap: (text) => socket.write(Buffer.concat(framesOf(text))),
    async type(text, everyMs) {
      let [isHeard, longestMs, lastMs] = [true, 0, performance.now()];
      for (const frame of framesOf(text)) {
        longestMs = Math.max(longestMs, performance.now() - lastMs);
        lastMs = performance.now();
        isHeard = socket.write(frame) && isHeard;
        await sleep(everyMs);
      }
      return isHeard ? longestMs : null;
    },
  };
}

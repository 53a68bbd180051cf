import { type TypingStyle, typeBadge } from "./keyboard.ts";
import { type HidSocket, listenHid } from "./listen.ts";

export interface HidReader extends Omit<HidSocket, "write"> {
  /**
   * Types a badge. False when nobody listens: a keyboard has no memory, the badge is gone, and the person sees nothing
   * either way.
   */
  tap(text: string): boolean;
}

/** A keyboard-wedge reader behind a Unix socket: one length byte and one report, over and over. Errors: {@link listenHid}. */
export async function listenHidReader(path: string, style: TypingStyle = {}): Promise<HidReader> {
  // Output reports (the LEDs of a keyboard) are of no interest.
  const socket = await listenHid(path, () => undefined);
  return {
    ...socket,
    tap(text) {
      const reports = typeBadge(text, style);
      return socket.write(
        Buffer.concat(reports.map((report) => Uint8Array.of(report.length, ...report))),
      );
    },
  };
}

import type { Line } from "../line.ts";

/** A simulated HID device that is asked and told by feature reports. */
export interface FeatureDevice {
  /** False: the device refuses it, as a USB device stalls; undefined: it does not answer at all. */
  setFeature(reportId: number, bytes: Uint8Array): boolean | undefined;
  /** What it answers; null: it refuses; undefined: it does not answer at all. */
  getFeature(reportId: number, length: number): Uint8Array | null | undefined;
}

export interface HidEnd {
  /** An input report goes out. */
  report(bytes: Uint8Array): void;
}

const [SET, GET, ANSWER] = [1, 2, 3];

/**
 * Hangs a device on a line that carries HID by frames: a length byte and a report, or a zero, a length byte and a message about
 * a feature report: `1 ref id bytes`, `2 ref id length`, and the answer `3 ref ok bytes`.
 */
export function attachHid(line: Line, device: FeatureDevice): HidEnd {
  let waiting: number[] = [];
  const answer = (ref: number, ok: boolean, bytes: Iterable<number> = []): void => {
    const message = [ANSWER, ref, ok ? 1 : 0, ...bytes];
    void line.write(Uint8Array.from([0, message.length, ...message]));
  };
  const take = ([kind, ref = 0, id = 0, ...rest]: readonly number[]): void => {
    if (kind === SET) {
      const done = device.setFeature(id, Uint8Array.from(rest));
      if (done !== undefined) answer(ref, done);
    } else if (kind === GET) {
      const got = device.getFeature(id, rest[0] ?? 0);
      if (got !== undefined) answer(ref, got !== null, got ?? []);
    }
  };
  line.onData((chunk) => {
    waiting.push(...chunk);
    for (;;) {
      const start = waiting[0] === 0 ? 1 : 0;
      const length = waiting[start];
      if (length === undefined || waiting.length < start + 1 + length) return;
      const frame = waiting.slice(start + 1, start + 1 + length);
      waiting = waiting.slice(start + 1 + length);
      // Output reports, the LEDs of a keyboard, are of no interest.
      if (start === 1) take(frame);
    }
  });
  return { report: (bytes) => void line.write(Uint8Array.of(bytes.length, ...bytes)) };
}

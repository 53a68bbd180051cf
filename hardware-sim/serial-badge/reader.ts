import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Line } from "../line.ts";

/** How a reader writes a tag. Source: data sheets of the modules; see `test/vectors/serial-badge`. */
export const STYLES = ["rdm6300", "id-12", "ascii-line"] as const;
export type Style = (typeof STYLES)[number];

/** A tag as the reader sends it: ten hex digits, or any text for `ascii-line`. Throws `config.invalid`. */
export function encodeTag(style: Style, tag: string): Uint8Array {
  if (style === "ascii-line") return new TextEncoder().encode(`${tag}\r\n`);
  if (!/^[0-9A-F]{10}$/.test(tag)) {
    throw new PlatformError("config.invalid", `${tag}: such a tag is ten hex digits, 0-9 A-F`);
  }
  let check = 0;
  for (let at = 0; at < 10; at += 2) check ^= Number.parseInt(tag.slice(at, at + 2), 16);
  const digits = tag + check.toString(16).toUpperCase().padStart(2, "0");
  const end = style === "id-12" ? [0x0d, 0x0a, 0x03] : [0x03];
  return Uint8Array.of(0x02, ...new TextEncoder().encode(digits), ...end);
}

export interface TagReader {
  /** Hangs the reader on a line; the one before is dead. */
  attach(line: Line): void;
  /** Somebody taps: the tag is sent once. Resolves when the bytes have left. */
  tap(tag: string): Promise<void>;
  /**
   * The tag lies on the reader, which sends it again and again until it is taken away, or was there for `forMs`. Not a frame
   * leaves later than that, however late the timers of this process are: a reader never falls silent and begins again.
   */
  hold(tag: string, forMs?: number): () => void;
  /** Off: nothing is sent, nothing is remembered; there never was a memory. */
  powerOff(): void;
  powerOn(): void;
  readonly counters: () => Readonly<{ taps: number; frames: number }>;
}

export interface TagReaderOptions {
  readonly style: Style;
  /** How often a tag that lies there is sent; an RDM6300 does so about every 50 ms. */
  readonly repeatMs?: number;
}

/** A reader without memory, clock, light or ear: whatever nobody hears is gone. */
export function createTagReader({ style, repeatMs = 50 }: TagReaderOptions): TagReader {
  let line: Line | undefined;
  let isOn = true;
  let [taps, frames] = [0, 0];

  const send = async (tag: string): Promise<void> => {
    const bytes = encodeTag(style, tag);
    if (!isOn || line === undefined) return;
    frames += 1;
    await line.write(bytes);
  };

  return {
    attach(next) {
      line = next;
    },
    tap(tag) {
      taps += 1;
      return send(tag);
    },
    hold(tag, forMs = Number.POSITIVE_INFINITY) {
      taps += 1;
      const untilMs = performance.now() + forMs;
      void send(tag);
      const timer = setInterval(() => {
        if (performance.now() > untilMs) clearInterval(timer);
        else void send(tag);
      }, repeatMs);
      return () => clearInterval(timer);
    },
    powerOff() {
      isOn = false;
    },
    powerOn() {
      isOn = true;
    },
    counters: () => ({ taps, frames }),
  };
}

import type { Framing } from "./config.ts";

/** One badge as it stood on the wire. */
export interface Framed {
  readonly kind: "frame";
  /** Between start and end. */
  readonly content: Uint8Array;
  /** What follows the end: a checksum there. */
  readonly trailer: Uint8Array;
  /** Bytes on the wire, start and end included. */
  readonly bytes: number;
}

/** Why bytes did not become a frame. Never guessed: a badge with a gap is another person's. */
export type Loss = "noise" | "stalled" | "restarted" | "too-long";

export type FramerEvent =
  | Framed
  | { readonly kind: "lost"; readonly reason: Loss; readonly bytes: number }
  /** Delimiters between lines, such as the LF after a CR. */
  | { readonly kind: "blank"; readonly bytes: number };

export interface FramerRules {
  readonly framing: Framing;
  readonly maxLength: number;
  readonly idleMs: number;
  /** Bytes after the end. */
  readonly trailerBytes: number;
}

export interface Framer {
  push(chunk: Uint8Array, nowMs: number): FramerEvent[];
  /** Ends what nothing has followed for the idle time. */
  expire(nowMs: number): FramerEvent[];
  /** When `expire` is due; undefined while nothing is begun. */
  expiresAtMs(): number | undefined;
  /** Bytes held, or skipped and not told yet. */
  pending(): number;
}

/**
 * Cuts a line's bytes into badges. Holds at most `maxLength` bytes and the trailer; every byte pushed is in exactly one
 * event, or pending. Pure; time comes in.
 */
export function createFramer(rules: FramerRules): Framer {
  return new Cutter(rules);
}

type State = "waiting" | "content" | "trailer" | "skipping";

class Cutter implements Framer {
  private readonly rules: FramerRules;
  /** A frame's length where it is fixed. */
  private readonly length: number | null;
  private readonly start: number | null;
  private state: State;
  private content: number[] = [];
  private trailer: number[] = [];
  /** Bytes of the frame so far, or of what is being skipped. */
  private held = 0;
  private lastByteMs = 0;

  constructor(rules: FramerRules) {
    this.rules = rules;
    const { framing } = rules;
    this.length = framing.kind === "length" ? framing.bytes : null;
    this.start = framing.kind === "stx-etx" || framing.kind === "length" ? framing.start : null;
    this.state = this.resting();
  }

  push(chunk: Uint8Array, nowMs: number): FramerEvent[] {
    // Where only time tells badges apart it is asked first; elsewhere a late chunk may be our own lateness.
    const events = this.start === null && this.isByTime() ? this.expire(nowMs) : [];
    for (const byte of chunk) this.take(byte, events);
    if (chunk.length > 0) this.lastByteMs = nowMs;
    return events;
  }

  expire(nowMs: number): FramerEvent[] {
    if (this.held === 0 || nowMs - this.lastByteMs < this.rules.idleMs) return [];
    if (this.state === "skipping") return [this.lose("too-long")];
    return [this.rules.framing.kind === "idle" ? this.finish() : this.lose("stalled")];
  }

  expiresAtMs(): number | undefined {
    return this.held === 0 ? undefined : this.lastByteMs + this.rules.idleMs;
  }

  pending(): number {
    return this.held;
  }

  private isByTime(): boolean {
    return this.rules.framing.kind === "idle" || this.length !== null;
  }

  private resting(): State {
    return this.start === null ? "content" : "waiting";
  }

  private take(byte: number, events: FramerEvent[]): void {
    if (this.state === "trailer") {
      this.held += 1;
      this.trailer.push(byte);
      if (this.trailer.length === this.rules.trailerBytes) events.push(this.finish());
    } else if (this.isStart(byte)) {
      if (this.held > 0)
        events.push(this.lose(this.state === "skipping" ? "too-long" : "restarted"));
      this.state = "content";
      this.held = 1;
    } else if (this.state === "waiting") addBetween(events, isLineEnd(byte));
    else if (this.isEnd(byte)) this.end(events);
    else this.add(byte, events);
  }

  /** With a fixed length the start byte may also be a byte of the frame. */
  private isStart(byte: number): boolean {
    if (byte !== this.start) return false;
    return this.length === null || this.state === "waiting";
  }

  private isEnd(byte: number): boolean {
    const { framing } = this.rules;
    if (framing.kind === "stx-etx") return byte === framing.end;
    return framing.kind === "delimiter" && framing.ends.includes(byte);
  }

  private end(events: FramerEvent[]): void {
    const isBlank = this.held === 0;
    this.held += 1;
    if (this.state === "skipping") events.push(this.lose("too-long"));
    else if (isBlank) {
      this.held = 0;
      addBetween(events, true);
    } else if (this.rules.trailerBytes > 0) this.state = "trailer";
    else events.push(this.finish());
  }

  private add(byte: number, events: FramerEvent[]): void {
    this.held += 1;
    if (this.state === "skipping") return;
    if (this.content.length >= (this.length ?? this.rules.maxLength)) {
      this.content = [];
      this.state = "skipping";
      return;
    }
    this.content.push(byte);
    if (this.content.length === this.length) events.push(this.finish());
  }

  private finish(): Framed {
    const content = Uint8Array.from(this.content);
    const trailer = Uint8Array.from(this.trailer);
    const bytes = this.held;
    this.reset();
    return { kind: "frame", content, trailer, bytes };
  }

  private lose(reason: Loss): FramerEvent {
    const bytes = this.held;
    this.reset();
    return { kind: "lost", reason, bytes };
  }

  private reset(): void {
    this.state = this.resting();
    this.content = [];
    this.trailer = [];
    this.held = 0;
  }
}

/** Some readers put CR LF between frames. */
const isLineEnd = (byte: number): boolean => byte === 0x0d || byte === 0x0a;

/** What lies between frames is told in one piece, however long it is. */
function addBetween(events: FramerEvent[], isBlank: boolean): void {
  const last = events.at(-1);
  const isSame =
    last !== undefined &&
    (isBlank ? last.kind === "blank" : last.kind === "lost" && last.reason === "noise");
  if (isSame) events.pop();
  const bytes = isSame ? last.bytes + 1 : 1;
  events.push(isBlank ? { kind: "blank", bytes } : { kind: "lost", reason: "noise", bytes });
}

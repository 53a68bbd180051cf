import { setTimeout as sleep } from "node:timers/promises";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Port } from "../../ports/port.ts";
import { createAlarm, createWait, type Pace, type Wait } from "../waits.ts";
import { createFramer, type Frame } from "./frame.ts";

/** The longest frame has 1440 bytes: at 9600 bit/s. */
const PACE: Pace = { byteGapMs: 60, longestFrameMs: 1_600 };

/** One reader as the line sees it. */
export interface BusMember {
  readonly address: number;
  /** When it next wants the line, monotonic milliseconds. */
  dueAt(): number;
  /** The bytes to send, or undefined when it has nothing to say after all. */
  send(nowMs: number): Uint8Array | undefined;
  /** True when the frame ends the exchange. */
  receive(frame: Frame, nowMs: number): boolean;
  timeout(nowMs: number): void;
  count(name: string, by?: number): void;
}

/** Silence between frames of two speakers: two characters at 9600 bit/s (SIA OSDP v2.2, 5.4). */
const TURNAROUND_MS = 2;
/** What a byte takes on the slowest usual line, 9600 bit/s. */
const BYTE_MS = 1.1;
/** How long the line rests at most before everybody is looked at again. */
const LONGEST_REST_MS = 1_000;

export interface BusOptions {
  readonly replyTimeoutMs: number;
  readonly now: () => number;
  /** After every exchange that a reader answered as it should. */
  readonly answered?: () => void;
}

/**
 * Half-duplex line with many readers: one question at a time, in turn among those that are due, so that neither a
 * silent reader nor one whose punch is being committed keeps the others waiting longer than one reply timeout.
 */
export class Bus {
  private readonly port: Port;
  private readonly members: readonly BusMember[];
  private readonly options: BusOptions;
  private readonly framer = createFramer();
  private readonly alarm = createAlarm();
  private asked: BusMember | undefined;
  private wait: Wait | undefined;
  private lost: PlatformError | undefined;

  constructor(port: Port, members: readonly BusMember[], options: BusOptions) {
    this.port = port;
    this.members = members;
    this.options = options;
  }

  /** Serves the readers until `signal` aborts (resolves) or the line goes (rejects with `port.lost`). Once only. */
  async run(signal: AbortSignal): Promise<void> {
    const stop = (): void => {
      this.wait?.end(false);
      this.wake();
    };
    this.port.onData((chunk) => {
      this.wait?.heard();
      this.deliver(this.framer.push(chunk));
    });
    this.port.onClosed((reason) => {
      this.lost = lostError(this.port.name, reason);
      stop();
    });
    signal.addEventListener("abort", stop, { once: true });
    let turn = 0;
    while (!signal.aborted) {
      if (this.lost !== undefined) throw this.lost;
      turn = await this.turn(turn);
    }
  }

  /** Some member's `dueAt` changed outside an exchange. */
  wake(): void {
    this.alarm.ring();
  }

  private async turn(from: number): Promise<number> {
    const nowMs = this.options.now();
    const next = pick(this.members, from, nowMs);
    if (next === undefined) {
      const dueAt = Math.min(...this.members.map((member) => member.dueAt()));
      await this.alarm.wait(Math.min(dueAt - nowMs, LONGEST_REST_MS));
      return from;
    }
    await this.ask(next.member);
    return next.at + 1;
  }

  private async ask(member: BusMember): Promise<void> {
    const { replyTimeoutMs, now } = this.options;
    const bytes = member.send(now());
    if (bytes === undefined) return;
    // What is left from before belongs to nobody.
    this.framer.expire();
    this.asked = member;
    const isAnswered =
      (await this.exchange(bytes, replyTimeoutMs + bytes.length * BYTE_MS)) ||
      // The false start of a frame may hide the real one.
      this.deliver(this.framer.expire());
    this.asked = undefined;
    for (const [reason, count] of Object.entries(this.framer.takeDiscards())) {
      member.count(`discarded_${reason}`, count);
    }
    if (isAnswered) this.options.answered?.();
    else member.timeout(now());
    await sleep(TURNAROUND_MS);
  }

  private async exchange(bytes: Uint8Array, timeoutMs: number): Promise<boolean> {
    const wait = createWait(timeoutMs, PACE, this.options.now);
    this.wait = wait;
    try {
      // A line that takes no bytes must not stop the turn any longer than a reader that gives none.
      await Promise.race([this.port.write(bytes), wait.outcome]);
      return await wait.outcome;
    } finally {
      wait.end(false);
      this.wait = undefined;
    }
  }

  /** True when one of the frames ended the open exchange. */
  private deliver(frames: readonly Frame[]): boolean {
    let isEnded = false;
    for (const frame of frames) {
      const member = this.asked;
      if (member === undefined || isEnded) continue;
      // Without the reply bit it is our own echo, or another master's.
      if (!frame.isReply) member.count("discarded_echo");
      else if (frame.address !== member.address) member.count("discarded_address");
      else isEnded = member.receive(frame, this.options.now());
    }
    if (isEnded) this.wait?.end(true);
    return isEnded;
  }
}

/** The first member from `from` on, round and round, that is due. */
function pick(
  members: readonly BusMember[],
  from: number,
  nowMs: number,
): { readonly at: number; readonly member: BusMember } | undefined {
  for (let step = 0; step < members.length; step += 1) {
    const at = (from + step) % members.length;
    const member = members[at];
    if (member !== undefined && member.dueAt() <= nowMs) return { at, member };
  }
  return undefined;
}

const lostError = (name: string, cause: unknown): PlatformError =>
  cause instanceof PlatformError
    ? cause
    : new PlatformError("port.lost", `the line ${name} is gone`, { retriable: true, cause });

import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Port } from "../../ports/port.ts";
import { createAlarm, createWait, type Pace, type Wait } from "../waits.ts";
import { createFramer, encodeFrame, type Frame, type Reply } from "./frame.ts";
import { COMMAND, commandOf, encodeRequest, heartbeatAnswer, type Request } from "./messages.ts";
import { Outstanding } from "./outstanding.ts";

/** The longest frame has 611 bytes: at 2400 bit/s. */
const PACE: Pace = { byteGapMs: 100, longestFrameMs: 2_600 };

/** What a byte takes on the slowest usual line, 9600 bit/s. */
const BYTE_MS = 1.1;
/** How long the line rests at most before everybody is looked at again. */
const LONGEST_REST_MS = 1_000;
/** After so many reply timeouts an answer that has not come is lost, and not late. */
const FORGET_TIMEOUTS = 10;
/** Heartbeats that wait for an answer; more than one per terminal says nothing new. */
const MAX_HEARTBEATS = 64;

export interface LineOptions {
  readonly replyTimeoutMs: number;
  readonly turnaroundMs: number;
  readonly frameGapMs: number;
  /** Monotonic milliseconds. */
  readonly now: () => number;
}

/** What a terminal lets us know by speaking: it answers (if too late), it is there, or somebody punched. */
export type SignOfLife = "answer" | "late" | "heartbeat" | "punch";

/** One terminal as the line sees it. */
export interface LineMember {
  readonly device: number;
  count(name: string, by?: number): void;
  /** It said something that makes sense. */
  alive(sign: SignOfLife): void;
}

/**
 * Questions whose answer must be surely theirs, and not a late one to the same question before: pages of the log and of
 * the user list, and what changes something. The others may be asked again and again.
 */
const isStrict = (request: Request): boolean => {
  if (request.ask === "info") return request.isSure === true;
  return request.ask !== "clock" && request.ask !== "enable-real-time";
};

interface Question {
  readonly member: LineMember;
  readonly request: Request;
  readonly answer: PromiseWithResolvers<Reply>;
}

/**
 * One half-duplex line with one or several terminals: one question at a time, first come, first served. A terminal asks
 * its next question only after its last, so each gets its turn, and a silent one costs the others a reply timeout.
 */
export class Line {
  private readonly port: Port;
  private readonly members: ReadonlyMap<number, LineMember>;
  private readonly options: LineOptions;
  private readonly framer = createFramer();
  private readonly alarm = createAlarm();
  private readonly outstanding = new Map<number, Outstanding>();
  /** When each terminal may be asked again. */
  private readonly readyAt = new Map<number, number>();
  private queue: Question[] = [];
  private heartbeats: number[] = [];
  private open: { readonly question: Question; readonly command: number; wait: Wait } | undefined;
  private quietSince = Number.NEGATIVE_INFINITY;
  private ended: PlatformError | undefined;

  constructor(port: Port, members: readonly LineMember[], options: LineOptions) {
    this.port = port;
    this.members = new Map(members.map((member) => [member.device, member]));
    this.options = options;
  }

  /**
   * The terminal's answer, whatever its RET says. Rejects with `device.no-reply` when there is none, with `port.lost`
   * when the line ends, and with `config.invalid` for what cannot be said.
   */
  ask(member: LineMember, request: Request): Promise<Reply> {
    if (this.ended !== undefined) return Promise.reject(this.ended);
    const answer = Promise.withResolvers<Reply>();
    this.queue.push({ member, request, answer });
    this.alarm.ring();
    return answer.promise;
  }

  /** Serves until `signal` aborts (resolves) or the line goes (rejects with `port.lost`). Once only. */
  async run(signal: AbortSignal): Promise<void> {
    const stop = (): void => {
      this.open?.wait.end(false);
      this.alarm.ring();
    };
    let lost: PlatformError | undefined;
    this.port.onData((chunk) => this.hear(chunk));
    this.port.onClosed((reason) => {
      lost = lostError(this.port.name, reason);
      stop();
    });
    signal.addEventListener("abort", stop, { once: true });
    try {
      while (!signal.aborted) {
        if (lost !== undefined) throw lost;
        await this.turn();
      }
    } catch (error) {
      lost ??= lostError(this.port.name, error);
      throw error;
    } finally {
      signal.removeEventListener("abort", stop);
      this.ended = lost ?? new PlatformError("port.lost", `${this.port.name}: the agent stops`);
      for (const { answer } of this.queue.splice(0)) answer.reject(this.ended);
    }
  }

  private async turn(): Promise<void> {
    const { now, turnaroundMs } = this.options;
    const restMs = Math.max(this.quietSince + turnaroundMs - now(), this.untilSomebodyIsReady());
    if (restMs > 0) {
      await this.alarm.wait(restMs);
      return;
    }
    const device = this.heartbeats.shift();
    if (device !== undefined) {
      await this.send(encodeFrame(heartbeatAnswer(device)));
      return;
    }
    const at = this.queue.findIndex((question) => this.readyAtMs(question) <= now());
    if (at === -1) return;
    const [question] = this.queue.splice(at, 1);
    if (question !== undefined) await this.exchange(question);
  }

  /** Milliseconds; 0 when there is something to say. */
  private untilSomebodyIsReady(): number {
    if (this.heartbeats.length > 0) return 0;
    const now = this.options.now();
    const waits = this.queue.map((question) => this.readyAtMs(question) - now);
    return Math.max(0, Math.min(LONGEST_REST_MS, ...waits));
  }

  /**
   * A question whose answer must be surely its own is not asked while an older one of its kind may still be answered:
   * neither answer would be believed, and that makes the next one no better.
   */
  private readyAtMs({ member: { device }, request }: Question): number {
    const restedAtMs = this.readyAt.get(device) ?? 0;
    if (!isStrict(request)) return restedAtMs;
    return Math.max(restedAtMs, this.outstandingOf(device).clearAtMs(commandOf(request)));
  }

  private async exchange(question: Question): Promise<void> {
    const { member, request, answer } = question;
    const { replyTimeoutMs, frameGapMs, now } = this.options;
    let bytes: Uint8Array;
    let command: number;
    try {
      const encoded = encodeRequest(request);
      command = encoded.command;
      bytes = encodeFrame({ kind: "call", device: member.device, ...encoded });
    } catch (error) {
      answer.reject(error);
      return;
    }
    // What is left from before belongs to nobody.
    this.deliver(this.framer.expire());
    this.outstandingOf(member.device).asked(command, now());
    const wait = createWait(replyTimeoutMs + bytes.length * BYTE_MS, PACE, now);
    this.open = { question, command, wait };
    try {
      // A line that takes no bytes must not stop the turn any longer than a terminal that gives none.
      await Promise.race([this.send(bytes), wait.outcome]);
      // The false start of a frame may hide the real one.
      const isAnswered = (await wait.outcome) || this.deliver(this.framer.expire());
      if (!isAnswered) {
        member.count("timeouts");
        answer.reject(noReply(member.device));
      }
    } catch (error) {
      answer.reject(lostError(this.port.name, error));
      throw error;
    } finally {
      wait.end(false);
      this.open = undefined;
      this.readyAt.set(member.device, now() + frameGapMs);
      for (const [reason, count] of Object.entries(this.framer.takeDiscards())) {
        member.count(`discarded_${reason}`, count);
      }
    }
  }

  private async send(bytes: Uint8Array): Promise<void> {
    await this.port.write(bytes);
    this.open?.question.member.count("frames_out");
    this.quietSince = this.options.now();
  }

  private hear(chunk: Uint8Array): void {
    this.quietSince = this.options.now();
    this.open?.wait.heard();
    this.deliver(this.framer.push(chunk));
  }

  /** True when one of the frames answered the open question. */
  private deliver(frames: readonly Frame[]): boolean {
    let isAnswered = false;
    for (const frame of frames) isAnswered = this.take(frame) || isAnswered;
    return isAnswered;
  }

  private take(frame: Frame): boolean {
    const asked = this.open?.question.member;
    const member = this.members.get(frame.device);
    if (member === undefined) {
      asked?.count("discarded_address");
      return false;
    }
    if (frame.kind === "call") {
      this.takeCall(frame.command, member);
      return false;
    }
    if (frame.command === COMMAND.realTime) {
      member.count("told_unasked");
      member.alive("punch");
      return false;
    }
    return this.takeAnswer(frame, member);
  }

  /** Terminals call only to say that they live; anything else is our own echo, or another master's. */
  private takeCall(command: number, member: LineMember): void {
    if (command !== COMMAND.heartbeat) {
      member.count("discarded_echo");
      return;
    }
    member.count("heartbeats");
    if (this.heartbeats.length < MAX_HEARTBEATS) this.heartbeats.push(member.device);
    member.alive("heartbeat");
    this.alarm.ring();
  }

  private takeAnswer(reply: Reply, member: LineMember): boolean {
    const standing = this.outstandingOf(member.device).answered(reply.command, this.options.now());
    const { open } = this;
    const isAwaited =
      open !== undefined && open.question.member === member && open.command === reply.command;
    if (standing === "none") {
      member.count("discarded_unasked");
      return false;
    }
    if (!isAwaited || (standing === "several" && isStrict(open.question.request))) {
      member.count("discarded_late");
      member.alive("late");
      this.alarm.ring(); // whoever was held back because of it
      return false;
    }
    // Two answers in one chunk: the second finds nobody waiting.
    this.open = undefined;
    member.count("frames_in");
    member.alive("answer");
    open.question.answer.resolve(reply);
    open.wait.end(true);
    return true;
  }

  private outstandingOf(device: number): Outstanding {
    const known =
      this.outstanding.get(device) ??
      new Outstanding(this.options.replyTimeoutMs * FORGET_TIMEOUTS);
    this.outstanding.set(device, known);
    return known;
  }
}

const noReply = (device: number): PlatformError =>
  new PlatformError(
    "device.no-reply",
    `no answer from device number ${device}: check power, wiring, device number and baud rate of the terminal`,
    { retriable: true },
  );

const lostError = (name: string, cause: unknown): PlatformError =>
  cause instanceof PlatformError
    ? cause
    : new PlatformError("port.lost", `the line ${name} is gone`, { retriable: true, cause });

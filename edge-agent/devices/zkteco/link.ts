import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Port } from "../../ports/port.ts";
import { COMMANDS, type CommandName, REPLIES } from "./commands.ts";
import { createFramer, encodePacket, type Packet } from "./frame.ts";

/** An answer that keeps coming is let finish, up to this many reply times. */
const LONGEST_ANSWER = 12;
/** More packets than any answer has; a terminal that goes on for ever is cut short. */
const MAX_ANSWER_PACKETS = 4096;
const MAX_REPLY = 0xffff;

export interface LinkOptions {
  /** How long a terminal may be silent while an answer is due. */
  readonly replyTimeoutMs: number;
  readonly now: () => number;
  /** Somebody punched, or something else happened at the terminal; it was told that we heard. */
  readonly onEvent: () => void;
  readonly count: (name: string, by?: number) => void;
  /** A packet that makes sense. */
  readonly progress: () => void;
}

/** When an answer is complete: most are one packet. */
export type IsComplete = (packets: readonly Packet[]) => boolean;

interface Question {
  readonly reply: number;
  readonly isComplete: IsComplete;
  readonly packets: Packet[];
  readonly answer: PromiseWithResolvers<readonly Packet[]>;
  readonly latestMs: number;
  timer: NodeJS.Timeout;
}

const one: IsComplete = () => true;
const NOTHING = Buffer.alloc(0);

/** One session of questions and answers on a port, one question at a time. */
export class Link {
  private readonly port: Port;
  private readonly options: LinkOptions;
  private readonly framer = createFramer();
  /** How those who wait hear that the link ended. */
  private readonly waiting = new Set<(reason: Error) => void>();
  private why: Error | undefined;
  private session = 0;
  private reply = MAX_REPLY;
  private heardMs: number;
  private question: Question | undefined;

  constructor(port: Port, options: LinkOptions) {
    this.port = port;
    this.options = options;
    this.heardMs = options.now();
    port.onData((chunk) => {
      if (this.why !== undefined) return;
      this.hear(this.framer.push(chunk));
      if (this.question !== undefined) this.waitOn(this.question);
    });
  }

  /**
   * Asks and waits for the whole answer. Rejects with `device.no-reply` when none comes in time, and with whatever ended
   * the link.
   */
  ask(
    command: CommandName,
    data: Buffer = NOTHING,
    isComplete: IsComplete = one,
  ): Promise<readonly Packet[]> {
    if (this.why !== undefined) return Promise.reject(this.why);
    const { now, replyTimeoutMs } = this.options;
    this.reply = command === "connect" ? 0 : (this.reply + 1) % MAX_REPLY;
    this.question = {
      reply: this.reply,
      isComplete,
      packets: [],
      answer: Promise.withResolvers(),
      latestMs: now() + LONGEST_ANSWER * replyTimeoutMs,
      timer: setTimeout(() => this.expire(), replyTimeoutMs),
    };
    this.send(COMMANDS[command], this.reply, data);
    return this.question.answer.promise;
  }

  /** Says something that is not answered. */
  tell(command: CommandName): void {
    this.reply = (this.reply + 1) % MAX_REPLY;
    if (this.why === undefined) this.send(COMMANDS[command], this.reply, NOTHING);
  }

  /**
   * Settles as `work` does, or rejects with the reason when the link ends first. A race against one promise of the link's
   * end would leave something in it at every poll, and a link lasts for months.
   */
  async unlessEnded<T>(work: Promise<T>): Promise<T> {
    const { promise, reject } = Promise.withResolvers<never>();
    if (this.why === undefined) this.waiting.add(reject);
    else reject(this.why);
    try {
      return await Promise.race([work, promise]);
    } finally {
      this.waiting.delete(reject);
    }
  }

  /** The session the terminal gave out; part of every packet from now on. */
  setSession(session: number): void {
    this.session = session;
  }

  /** Monotonic milliseconds of the last packet that made sense. */
  lastHeardMs(): number {
    return this.heardMs;
  }

  end(reason: Error): void {
    if (this.why !== undefined) return;
    this.why = reason;
    this.settle((answer) => answer.reject(reason));
    for (const reject of this.waiting) reject(reason);
  }

  private send(command: number, reply: number, data: Buffer): void {
    const bytes = encodePacket({ command, session: this.session, reply, data });
    // A port that cannot write any more says so through onClosed as well.
    this.port.write(bytes).catch(() => this.options.count("writes_failed"));
  }

  private hear(packets: readonly Packet[]): void {
    for (const [reason, times] of Object.entries(this.framer.takeDiscards())) {
      this.options.count(`discarded_${reason}`, times);
    }
    for (const packet of packets) this.take(packet);
  }

  private take(packet: Packet): void {
    const { question } = this;
    if (packet.command === REPLIES.event) {
      this.makesSense();
      this.options.count("events");
      // An event carries its kind where a session would be, and is answered under number 0.
      this.send(COMMANDS.acknowledge, 0, NOTHING);
      this.options.onEvent();
    } else if (question === undefined || !this.answers(packet, question)) {
      this.options.count("discarded_unexpected");
    } else {
      this.makesSense();
      const { packets, isComplete } = question;
      packets.push(packet);
      if (packets.length >= MAX_ANSWER_PACKETS || isComplete(packets)) {
        this.settle((answer) => answer.resolve(packets));
      }
    }
  }

  /** Before the session is there (0) the terminal answers with the one it gives out. */
  private answers(packet: Packet, question: Question): boolean {
    const isOurs = this.session === 0 || packet.session === this.session;
    return isOurs && packet.reply === question.reply;
  }

  private makesSense(): void {
    this.heardMs = this.options.now();
    this.options.progress();
  }

  private waitOn(question: Question): void {
    const { now, replyTimeoutMs } = this.options;
    clearTimeout(question.timer);
    const leftMs = Math.min(replyTimeoutMs, question.latestMs - now());
    question.timer = setTimeout(() => this.expire(), Math.max(1, leftMs));
  }

  private expire(): void {
    const { count, replyTimeoutMs } = this.options;
    count("timeouts");
    this.hear(this.framer.expire());
    const silence = new PlatformError("device.no-reply", `no answer within ${replyTimeoutMs} ms`, {
      retriable: true,
    });
    this.settle((answer) => answer.reject(silence));
  }

  private settle(act: (answer: Question["answer"]) => void): void {
    if (this.question === undefined) return;
    const { answer, timer } = this.question;
    clearTimeout(timer);
    this.question = undefined;
    act(answer);
  }
}

import type { Credential } from "@clockleaf/shared/wire/punch.ts";
import type { Feedback, ReaderHealth } from "../driver.ts";
import type { BusMember } from "./bus.ts";
import type { OsdpReader } from "./config.ts";
import { Custody, type CustodyHooks } from "./custody.ts";
import { cardRead, EXCHANGE_STEP, keysPressed, type Step } from "./entry.ts";
import { Errands } from "./errands.ts";
import { type CheckKind, type Frame, withMark } from "./frame.ts";
import { KeyChange } from "./key-change.ts";
import { KeyChoice, type KeySources } from "./key-choice.ts";
import { LIMITS } from "./limits.ts";
import { ask, clearLine, establish, type Line, prove, readAnswer, securedLine } from "./line.ts";
import { type Command, NAK, type Reply } from "./messages.ts";
import { Patience } from "./patience.ts";
import { restoredEntry, restoredLine, restoredReply, resumeOf } from "./resume.ts";
import { Standing, type StandingHooks } from "./standing.ts";
import type { Resume } from "./state-file.ts";
import { Unacknowledged } from "./unacknowledged.ts";

const POLL: Command = { type: "POLL" };
const LSTAT: Command = { type: "LSTAT" };

export interface SessionHooks extends StandingHooks, KeySources, CustodyHooks {
  /** Hands the state to the kernel before it returns. */
  save(state: Resume): void;
  random(bytes: number): Uint8Array;
}

export interface SessionStart {
  readonly resume: Resume | undefined;
  /** Exchange number to count from when there is nothing to resume; no lower than any number the journal has. */
  readonly exchange: number;
  readonly pollMs: number;
  readonly nowMs: number;
}

/**
 * One reader on the line: decides the next command and what a reply means. It never sends a new sequence number while
 * something the reader still holds is uncommitted. No timers and no I/O of its own; time comes in with every call.
 *
 *     send ──▶ question open ──reply──▶ nothing to keep ──▶ settled, next SQN
 *               ▲        │        └──▶ card, keys ──▶ commit ──accepted──▶ settled, then light and beep
 *               └ same bytes ◀── no reply, BUSY           └──refused──▶ again, the question stays open
 */
export class Session implements BusMember {
  readonly address: number;
  private readonly reader: OsdpReader;
  private readonly hooks: SessionHooks;
  private readonly standing: Standing;
  private readonly keys: KeyChoice;
  private readonly custody: Custody;
  private readonly errands: Errands;
  private readonly keyChange: KeyChange;
  private readonly unacknowledged: Unacknowledged;
  private readonly pollMs: number;

  private line: Line | null;
  /** The line that was up before the reader fell silent: its question may still have an answer waiting. */
  private kept: Line | null = null;
  private exchange: number;
  private check: CheckKind;
  /** A reply that was heard before the agent was killed and still awaits its handling. */
  private unhandled: Frame | null;

  private due: number;
  private statusDue = 0;
  private readonly patience: Patience;
  private badChecks = 0;

  constructor(reader: OsdpReader, hooks: SessionHooks, start: SessionStart) {
    const { resume, nowMs } = start;
    this.reader = reader;
    this.hooks = hooks;
    this.address = reader.address;
    this.pollMs = start.pollMs;
    this.standing = new Standing(reader, hooks, { nowMs, remembered: resume });
    this.errands = new Errands(reader, (name) => this.count(name));
    this.keyChange = new KeyChange(reader.id);
    this.keys = new KeyChoice(reader, hooks, resume?.isKeyed ?? false);
    this.due = nowMs;
    this.patience = new Patience(nowMs);
    this.exchange = Math.max(start.exchange, resume?.exchange ?? 0);
    this.check = resume?.check ?? "crc";
    this.unacknowledged = new Unacknowledged(resume?.unacknowledged ?? null);
    this.custody = new Custody(reader, hooks, restoredEntry(resume, nowMs));
    this.line = restoredLine(resume, reader);
    this.unhandled = this.line === null ? null : restoredReply(resume);
    // Once the old question is settled: what this process does not know of the reader yet.
    if (this.line !== null) this.introduce(nowMs);
  }

  dueAt(): number {
    return this.due;
  }

  count(name: string, by?: number): void {
    this.standing.count(name, by);
  }

  health(): ReaderHealth {
    return this.standing.health();
  }

  lineLost(): void {
    this.dropErrands();
    this.standing.lineLost();
  }

  /** The next frame to send, with its mark; undefined when there is nothing to send after all. */
  send(nowMs: number): Uint8Array | undefined {
    this.standing.watch(nowMs);
    if (this.handledLeftover(nowMs)) return undefined;
    const question = this.line?.question ?? null;
    if (question === null) {
      if (!this.custody.isOpen && !this.endedEntry(nowMs)) return this.askNext(nowMs);
      this.due = Number.POSITIVE_INFINITY;
      return undefined;
    }
    if (this.custody.isOpen) {
      const isOffered = this.custody.offerAgain(nowMs);
      if (!isOffered) this.custody.keptOnLine(nowMs);
      this.due = this.custody.dueAt();
      if (isOffered) return undefined;
    } else if (this.mustStartOver(nowMs)) return this.start(nowMs);
    this.count("frames-sent");
    this.count("retransmits");
    return withMark(question.bytes);
  }

  /** True when the frame ends the exchange; false when waiting for the real answer goes on. */
  receive(frame: Frame, nowMs: number): boolean {
    // A commit may finish while its keep-alive is on the line: then nothing is open any more.
    if (this.line === null || this.line.question === null) return true;
    const answer = readAnswer(this.line, frame);
    if (answer.kind === "stray") {
      this.count(`discarded_${answer.why}`);
      return false;
    }
    this.count("frames-received");
    this.patience.heard(nowMs);
    if (this.custody.isOpen) this.standing.served(nowMs);
    else if (answer.reply.type === "BUSY") {
      this.count("busy");
      if (this.line.stage === "up") this.standing.served(nowMs);
      this.due = nowMs + Math.max(this.pollMs, LIMITS.retryFirstMs);
    } else {
      this.kept = null;
      this.line = answer.line;
      if (answer.reply.type === "RAW" || answer.reply.type === "KEYPAD") this.save(frame.bytes);
      this.handle(answer.reply, nowMs);
    }
    return true;
  }

  /** No answer came in time, or none that counts. */
  timeout(nowMs: number): void {
    this.count("timeouts");
    if (this.custody.isOpen || this.line === null || this.line.question === null) return;
    this.patience.unanswered();
    if (!this.patience.isSilent(nowMs)) this.due = this.patience.retryAt(nowMs);
    else if (this.line.stage === "up") {
      // The same bytes had their chance; SQN 0 gets one now (`mustStartOver`).
      this.due = nowMs;
    } else {
      this.line = this.kept;
      this.kept = null;
      this.patience.startOver();
      this.due = this.patience.probeAt(nowMs);
    }
  }

  /** Every reading of the last commit is on disk: the reader may forget it, and the person may know. */
  accepted(feedback: Feedback, nowMs: number): void {
    if (!this.custody.isOpen) return;
    const before = this.custody.entry;
    this.custody.accepted();
    this.count("readings-accepted");
    this.errands.punched(feedback, nowMs);
    this.errands.promptForPin(before, this.custody.entry);
    this.settle(nowMs);
  }

  /** Nothing was stored. No light; the question stays open, so that the reader keeps its copy, and ours is offered again. */
  refused(nowMs: number): void {
    if (!this.custody.isOpen) return;
    this.count("commits-refused");
    const isHeldByReader = this.line !== null && this.line.question !== null;
    this.custody.refused(nowMs, isHeldByReader);
    this.due = isHeldByReader ? this.custody.dueAt() : nowMs + this.pollMs;
  }

  /** Shows the reader to a person. Resolves once it was told; rejects with `device.no-reply` if it is not up, or goes down. */
  locate(seconds: number): Promise<void> {
    return this.errands.locate(seconds, this.line?.stage === "up");
  }

  /** Shows a light that no punch is behind. Resolves and rejects as `locate`. */
  testLight(light: Feedback["light"]): Promise<void> {
    return this.errands.test(light, this.line?.stage === "up");
  }

  /**
   * Hands the reader a new key under the one in force; resolves once it has it. Rejects with `device.no-reply`,
   * `device.refused`, or `device.key` on a line without a secure channel.
   */
  setKey(key: Uint8Array): Promise<void> {
    const said = this.keyChange.begin(this.line);
    if (this.keyChange.isOpen) this.errands.add({ type: "KEYSET", key });
    return said;
  }

  private dropErrands(): void {
    this.errands.drop();
    this.keyChange.inDoubt();
  }

  private endedEntry(nowMs: number): boolean {
    if (!this.custody.isTimedOut(nowMs)) return false;
    this.count("entries-timed-out");
    return this.custody.endEntry(nowMs);
  }

  /** What the agent had heard but not stored when it was killed: no need to ask the reader again. */
  private handledLeftover(nowMs: number): boolean {
    const frame = this.unhandled;
    if (frame === null) return false;
    this.unhandled = null;
    return this.receive(frame, nowMs);
  }

  private askNext(nowMs: number): Uint8Array | undefined {
    if (this.line === null) return this.start(nowMs);
    if (this.line.key === "default" && !this.keys.mayUseDefault()) return this.start(nowMs);
    const errand = this.errands.next(nowMs);
    if (errand !== undefined) return this.ask(this.line, errand);
    if (nowMs < this.statusDue) return this.ask(this.line, POLL);
    this.statusDue = nowMs + LIMITS.statusMs;
    return this.ask(this.line, LSTAT);
  }

  private ask(line: Line, command: Command): Uint8Array | undefined {
    this.exchange += EXCHANGE_STEP;
    const { address, check, exchange } = this;
    const asked = ask(line, command, { address, check, exchange });
    this.line = asked;
    this.save(null);
    this.count("frames-sent");
    return asked.question === null ? undefined : withMark(asked.question.bytes);
  }

  /** `reply` is one that must not be lost between here and its commit. */
  private save(reply: Uint8Array | null): void {
    this.hooks.save(
      resumeOf({
        exchange: this.exchange,
        check: this.check,
        line: this.line?.stage === "up" ? this.line : this.kept,
        reply: reply !== null && reply.length <= LIMITS.keptReplyBytes ? reply : null,
        entry: this.custody.entry,
        unacknowledged: this.unacknowledged.card,
        isKeyed: this.keys.isKeyed,
        remembered: this.standing.memory(),
      }),
    );
  }

  /** Resets the link: SQN 0, and the handshake if there is to be a secure channel. */
  private start(nowMs: number): Uint8Array | undefined {
    this.count("link-starts");
    this.dropErrands();
    this.patience.startOver();
    const choice = this.keys.choose();
    switch (choice.kind) {
      case "fault":
        this.fail(choice.fault, nowMs);
        return undefined;
      case "none":
        this.introduce(nowMs);
        return this.ask(clearLine(), this.errands.next(nowMs) ?? POLL);
      case "own":
      case "default": {
        const rndA = this.hooks.random(8);
        return this.ask(securedLine(choice.kind, choice.key, rndA), { type: "CHLNG", rndA });
      }
    }
  }

  /** What is asked on every new line, and after a restart in the middle of one. */
  private introduce(nowMs: number): void {
    this.errands.replace([{ type: "ID" }, { type: "CAP" }, LSTAT]);
    this.statusDue = nowMs + LIMITS.statusMs;
  }

  /** Whether the open question has had its tries, so that the link must begin at SQN 0. */
  private mustStartOver(nowMs: number): boolean {
    const { tries } = this.patience;
    if (this.line?.stage !== "up") return tries >= LIMITS.handshakeTries;
    if (tries === 0 || !this.patience.isSilent(nowMs)) return false;
    this.kept = this.line;
    return true;
  }

  private restart(nowMs: number): void {
    this.line = null;
    this.due = nowMs + this.pollMs;
  }

  private fail(fault: NonNullable<ReaderHealth["fault"]>, nowMs: number): void {
    this.line = null;
    this.standing.fail(fault);
    this.due = nowMs + LIMITS.faultMs;
  }

  /** The open question is done with: the next command gets the next sequence number. */
  private settle(nowMs: number): void {
    if (this.line !== null) this.line = { ...this.line, question: null };
    this.due = this.errands.isEmpty ? nowMs + this.pollMs : nowMs;
  }

  private handle(reply: Reply, nowMs: number): void {
    if (this.line === null) return;
    if (reply.type === "NAK") {
      this.handleNak(this.line, reply.code, nowMs);
      return;
    }
    this.badChecks = 0;
    switch (this.line.stage) {
      case "challenged":
        this.handleProof(this.line, reply, nowMs);
        return;
      case "authenticating":
        this.handleEstablished(this.line, reply, nowMs);
        return;
      case "starting":
        this.line = { ...this.line, stage: "up" };
        this.unacknowledged.linkUp();
        this.standing.note({ secureChannel: "off" });
        this.handleUp(this.line, reply, nowMs);
        return;
      case "up":
        this.handleUp(this.line, reply, nowMs);
    }
  }

  private handleProof(line: Line, reply: Reply, nowMs: number): void {
    const proof = reply.type === "CCRYPT" ? prove(line, reply) : undefined;
    if (proof === undefined) {
      this.handshakeFailed(line, "the reader holds another key than the one in keyFile", nowMs);
      return;
    }
    this.line = proof.line;
    this.errands.replace([proof.command]);
    this.due = nowMs;
  }

  private handleEstablished(line: Line, reply: Reply, nowMs: number): void {
    const up = reply.type === "RMAC_I" ? establish(line, reply.rMac) : undefined;
    if (up === undefined) {
      this.handshakeFailed(line, "the reader does not take the key in keyFile", nowMs);
      return;
    }
    this.count("handshakes");
    this.line = up;
    this.unacknowledged.linkUp();
    this.due = nowMs;
    this.introduce(nowMs);
    this.standing.note({ secureChannel: up.key === "own" ? "on" : "install-key" });
    if (!this.keys.proven(up.key)) return;
    // Under the install key with a key of its own in the file: hand that over before anything else.
    const own = this.keys.own();
    if (own.kind === "fault") this.fail(own.fault, nowMs);
    else this.errands.replace([{ type: "KEYSET", key: own.key }]);
  }

  private handshakeFailed(line: Line, message: string, nowMs: number): void {
    this.count("handshakes-failed");
    if (this.keys.failed(line.key)) this.restart(nowMs);
    else this.fail({ code: "device.key", message }, nowMs);
  }

  private handleNak(line: Line, code: number, nowMs: number): void {
    this.count(`nak_${code}`);
    if (code === NAK.badCheck) this.handleBadCheck(line, nowMs);
    else if (code === NAK.sequence) this.restart(nowMs);
    else if (line.stage === "challenged" || line.stage === "authenticating") {
      if (this.keys.goClear(code)) this.restart(nowMs);
      else {
        this.handshakeFailed(line, `the reader refuses the secure channel (NAK ${code})`, nowMs);
      }
    } else if (code === NAK.securityUnsupported || code === NAK.securityRequired) {
      if (line.key !== "none") this.restart(nowMs);
      else {
        const message = "the reader insists on a secure channel: give it a keyFile";
        this.fail({ code: "device.key", message }, nowMs);
      }
    } else this.handleRefusedCommand(line, code, nowMs);
  }

  /** Old readers know only the checksum; on a line that is up it was noise, and the same bytes go out again. */
  private handleBadCheck(line: Line, nowMs: number): void {
    this.badChecks += 1;
    if (line.stage === "up" && this.badChecks < LIMITS.badChecks) {
      this.due = nowMs + LIMITS.retryFirstMs;
      return;
    }
    this.check = this.check === "crc" ? "checksum" : "crc";
    this.restart(nowMs);
  }

  /** A reader that does not know ID, CAP or lights is no less a reader; one that refuses its key is. */
  private handleRefusedCommand(line: Line, code: number, nowMs: number): void {
    const isKey = line.question?.command === "KEYSET";
    if (isKey && !this.keyChange.isOpen) {
      const message = `the reader refuses to take a new key (NAK ${code})`;
      this.fail({ code: "device.refused", message }, nowMs);
      return;
    }
    if (isKey) this.keyChange.refused(code);
    this.errands.refused(line.question?.command);
    this.line = { ...line, stage: "up" };
    this.noteServed(line, nowMs);
    this.settle(nowMs);
  }

  private handleUp(line: Line, reply: Reply, nowMs: number): void {
    const { question } = line;
    if (question === null) return;
    if (question.command === "KEYSET" && reply.type === "ACK") {
      this.count("keys-installed");
      if (this.keyChange.isOpen) this.keys.adopt();
      else this.keys.installed();
      this.keyChange.taken();
      this.restart(nowMs);
      return;
    }
    this.noteServed(line, nowMs);
    const arrival = { exchange: this.unacknowledged.exchangeOf(question, reply), nowMs };
    if (reply.type === "RAW") {
      this.count("cards");
      const card: Credential = { kind: "card", bits: reply.bits, hex: reply.hex };
      this.standing.countFormat(card);
      this.take(
        cardRead(this.custody.entry, card, { ...arrival, hasPin: this.hasPin(card) }),
        nowMs,
      );
    } else if (reply.type === "KEYPAD") {
      const { keys } = reply;
      this.count("keys", keys.length);
      this.take(keysPressed(this.reader.keypad, this.custody.entry, { ...arrival, keys }), nowMs);
    } else {
      if (reply.type === "LSTATR") this.standing.noteStatus(reply);
      else if (reply.type === "PDID") this.standing.noteIdentity(reply);
      else this.errands.answered(reply);
      this.settle(nowMs);
    }
  }

  /** Who it is and what it can, a reader tells in clear even when it refuses to work; that does not count. */
  private noteServed(line: Line, nowMs: number): void {
    const command = line.question?.command;
    if (command !== "ID" && command !== "CAP") this.standing.served(nowMs);
  }

  private hasPin(card: Credential): boolean {
    return this.reader.keypad === "card-then-pin" && this.hooks.checkPin(card, "") !== "none-set";
  }

  /** Commits what a step calls for; until that is done the question stays open and the reader keeps its copy. */
  private take(step: Step, nowMs: number): void {
    for (const why of step.dropped) this.count(`dropped_${why}`);
    const before = this.custody.entry;
    if (this.custody.take(step, nowMs)) {
      this.due = this.custody.dueAt();
      return;
    }
    this.errands.promptForPin(before, this.custody.entry);
    this.settle(nowMs);
  }
}

import { codeOf, PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import type { DriverDeps, Reading } from "../driver.ts";
import { createAlarm } from "../waits.ts";
import { type ClockFacts, ClockKeeper } from "./clock.ts";
import type { AnvizConfig, AnvizReader } from "./config.ts";
import { type Conversation, converse } from "./conversation.ts";
import type { Line, LineMember, SignOfLife } from "./line.ts";
import { LogReader } from "./log-reader.ts";
import type { Info } from "./messages.ts";
import { namesFile } from "./names-file.ts";
import { Standing } from "./standing.ts";
import { pullUsers, pushUsers } from "./user-list.ts";
import type { KnownUser, NewUser } from "./users.ts";

/** Longest pause between two tries of a terminal that does not answer: it costs the others one reply timeout. */
const LONGEST_BACKOFF_MS = 60_000;
/** Rounds in a row without an answer after which a terminal is off-line. */
const OFFLINE_AFTER = 3;

interface Chore {
  /** Never rejects. */
  run(): Promise<void>;
  giveUp(error: PlatformError): void;
}

export interface TerminalParts {
  readonly config: AnvizConfig;
  readonly deps: DriverDeps;
  readonly log: Log;
}

/** One terminal: reads its log again and again, keeps its clock, does what is asked of it in between. */
export class Terminal implements LineMember {
  readonly device: number;
  private readonly reader: AnvizReader;
  private readonly parts: TerminalParts;
  private readonly standing: Standing;
  private readonly alarm = createAlarm();
  private readonly over = new AbortController();
  private readonly chores: Chore[] = [];
  /** To be done when nothing waits in the log; given up when the terminal does not answer. */
  private readonly choresWhenRead: Chore[] = [];
  private talk: Conversation | undefined;
  private clock: ClockKeeper | undefined;
  /** Rounds in a row that ended without an answer. */
  private failures = 0;
  /** How many of them since anything was heard of it. */
  private silentRounds = 0;

  constructor(reader: AnvizReader, parts: TerminalParts) {
    this.reader = reader;
    this.parts = parts;
    this.device = reader.deviceNumber;
    const { deps } = parts;
    this.standing = new Standing(reader, {
      statusChanged: (what) => deps.statusChanged(reader.id, what),
      changed: () => this.tell(),
    });
  }

  count(name: string, by?: number): void {
    this.standing.count(name, by);
  }

  alive(sign: SignOfLife): void {
    this.parts.deps.progress();
    this.silentRounds = 0;
    if (sign === "punch" || (sign === "heartbeat" && this.failures > 0)) this.alarm.ring();
  }

  /** Serves until `signal` aborts. Rejects only with faults of our own. */
  async run(line: Line, signal: AbortSignal): Promise<void> {
    const { config, deps } = this.parts;
    const talk = converse(line, this);
    const clock = new ClockKeeper({
      reader: this.reader.id,
      checkEveryS: config.lookAtClockEveryS,
      talk,
      deps,
      measured: (facts) => this.noteClock(facts),
    });
    const log = this.logReader(talk);
    this.talk = talk;
    this.clock = clock;
    const end = (): void => {
      this.over.abort();
      this.alarm.ring();
    };
    if (signal.aborted) return;
    signal.addEventListener("abort", end, { once: true });
    let isGreeted = false;
    while (!signal.aborted) {
      const restMs = await this.turn(async () => {
        // First the clock: what may still be on its way from an earlier run is surely not its answer and the log's.
        if (!isGreeted) await this.greet(talk, clock);
        isGreeted = true;
        await this.doChores();
        const result = await log.batch();
        if (result === "more") return 0;
        if (result === "refused") return config.refusedMs;
        // Only with an empty log: what was punched before was dated by the clock as it was.
        for (const chore of this.choresWhenRead.splice(0)) await chore.run();
        await clock.keep();
        return config.pollMs;
      });
      if (!signal.aborted && this.chores.length === 0) await this.alarm.wait(restMs);
    }
  }

  /** Sets the clock once the log is read. Rejects with `device.no-reply`, or `device.refused` while there is no time to set it by. */
  resyncClock(): Promise<void> {
    return this.whenRead(async () => {
      if ((await this.clock?.set(true)) !== true) {
        throw new PlatformError(
          "device.refused",
          `${this.reader.id}: no clock to set it by: the gateway does not know the time itself`,
        );
      }
    });
  }

  pullUsers(): Promise<KnownUser[]> {
    return this.inTurn((talk) => pullUsers(talk, this.reader.userLayout));
  }

  /** Returns the numbers of the users that the terminal did not take. */
  pushUsers(users: readonly NewUser[]): Promise<number[]> {
    return this.inTurn((talk) => pushUsers(talk, { users, layout: this.reader.userLayout }));
  }

  lineLost(): void {
    this.standing.lineLost();
  }

  tell(): void {
    const health = this.standing.health();
    this.parts.deps.report(health);
  }

  /** Milliseconds until the next turn. */
  private async turn(round: () => Promise<number>): Promise<number> {
    try {
      const restMs = await round();
      this.failures = 0;
      this.standing.served();
      return restMs;
    } catch (error) {
      const code = codeOf(error);
      const message = error instanceof Error ? error.message : String(error);
      if (code === "device.no-reply") return this.missed(message);
      if (code === "device.refused") {
        this.standing.fail({ code, message });
        return this.parts.config.refusedMs;
      }
      // The line says so itself.
      if (code === "port.lost") return LONGEST_BACKOFF_MS;
      throw error;
    }
  }

  private missed(message: string): number {
    const error = new PlatformError("device.no-reply", message, { retriable: true });
    for (const chore of this.choresWhenRead.splice(0)) chore.giveUp(error);
    this.failures += 1;
    if (this.failures >= OFFLINE_AFTER) this.standing.missing(message);
    this.silentRounds += 1;
    if (this.failures === 1) return 0;
    // On a bad line something gets through now and then: worth trying harder than for one that is gone.
    const doublings = Math.max(this.silentRounds - 2, Math.min(this.failures - 2, 3));
    return Math.min(LONGEST_BACKOFF_MS, this.parts.config.pollMs * 2 ** Math.min(doublings, 16));
  }

  private async greet(talk: Conversation, clock: ClockKeeper): Promise<void> {
    await clock.look();
    if (this.parts.config.realTime) await talk.ask({ ask: "enable-real-time" }, () => true);
  }

  /** Runs `chore` between two batches. */
  private inTurn<T>(chore: (talk: Conversation) => Promise<T>): Promise<T> {
    return this.queued(this.chores, chore);
  }

  /** Runs `chore` when nothing waits in the terminal's log. */
  private whenRead<T>(chore: (talk: Conversation) => Promise<T>): Promise<T> {
    return this.queued(this.choresWhenRead, chore);
  }

  private queued<T>(chores: Chore[], chore: (talk: Conversation) => Promise<T>): Promise<T> {
    const { talk } = this;
    if (talk === undefined) {
      return Promise.reject(new PlatformError("device.no-reply", `${this.reader.id}: no line`));
    }
    const done = Promise.withResolvers<T>();
    const run = (): Promise<void> => chore(talk).then(done.resolve, done.reject);
    chores.push({ run, giveUp: done.reject });
    this.alarm.ring();
    return unlessOver(done.promise, this.over.signal);
  }

  private async doChores(): Promise<void> {
    for (const chore of this.chores.splice(0)) await chore.run();
  }

  private logReader(talk: Conversation): LogReader {
    const { config, deps, log } = this.parts;
    return new LogReader({
      reader: this.reader,
      pagesPerBatch: config.pagesPerBatch,
      talk,
      file: namesFile(deps.runtimeDir, this.reader.id),
      // A commit that hangs must not keep the agent from stopping.
      accept: (reading: Reading) => unlessOver(deps.accept(reading), this.over.signal),
      noted: (info) => this.noteInfo(info),
      alarm: (message) => this.standing.worry("cleared", { code: "device.refused", message }),
      log,
    });
  }

  private noteInfo({ users, records, newRecords }: Info): void {
    this.standing.note({ users, records, newRecords });
    // After failures only a whole round is proof: some answer the short questions and no others.
    if (this.failures === 0) this.standing.served();
  }

  private noteClock({ isStuck, isImpossible }: ClockFacts): void {
    this.standing.note({ clockStuck: isStuck });
    const message = isStuck
      ? "its clock stands still: set it, or have its battery changed"
      : "its clock shows no date and time: set it";
    const fault =
      isStuck || isImpossible ? { code: "device.refused" as const, message } : undefined;
    this.standing.worry("clock", fault);
  }
}

/** What `work` comes to, or a rejection with `port.lost` when the run ends first. Leaves nothing behind at `over`. */
function unlessOver<T>(work: Promise<T>, over: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = (): void => reject(new PlatformError("port.lost", "the line ends"));
    if (over.aborted) end();
    over.addEventListener("abort", end, { once: true });
    work.then(resolve, reject).finally(() => over.removeEventListener("abort", end));
  });
}

import { setTimeout as sleep } from "node:timers/promises";
import type { PlannedTap } from "./day-plan.ts";
import type { Door } from "./doors.ts";
import type { Ledger, LedgerTap, Light } from "./ledger.ts";
import type { SiteClock } from "./site-clock.ts";

/** The agent says that a punch at a reader without a light is stored. */
export interface Confirmation {
  readonly reader: string;
  /** As `badgeKey` spells it. */
  readonly badge: string;
  readonly light: Exclude<Light, "none">;
}

export interface VisitsOptions {
  readonly clock: SiteClock;
  readonly ledger: Ledger;
  /** How long a person waits for a light, wall milliseconds. */
  readonly patienceMs: number;
  /** How often a person taps again. */
  readonly retaps: number;
}

export interface Visits {
  /** Plays the plan: each person does one thing after the other, and a reader takes one person at a time. */
  play(plan: readonly PlannedTap[], doors: ReadonlyMap<string, Door>): Promise<void>;
  readonly lit: (tap: number, colour: Light) => void;
  readonly confirm: (confirmation: Confirmation) => void;
  readonly onTap: (listener: (tap: LedgerTap) => void) => void;
  readonly onLight: (listener: (tap: LedgerTap) => void) => void;
  /** Everybody goes home at once; `play` resolves. */
  stop(): void;
}

/** One person in front of one reader, until a light or until patience and retaps are used up. */
interface Visit {
  readonly planned: PlannedTap;
  readonly taps: number[];
  readonly lit: PromiseWithResolvers<true>;
}

/** What people do at readers, and which light answers whose tap. */
export function createVisits(options: VisitsOptions): Visits {
  return new PeopleAtReaders(options);
}

class PeopleAtReaders implements Visits {
  readonly #options: VisitsOptions;
  readonly #stop = new AbortController();
  readonly #visits = new Map<string, Visit>();
  readonly #queues = new Map<string, Promise<void>>();
  readonly #tapListeners: Array<(tap: LedgerTap) => void> = [];
  readonly #lightListeners: Array<(tap: LedgerTap) => void> = [];

  constructor(options: VisitsOptions) {
    this.#options = options;
  }

  async play(plan: readonly PlannedTap[], doors: ReadonlyMap<string, Door>): Promise<void> {
    const days = Map.groupBy(plan, ({ person, badge }) => person ?? badge.key);
    await Promise.all([...days.values()].map((taps) => this.#live(taps, doors)));
  }

  lit = (tap: number, colour: Light): void => {
    const { ledger, clock } = this.#options;
    if (ledger.get(tap)?.light !== "none") return;
    ledger.lit(tap, { colour, atMs: Date.now(), siteAtMs: clock.now() });
    const now = ledger.get(tap);
    if (now === undefined) return;
    const visit = this.#visits.get(now.reader);
    if (visit?.taps.includes(tap) === true) visit.lit.resolve(true);
    for (const listener of this.#lightListeners) listener(now);
  };

  /** Goes to the oldest unanswered tap of whoever stands there with that badge, else to the oldest of all. */
  confirm = ({ reader, badge, light }: Confirmation): void => {
    const { ledger } = this.#options;
    const open = ledger
      .taps()
      .filter((tap) => tap.reader === reader && tap.badge === badge)
      .filter((tap) => tap.light === "none" && tap.fate !== "dropped");
    const here = this.#visits.get(reader)?.taps ?? [];
    const answered = open.find(({ id }) => here.includes(id)) ?? open.at(0);
    if (answered === undefined) return;
    ledger.acknowledged(answered.id);
    this.lit(answered.id, light);
  };

  onTap = (listener: (tap: LedgerTap) => void): void => {
    this.#tapListeners.push(listener);
  };

  onLight = (listener: (tap: LedgerTap) => void): void => {
    this.#lightListeners.push(listener);
  };

  stop(): void {
    this.#stop.abort();
  }

  async #live(taps: readonly PlannedTap[], doors: ReadonlyMap<string, Door>): Promise<void> {
    for (const planned of taps) {
      const door = doors.get(planned.reader);
      if (door === undefined) continue;
      if (!(await this.#wait(this.#options.clock.wallMsUntil(planned.atMs)))) return;
      await this.#inLine(planned.reader, () => this.#visit(planned, door));
    }
  }

  #inLine(reader: string, visit: () => Promise<void>): Promise<void> {
    const turn = (this.#queues.get(reader) ?? Promise.resolve()).then(visit);
    this.#queues.set(reader, turn);
    return turn;
  }

  async #visit(planned: PlannedTap, door: Door): Promise<void> {
    const { ledger, retaps } = this.#options;
    const visit: Visit = { planned, taps: [], lit: Promise.withResolvers() };
    this.#visits.set(planned.reader, visit);
    for (let attempt = 0; attempt <= retaps && !this.#stop.signal.aborted; attempt += 1) {
      this.#tap(visit, door);
      if (await this.#lightWithin(visit)) break;
    }
    this.#visits.delete(planned.reader);
    for (const id of visit.taps) ledger.left(id);
  }

  #tap({ planned, taps }: Visit, door: Door): void {
    const { ledger, clock } = this.#options;
    const { id } = ledger.add({
      person: planned.person,
      badge: planned.badge.key,
      reader: planned.reader,
      meaning: planned.meaning,
      retapOf: taps.at(0) ?? null,
      tappedAtMs: Date.now(),
      siteAtMs: clock.now(),
    });
    taps.push(id);
    door.present(planned.badge, id);
    const now = ledger.get(id);
    if (now !== undefined) for (const listener of this.#tapListeners) listener(now);
  }

  async #lightWithin(visit: Visit): Promise<boolean> {
    const enough = new AbortController();
    const patience = this.#wait(this.#options.patienceMs, enough.signal).then(() => false);
    const lit = await Promise.race([visit.lit.promise, patience]);
    enough.abort();
    return lit;
  }

  /** False when somebody called it off. */
  async #wait(ms: number, enough?: AbortSignal): Promise<boolean> {
    const signals = enough === undefined ? [this.#stop.signal] : [this.#stop.signal, enough];
    try {
      await sleep(ms, undefined, { signal: AbortSignal.any(signals) });
      return true;
    } catch {
      return false; // an aborted sleep, the only way it ends early
    }
  }
}

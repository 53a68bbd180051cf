import { hasCode, PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { DriverDeps, Feedback, Reading } from "../driver.ts";
import { offerPunch } from "../offer-punch.ts";
import type { ReaderStanding } from "../reader-standing.ts";
import type { Match, Parameters } from "./commands.ts";
import type { ZfmConfig } from "./config.ts";
import type { Enrolment } from "./enrolment.ts";
import { attentionLight, DARK, resultLight } from "./lights.ts";
import { IMAGING_FAILED, type Module, NO_FINGER, OK, type Outcome } from "./module.ts";

/** So many looks without a finger in a row, and it was lifted: one alone also comes from a finger that moves. */
const LIFTED_AFTER = 2;
/** A sensor covered for longer is dirty, or somebody leans on it. */
const COVERED_MS = 30_000;

export interface SessionParts {
  readonly module: Module;
  readonly config: ZfmConfig;
  readonly standing: ReaderStanding;
  readonly deps: DriverDeps;
  /** Aborts when the line is lost or the agent stops. */
  readonly ended: AbortSignal;
  readonly pause: (ms: number) => Promise<void>;
  readonly tookPowerUp: () => boolean;
}

/** Work for the module between two looks for a finger. */
interface Job {
  readonly takesFingers: boolean;
  run(enrolment: Enrolment): Promise<void>;
  reject(why: PlatformError): void;
}

/**
 * One module that has been met: looks for a finger, has it recognised, hands the punch over, shows the outcome, and waits
 * until the finger is lifted before the next. A finger that lies there at the start belongs to a punch from before.
 */
export class Session {
  private readonly parts: SessionParts;
  private readonly jobs: Job[] = [];
  private capacity: number | undefined;
  private looksWithout = 0;
  /**
   * Since when a finger that was dealt with lies there; undefined when the next one on the sensor is a punch. Outlives a
   * module that does not answer for a while: who was not dealt with by then still is.
   */
  private coveredSinceMs: number | undefined;
  private isLit = false;

  constructor(parts: SessionParts) {
    this.parts = parts;
    this.cover();
  }

  /** Until the module does not answer any more or began anew: rejects with `device.no-reply` or how the line ended. */
  async serve({ capacity }: Parameters): Promise<void> {
    const { config, pause, tookPowerUp, ended } = this.parts;
    this.capacity = capacity;
    this.looksWithout = 0;
    // Whatever shone before we came is not this agent's word.
    this.isLit = true;
    try {
      while (!ended.aborted) {
        if (tookPowerUp()) throw noReply("the module began anew");
        const job = this.jobs.shift();
        if (job === undefined) {
          await this.look();
          await pause(config.pollMs);
        } else {
          await job.run(this.enrolment(capacity));
          // The finger that was learned still lies there, and is no punch.
          if (job.takesFingers) this.cover();
        }
      }
    } finally {
      this.capacity = undefined;
      for (const job of this.jobs.splice(0)) job.reject(noReply("the module does not answer"));
    }
  }

  /** Has this done between two punches. Rejects with `device.no-reply` while there is no module. */
  perform<T>(
    work: (enrolment: Enrolment) => Promise<T>,
    { takesFingers = false }: { readonly takesFingers?: boolean } = {},
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.capacity === undefined) {
        reject(noReply("the module does not answer just now"));
        return;
      }
      this.jobs.push({
        takesFingers,
        // What becomes of it is the caller's to hear; a silent module is noticed by the next question.
        run: (enrolment) => work(enrolment).then(resolve, reject),
        reject,
      });
    });
  }

  /** Purple for so many seconds. */
  locate(seconds: number): Promise<void> {
    return this.perform(async ({ module }) => {
      this.isLit = true;
      await module.light(attentionLight(seconds));
    });
  }

  testLight(outcome: Feedback["light"]): Promise<void> {
    return this.perform(async ({ module }) => {
      const light = resultLight(this.parts.config.light, outcome);
      if (light !== undefined) await module.light(light);
    });
  }

  private enrolment(capacity: number): Enrolment {
    const { module, config, deps, pause } = this.parts;
    return { module, capacity, pollMs: config.pollMs, now: () => deps.now(), pause };
  }

  private cover(): void {
    this.coveredSinceMs = this.parts.deps.now();
    this.looksWithout = 0;
  }

  private async look(): Promise<void> {
    const { module, standing, deps } = this.parts;
    const outcome = await module.image();
    if (outcome === NO_FINGER) return this.free();
    if (outcome !== OK && outcome !== IMAGING_FAILED) {
      // Says nothing about a finger: our question was damaged on its way, for one.
      standing.count(`images_${outcome}`);
      return;
    }
    this.looksWithout = 0;
    if (this.coveredSinceMs === undefined) {
      await this.present(outcome);
    } else if (deps.now() - this.coveredSinceMs > COVERED_MS) {
      standing.fail({
        code: "device.refused",
        message: "the sensor is covered all the time: clean it, or take away what lies on it",
      });
    }
  }

  private free(): void {
    this.looksWithout += 1;
    if (this.looksWithout < LIFTED_AFTER) return;
    this.coveredSinceMs = undefined;
    this.parts.standing.ready();
  }

  /** One finger, from its first image to the light. */
  private async present(firstImage: Outcome): Promise<void> {
    const { module, standing, config } = this.parts;
    // The light of the one before must not be taken for this one's.
    if (this.isLit) await module.light(DARK);
    this.isLit = false;
    standing.count("fingers");
    const slot = await this.recognise(firstImage);
    const outcome = slot === undefined ? "red" : await this.punch(slot);
    this.cover();
    this.isLit = true;
    await module.light(resultLight(config.light, outcome));
  }

  /** The slot of this finger, after as many images as it may take; undefined when it is nobody's. */
  private async recognise(firstImage: Outcome): Promise<number | undefined> {
    const { module, standing, config } = this.parts;
    let image = firstImage;
    for (let taken = 1; ; taken += 1) {
      const found = image === OK ? await this.identify() : image;
      if (typeof found !== "string") return found.slot;
      standing.count(`images_${found}`);
      if (found === NO_FINGER || taken >= config.imagesPerFinger) return undefined;
      image = await module.image();
    }
  }

  private async identify(): Promise<Match | Outcome> {
    const { module, config } = this.parts;
    const features = await module.features(1);
    if (features !== OK) return features;
    const capacity = this.capacity ?? 0;
    const found = await module.search(capacity);
    if (typeof found === "string") return found;
    if (found.slot >= capacity) return "slot-beyond-capacity";
    return found.score < config.minScore ? "low-score" : found;
  }

  private async punch(slot: number): Promise<Feedback["light"]> {
    const { config, standing, deps, ended } = this.parts;
    const outcome = await offerPunch(readingOf(config, slot), { deps, ended });
    standing.count(outcome === "refused" ? "not_stored" : "accepted");
    return outcome === "refused" ? "red" : outcome.light;
  }
}

function readingOf(config: ZfmConfig, slot: number): Reading {
  return {
    reader: config.reader,
    credential: { kind: "number", value: `${config.userGroup ?? config.reader}-${slot}` },
    hint: config.hint,
    deviceLocal: null,
    pin: "not-asked",
    // A module numbers nothing and keeps no log.
    deviceSeq: null,
    recordKey: null,
  };
}

const noReply = (message: string): PlatformError =>
  new PlatformError("device.no-reply", message, { retriable: true });

/** What a module can bring upon itself, as opposed to the end of the line. */
export const isOfModule = (error: unknown): error is PlatformError =>
  hasCode(error, "device.no-reply", "device.refused", "device.key");

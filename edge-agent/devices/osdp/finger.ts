import type { Feedback } from "../driver.ts";
import type { OsdpReader } from "./config.ts";
import { type Abilities, isAble } from "./feedback.ts";
import { CAPABILITY, type Command, type Reply } from "./messages.ts";

type Answer = Extract<Reply, { type: "BIOMATCHR" | "BIOREADR" }>;

/** Amber as for everything that is stored and yet not as it should be: the punch is on disk, whatever the finger says. */
const NO_MATCH: Feedback = { light: "amber", text: "NO MATCH" };
const NO_FINGER: Feedback = { light: "amber", text: "NO FINGER" };

const STATUS_OK = 0;
const STATUS_TIMEOUT = 1;

interface Asked {
  /** What the punch itself called for, shown once the finger is right. */
  readonly feedback: Feedback;
  readonly untilMs: number;
}

/**
 * After a stored punch a reader with a sensor is asked whether the person is there: by a match against the template it
 * keeps itself, or by a read that only says that a finger was put on. It waits in the reader; polls go on. Templates never
 * come here: the codec drops them.
 */
export class FingerCheck {
  private readonly reader: OsdpReader;
  private readonly count: (name: string) => void;
  private asked: Asked | null = null;
  /** The reader said it cannot, whatever its capabilities claim; until its link begins anew. */
  private isRefused = false;

  constructor(reader: OsdpReader, count: (name: string) => void) {
    this.reader = reader;
    this.count = count;
  }

  /** The question to put after a punch that was taken; undefined where there is none to put. */
  ask(feedback: Feedback, abilities: Abilities, nowMs: number): Command | undefined {
    const { ask, type, format, threshold, seconds } = this.reader.finger;
    const canAnswer = abilities !== null && isAble(abilities, CAPABILITY.biometrics);
    if (ask === "off" || feedback.light !== "green" || this.isRefused || !canAnswer)
      return undefined;
    if (this.asked !== null) this.count("fingers_abandoned");
    this.asked = { feedback, untilMs: nowMs + seconds * 1_000 };
    this.count("fingers_asked");
    const about = { reader: 0, part: type, format };
    // Without a template of ours the reader matches against its own; we have none, and want none.
    return ask === "match"
      ? { type: "BIOMATCH", ...about, threshold }
      : { type: "BIOREAD", ...about, quality: threshold };
  }

  /** What to show for the reader's verdict; undefined when nobody had asked. */
  answered(answer: Answer): Feedback | undefined {
    if (this.asked === null) {
      this.count("fingers_unasked");
      return undefined;
    }
    return this.end(this.outcomeOf(answer));
  }

  /** Refused by NAK: the punch's own light, for it is not the person's fault. */
  refused(): Feedback | undefined {
    this.isRefused = true;
    return this.asked === null ? undefined : this.end("refused");
  }

  /** What to show when the finger never came. */
  expired(nowMs: number): Feedback | undefined {
    return this.asked === null || nowMs < this.asked.untilMs ? undefined : this.end("timed-out");
  }

  /** The link begins anew: the reader has forgotten the question. */
  reset(): void {
    this.asked = null;
    this.isRefused = false;
  }

  private outcomeOf(answer: Answer): "right" | "no-match" | "timed-out" {
    if (answer.status === STATUS_TIMEOUT) return "timed-out";
    if (answer.status !== STATUS_OK) return "no-match";
    const isEnough = answer.type === "BIOREADR" || answer.score >= this.reader.finger.threshold;
    return isEnough ? "right" : "no-match";
  }

  private end(outcome: "right" | "no-match" | "timed-out" | "refused"): Feedback | undefined {
    const { asked } = this;
    this.asked = null;
    this.count(`fingers_${outcome}`);
    if (outcome === "no-match") return NO_MATCH;
    return outcome === "timed-out" ? NO_FINGER : asked?.feedback;
  }
}

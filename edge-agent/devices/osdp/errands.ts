import type { Feedback } from "../driver.ts";
import type { OsdpReader } from "./config.ts";
import type { Entry } from "./entry.ts";
import {
  type Abilities,
  askForFinger,
  askForPin,
  feedbackCommands,
  locateCommands,
} from "./feedback.ts";
import { FingerCheck } from "./finger.ts";
import { type Command, isFromPerson, type Reply } from "./messages.ts";
import { Told } from "./told.ts";

/** What one reader is to be told, in order, and who waits for that. All of it is gone when its link begins anew. */
export class Errands {
  private readonly reader: OsdpReader;
  private readonly finger: FingerCheck;
  private readonly told: Told;
  private readonly count: (name: string) => void;
  private queue: Command[] = [];
  private abilities: Abilities = null;

  constructor(reader: OsdpReader, count: (name: string) => void) {
    this.reader = reader;
    this.finger = new FingerCheck(reader, count);
    this.told = new Told(reader.id);
    this.count = count;
  }

  get isEmpty(): boolean {
    return this.queue.length === 0;
  }

  /** Undefined when everything was said: whoever waits for that learns it. */
  next(nowMs: number): Command | undefined {
    this.show(this.finger.expired(nowMs));
    const next = this.queue.shift();
    if (next === undefined) this.told.all();
    return next;
  }

  add(command: Command): void {
    this.queue.push(command);
  }

  replace(commands: readonly Command[]): void {
    this.queue = [...commands];
  }

  show(feedback: Feedback | undefined): void {
    if (feedback === undefined) return;
    this.queue.push(...feedbackCommands(feedback, this.reader, this.abilities));
  }

  /** The light of a stored punch, or the question that comes before it. */
  punched(feedback: Feedback, nowMs: number): void {
    const question = this.finger.ask(feedback, this.abilities, nowMs);
    if (question === undefined) this.show(feedback);
    else this.queue.push(...askForFinger(this.reader, this.abilities), question);
  }

  /** What a reply means for what is told next; nothing, mostly. */
  answered(reply: Reply): void {
    switch (reply.type) {
      case "PDCAP":
        this.abilities = reply.capabilities;
        break;
      case "BIOMATCHR":
      case "BIOREADR":
        this.show(this.finger.answered(reply));
        break;
      case "unusable":
        // It cannot be asked for again either: a person who waits for an answer is told.
        this.count("discarded_unusable");
        if (isFromPerson(reply.id)) this.show({ light: "red", text: null });
        break;
      default:
    }
  }

  /** The reader does not take a command, whatever its capabilities say. */
  refused(command: Command["type"] | undefined): void {
    if (command === "BIOMATCH" || command === "BIOREAD") this.show(this.finger.refused());
  }

  /** Asks for the PIN of a card that has just begun to wait for one. */
  promptForPin(before: Entry | null, now: Entry | null): void {
    if (now === null || now.card === null || now.card.exchange === before?.card?.exchange) return;
    this.queue.push(...askForPin(this.reader, this.abilities));
  }

  /** Resolves once the reader was told; rejects with `device.no-reply` if it is not up, or goes down. */
  locate(seconds: number, isUp: boolean): Promise<void> {
    if (!isUp) return Promise.reject(this.told.notUp());
    this.queue.push(...locateCommands(seconds, this.reader, this.abilities));
    return this.told.wait();
  }

  /** As `locate`, with a light of its own and no punch behind it. */
  test(light: Feedback["light"], isUp: boolean): Promise<void> {
    if (!isUp) return Promise.reject(this.told.notUp());
    this.show({ light, text: "TEST" });
    return this.told.wait();
  }

  drop(): void {
    this.queue = [];
    this.finger.reset();
    this.told.none();
  }
}

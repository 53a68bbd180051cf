import type { ReaderHealth, StatusChange } from "../driver.ts";
import type { AnvizReader } from "./config.ts";

type Fault = NonNullable<ReaderHealth["fault"]>;
type Facts = Record<string, string | number | boolean>;

export interface StandingHooks {
  /** A durable fact about the terminal. */
  statusChanged(what: StatusChange): void;
  /** Health changed in a way worth reporting at once. */
  changed(): void;
}

/** How one terminal is doing: counters, facts, faults, and the status changes that follow from them. */
export class Standing {
  private readonly reader: AnvizReader;
  private readonly hooks: StandingHooks;
  private readonly counters: Record<string, number> = {};
  private facts: Facts;
  private state: "starting" | "online" | "offline" = "starting";
  /** Why nothing can be read; cleared by the next round that works. */
  private fault: Fault | null = null;
  /** What is wrong although everything is read: by what it is about. */
  private readonly worries = new Map<string, Fault>();

  constructor(reader: AnvizReader, hooks: StandingHooks) {
    this.reader = reader;
    this.hooks = hooks;
    this.facts = { deviceNumber: reader.deviceNumber };
  }

  count(name: string, by = 1): void {
    this.counters[name] = (this.counters[name] ?? 0) + by;
  }

  note(facts: Facts): void {
    this.facts = { ...this.facts, ...facts };
  }

  forget(...names: readonly string[]): void {
    this.facts = Object.fromEntries(
      Object.entries(this.facts).filter(([name]) => !names.includes(name)),
    );
  }

  /** Its log can be read. */
  served(): void {
    const isNews = this.state !== "online" || this.fault !== null;
    if (this.state !== "online") this.hooks.statusChanged("online");
    this.state = "online";
    this.fault = null;
    if (isNews) this.hooks.changed();
  }

  /** It does not answer, or not enough of it to read its log. */
  missing(message: string): void {
    if (this.state === "online") this.hooks.statusChanged("offline");
    const isNews = this.state !== "offline";
    this.state = "offline";
    this.fault = { code: "device.no-reply", message };
    if (isNews) this.hooks.changed();
  }

  /** Something that keeps its log from being read. */
  fail(fault: Fault): void {
    const isNew = this.fault?.code !== fault.code || this.fault.message !== fault.message;
    this.fault = fault;
    if (isNew) this.hooks.changed();
  }

  /** Something a person must look at although everything is read; undefined takes it back. */
  worry(about: string, fault: Fault | undefined): void {
    if (this.worries.get(about)?.message === fault?.message) return;
    if (fault === undefined) this.worries.delete(about);
    else this.worries.set(about, fault);
    this.hooks.changed();
  }

  /** The line itself is gone. */
  lineLost(): void {
    if (this.state !== "online") return;
    this.state = "offline";
    this.hooks.statusChanged("offline");
  }

  health(): ReaderHealth {
    const [worry] = this.worries.values();
    const fault = this.fault ?? worry ?? null;
    const isFault = fault !== null && fault.code !== "device.no-reply";
    return {
      reader: this.reader.id,
      state: isFault ? "fault" : this.state,
      fault,
      counters: { ...this.counters },
      facts: this.facts,
    };
  }
}

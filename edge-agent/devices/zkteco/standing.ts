import type { DriverDeps, ReaderHealth } from "../driver.ts";
import type { ClockLook } from "./clock.ts";

/** What is known of the terminal, told to whoever asks how the readers are. */
export class Standing {
  private readonly reader: string;
  private readonly deps: Pick<DriverDeps, "report" | "statusChanged" | "log">;
  private readonly counters: Record<string, number> = { records: 0 };
  private facts: Record<string, string | number | boolean> = {};
  private isOnline = false;

  constructor(reader: string, deps: Pick<DriverDeps, "report" | "statusChanged" | "log">) {
    this.reader = reader;
    this.deps = deps;
    this.report();
  }

  count(name: string, by = 1): void {
    if (by > 0) this.counters[name] = (this.counters[name] ?? 0) + by;
  }

  online(facts: Readonly<Record<string, string | boolean>>): void {
    this.facts = { ...this.facts, ...facts };
    if (!this.isOnline) {
      this.isOnline = true;
      this.deps.statusChanged(this.reader, "online");
    }
    this.report();
  }

  offline(): void {
    if (!this.isOnline) return;
    this.isOnline = false;
    this.deps.statusChanged(this.reader, "offline");
  }

  clock({ wasSet }: ClockLook): void {
    if (!wasSet) return;
    this.count("clock_set");
    this.deps.log.warn({ reader: this.reader }, "terminal's clock set");
  }

  report(): void {
    this.deps.report(this.health());
  }

  private health(): ReaderHealth {
    return {
      reader: this.reader,
      state: this.isOnline ? "online" : "starting",
      fault: null,
      counters: { ...this.counters },
      facts: { ...this.facts },
    };
  }
}

import type { DriverDeps, ReaderHealth } from "../driver.ts";
import type { AdmsConfig, AdmsTerminal } from "./config.ts";

/** One terminal as the gateway knows it. */
export interface Known {
  readonly terminal: AdmsTerminal;
  /** How far it has sent in its own counting, for the next handshake; "0" until it did since we listen. */
  stamp: string;
  /** A body of its is being read: one at a time, so that memory has a bound. */
  isSending: boolean;
  count(name: string, by?: number): void;
  /** It said something that makes sense. */
  heard(facts?: Readonly<Record<string, string>>): void;
}

export interface Board {
  bySerial(serial: string): Known | undefined;
  /** Something that no terminal of ours can be blamed for; shown with each of them. */
  countForAll(name: string): void;
  /** Takes those for gone that said nothing for long. */
  look(): void;
  /** Nobody can be heard any more. */
  close(): void;
}

export function createBoard(config: AdmsConfig, deps: DriverDeps): Board {
  const common: Record<string, number> = {};
  const quietMs = config.quietSeconds * 1000;
  const entries = config.terminals.map(
    (terminal) => new Entry(terminal, { deps, common, quietMs }),
  );
  const bySerial = new Map(entries.map((entry) => [entry.terminal.serial, entry]));
  return {
    bySerial: (serial) => bySerial.get(serial),
    countForAll(name) {
      common[name] = (common[name] ?? 0) + 1;
      for (const entry of entries) entry.report();
    },
    look() {
      for (const entry of entries) entry.look();
    },
    close() {
      for (const entry of entries) entry.gone();
    },
  };
}

interface Surroundings {
  readonly deps: DriverDeps;
  readonly common: Readonly<Record<string, number>>;
  readonly quietMs: number;
}

class Entry implements Known {
  readonly terminal: AdmsTerminal;
  stamp = "0";
  isSending = false;
  private readonly around: Surroundings;
  private readonly counters: Record<string, number> = { records: 0 };
  private facts: Record<string, string> = {};
  private state: ReaderHealth["state"] = "starting";
  private heardMs = 0;

  constructor(terminal: AdmsTerminal, around: Surroundings) {
    this.terminal = terminal;
    this.around = around;
    this.report();
  }

  count(name: string, by = 1): void {
    if (by > 0) this.counters[name] = (this.counters[name] ?? 0) + by;
  }

  heard(facts: Readonly<Record<string, string>> = {}): void {
    const { deps } = this.around;
    this.heardMs = deps.now();
    this.facts = { ...this.facts, ...facts };
    deps.progress();
    if (this.state !== "online") {
      this.state = "online";
      deps.statusChanged(this.terminal.reader, "online");
    }
    this.report();
  }

  look(): void {
    if (this.around.deps.now() - this.heardMs > this.around.quietMs) this.gone();
  }

  gone(): void {
    if (this.state !== "online") return;
    this.state = "offline";
    this.around.deps.statusChanged(this.terminal.reader, "offline");
    this.report();
  }

  report(): void {
    const { reader, serial } = this.terminal;
    const silent = `${reader} has not called for ${this.around.quietMs / 1000} s: is it on, and is this gateway its server?`;
    this.around.deps.report({
      reader,
      state: this.state,
      fault: this.state === "offline" ? { code: "device.no-reply", message: silent } : null,
      counters: { ...this.around.common, ...this.counters },
      facts: { serial, ...this.facts },
    });
  }
}

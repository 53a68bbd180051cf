import { type AnvizConfig, anvizConfigSchema } from "@clockleaf/edge-agent/devices/anviz/config.ts";
import { createAnvizDriver } from "@clockleaf/edge-agent/devices/anviz/driver.ts";
import type { Terminal } from "@clockleaf/edge-agent/devices/anviz/terminal.ts";
import { type RecordedDeps, recordedDeps } from "@clockleaf/edge-agent/devices/driver.contract.ts";
import { createMemoryPair, type MemoryPair } from "@clockleaf/edge-agent/ports/memory.ts";
import { type AnvizBusOptions, attachTerminals } from "@clockleaf/hardware-sim/anviz/bus.ts";
import { createFramer } from "@clockleaf/hardware-sim/anviz/frame.ts";
import { type AnvizTerminal, createAnvizTerminal } from "@clockleaf/hardware-sim/anviz/terminal.ts";
import type { Line } from "@clockleaf/hardware-sim/line.ts";
import { type TempDir, tempDir } from "./temp.ts";

export type TerminalOptions = Parameters<typeof createAnvizTerminal>[0];

/** The driver's settings with no pauses, for a line in memory. */
export const quick = (settings: Record<string, unknown>): AnvizConfig =>
  anvizConfigSchema.parse({
    pollMs: 1,
    replyTimeoutMs: 40,
    turnaroundMs: 0,
    frameGapMs: 0,
    readers: [{ id: "a", deviceNumber: 1 }],
    ...settings,
  });

/** The driver on a line in memory, simulated terminals at the other end, a journal that knows each name once. */
export class AnvizRig {
  readonly dir: TempDir = tempDir("anviz");
  readonly deps: RecordedDeps;
  readonly terminals: AnvizTerminal[] = [];
  /** What the journal has: `reader key` → user group and number. */
  readonly rows = new Map<string, string>();
  /** First data bytes ever said with the two commands that could do harm. */
  readonly said = { clear: new Set<number | undefined>(), records: new Set<number | undefined>() };
  pair: MemoryPair = createMemoryPair();
  driven: readonly Terminal[] = [];
  /** UTC milliseconds of the gateway. */
  private stop = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor() {
    this.deps = recordedDeps(this.dir.path);
    const { deps } = this;
    deps.accept = async (reading) => {
      deps.readings.push(reading);
      const feedback = await deps.answer(reading);
      const { reader, recordKey, credential } = reading;
      const value = credential.kind === "number" ? credential.value : "";
      const key = `${reader} ${recordKey}`;
      const known = this.rows.get(key);
      if (known !== undefined && known !== value) throw new Error(`${key} is two people`);
      this.rows.set(key, value);
      return feedback;
    };
  }

  addTerminal(options: Partial<TerminalOptions> = {}): AnvizTerminal {
    const terminal = createAnvizTerminal({
      ch: this.terminals.length + 1,
      wallMs: () => Date.now(),
      ...options,
    });
    this.terminals.push(terminal);
    return terminal;
  }

  /** Hangs all terminals on the line, or on what `wrap` puts between. */
  attach(
    wrap: (line: Line) => Line = (line) => line,
    options: Partial<AnvizBusOptions> = {},
  ): void {
    const framer = createFramer();
    const { terminal } = this.pair;
    const spied: Line = {
      ...terminal,
      // A wire drops what nobody hears any more.
      write: (bytes) => terminal.write(bytes).catch(() => undefined),
      onData: (listener) =>
        terminal.onData((chunk) => {
          for (const { cmd, data } of framer.push(chunk, performance.now())) {
            if (cmd === 0x4e) this.said.clear.add(data[0]);
            if (cmd === 0x40) this.said.records.add(data[0]);
          }
          listener(chunk);
        }),
    };
    attachTerminals(wrap(spied), {
      terminals: this.terminals,
      now: () => performance.now(),
      ...options,
    });
  }

  start(config: AnvizConfig): void {
    this.stop = new AbortController();
    const driver = createAnvizDriver({
      onTerminals: (driven) => (this.driven = driven),
    });
    this.running = driver.run(this.pair.agent, config, this.deps, this.stop.signal);
    this.running.catch(() => undefined);
  }

  /** Stops the agent, as an orderly stop or a lost line does. Resolves when it is done. */
  async end(): Promise<void> {
    this.stop.abort();
    await this.running.catch(() => undefined);
  }

  /** A fresh line, and the agent begun again on it. */
  async again(config: AnvizConfig, wrap?: (line: Line) => Line): Promise<void> {
    this.pair.lose("torn by the test");
    await this.end();
    this.pair = createMemoryPair();
    this.attach(wrap);
    this.start(config);
  }

  counters(reader = "a"): Readonly<Record<string, number>> {
    for (const terminal of this.driven) terminal.tell();
    return this.deps.health.get(reader)?.counters ?? {};
  }

  facts(reader = "a"): Readonly<Record<string, unknown>> {
    for (const terminal of this.driven) terminal.tell();
    return this.deps.health.get(reader)?.facts ?? {};
  }

  /** Who was stored, in order of storing. */
  stored(): string[] {
    return [...this.rows.values()];
  }

  /**
   * Throws if a log was ever asked to be deleted or its flags to be forgotten wholesale; or to be read as a whole, unless
   * the test had flags taken off unread.
   */
  mustHaveSpared({ mayReadAll = false } = {}): void {
    const { clear, records } = this.said;
    const isSpared = [...clear].every((mode) => mode === 2) && (mayReadAll || !records.has(1));
    if (!isSpared) throw new Error(`4Eh ${[...clear].join()}, 40h ${[...records].join()}`);
  }

  async close(): Promise<void> {
    await this.end();
    this.dir.remove();
  }
}

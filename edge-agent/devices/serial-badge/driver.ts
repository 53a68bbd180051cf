import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { checkParity } from "@clockleaf/shared/wire/card-formats.ts";
import { badgeKey, type Credential } from "@clockleaf/shared/wire/punch.ts";
import type { Port } from "../../ports/port.ts";
import type { DeviceDriver, DriverDeps, Reading } from "../driver.ts";
import { createListening, type Listening } from "../listening.ts";
import { createOutbox, type Outbox } from "../outbox.ts";
import { type BadgeRules, readBadge } from "./badge.ts";
import { type SerialBadgeConfig, serialBadgeConfigSchema } from "./config.ts";
import { readContent, trailerBytesOf } from "./content.ts";
import { createFramer, type Framed, type Framer, type FramerEvent } from "./framer.ts";
import { createPresence, type Presence } from "./presence.ts";
import { serialBadgeProbe } from "./probe.ts";
import { patternOf } from "./safe-pattern.ts";

/** A timer this late, milliseconds, was held up by this process. */
const LATE_MS = 15;

/**
 * Any reader that sends badges as text on a serial line, without being asked and without an answer. `run` ends only after
 * every badge read so far is stored or given up.
 */
export const serialBadgeDriver: DeviceDriver<SerialBadgeConfig> = {
  name: "serial-badge",
  summary: "A badge reader that sends lines of text or STX/ETX frames",
  config: serialBadgeConfigSchema,
  probe: serialBadgeProbe,
  readers: (config) => [config.reader],
  // oxlint-disable-next-line eslint/max-params -- the contract in ../driver.ts has four
  async run(port, config, deps, signal) {
    const session = new BadgeLine(config, deps);
    // Nothing goes to the reader: no light that is ours, and no clock.
    const takeBack = deps.offer(config.reader, {});
    deps.statusChanged(config.reader, "online");
    port.onData((chunk) => session.hear(chunk));
    const reason = await endOf(port, signal);
    takeBack();
    await session.stop();
    if (!signal.aborted) {
      deps.statusChanged(config.reader, "offline");
      throw new PlatformError(
        "port.lost",
        `${config.reader}: the line of the badge reader is gone`,
        {
          retriable: true,
          cause: reason,
        },
      );
    }
    await port.close();
  },
};

/** Resolves when the agent stops, or when the line goes, then with the reason. */
function endOf(port: Port, signal: AbortSignal): Promise<Error | undefined> {
  return new Promise((resolve) => {
    port.onClosed(resolve);
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener("abort", () => resolve(undefined), { once: true });
  });
}

/** One reader from the opening of its line to its end. */
class BadgeLine {
  private readonly config: SerialBadgeConfig;
  private readonly deps: DriverDeps;
  private readonly rules: BadgeRules;
  private readonly framer: Framer;
  private readonly presence: Presence;
  private readonly listening: Listening;
  private readonly outbox: Outbox;
  private readonly counters: Record<string, number> = { badges: 0 };
  private timer: NodeJS.Timeout | undefined;
  private isStopped = false;

  constructor(config: SerialBadgeConfig, deps: DriverDeps) {
    this.config = config;
    this.deps = deps;
    this.rules = { ...config, pattern: patternOf(config.pattern) };
    this.framer = createFramer({ ...config, trailerBytes: trailerBytesOf(config.checksum) });
    this.presence = createPresence(config.repeat);
    this.listening = createListening(config.repeat.ms);
    this.outbox = createOutbox(deps, (outcome, { credential }) => {
      this.count(outcome);
      // A reader that goes on sending the badge is its second copy.
      if (outcome === "not_stored") this.presence.forget(badgeKey(credential));
      this.report();
    });
    this.report();
  }

  hear(chunk: Uint8Array): void {
    this.take(this.framer.push(chunk, this.deps.now()));
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    this.listening.stop();
    await this.outbox.drained();
  }

  private take(events: readonly FramerEvent[]): void {
    for (const event of events) {
      if (event.kind === "frame") this.takeFrame(event);
      else if (event.kind === "lost") this.discard(event.reason, event.bytes);
    }
    this.expireLater();
    if (events.length > 0) this.report();
  }

  private takeFrame(frame: Framed): void {
    const content = readContent(frame, this.config);
    const read = content.kind === "text" ? readBadge(content.text, this.rules) : content;
    if (read.kind === "discarded") {
      this.discard(read.reason, frame.bytes);
      return;
    }
    this.deps.progress();
    const { credential } = read;
    // A tag that we did not hear of because we were busy was not gone, and lies there still.
    const isNew = this.presence.arrives(badgeKey(credential), this.listening.ms());
    if (this.config.repeat.mode !== "off") this.listening.goOn();
    if (!isNew) {
      this.count("repeats");
      return;
    }
    this.count("badges");
    this.countFormat(credential);
    this.outbox.put(this.readingOf(credential));
  }

  private discard(reason: string, bytes: number): void {
    this.count(`discarded_${reason}`);
    this.count("discarded_bytes", bytes);
  }

  private countFormat(credential: Credential): void {
    const { cardFormats } = this.config;
    if (cardFormats.length === 0) return;
    this.count(`parity_${checkParity(credential, cardFormats)}`);
  }

  private expireLater(): void {
    clearTimeout(this.timer);
    const atMs = this.framer.expiresAtMs();
    if (atMs !== undefined && !this.isStopped) this.expireAt(atMs);
  }

  /**
   * Only a timer that was on time may say that nothing came: after a busy moment of ours the rest of a badge may long be
   * in the kernel, so a late one waits a pause more.
   */
  private expireAt(atMs: number): void {
    const { deps, config } = this;
    this.timer = setTimeout(
      () => {
        const nowMs = deps.now();
        if (nowMs - atMs > LATE_MS) this.expireAt(nowMs + config.idleMs);
        else this.take(this.framer.expire(nowMs));
      },
      Math.max(1, Math.ceil(atMs - deps.now())),
    );
  }

  private readingOf(credential: Credential): Reading {
    return {
      reader: this.config.reader,
      credential,
      hint: this.config.hint,
      deviceLocal: null,
      pin: "not-asked",
      // The wire numbers nothing, and the reader keeps nothing.
      deviceSeq: null,
      recordKey: null,
    };
  }

  private count(name: string, by = 1): void {
    this.counters[name] = (this.counters[name] ?? 0) + by;
  }

  private report(): void {
    this.deps.report({
      reader: this.config.reader,
      state: "online",
      fault: null,
      counters: { ...this.counters },
      facts: { framing: this.config.framing.kind, feedback: false },
    });
  }
}

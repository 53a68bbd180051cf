import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import { punchHintSchema } from "@clockleaf/shared/wire/punch.ts";
import { z } from "zod";
import type { Port } from "../../ports/port.ts";
import type { DeviceDriver, DriverDeps, Reading } from "../driver.ts";
import { createListening } from "../listening.ts";
import { createOutbox } from "../outbox.ts";
import { createBadgeCollector, TERMINATORS, type Typed } from "./badge.ts";
import { createKeyFollower } from "./keys.ts";
import { LAYOUT_NAMES } from "./layouts.ts";

export const hidKeyboardConfigSchema = z
  .strictObject({
    reader: tokenSchema.describe("Id of this reader, unique on the gateway"),
    layout: z
      .enum(LAYOUT_NAMES)
      .default("us")
      .describe("Keyboard language the reader is set to; default us"),
    terminator: z
      .enum(TERMINATORS)
      .default("any-enter")
      .describe("Key that ends a badge; none = the time-out ends it; default any-enter"),
    interKeyTimeoutMs: z
      .int()
      .min(200)
      .max(5000)
      .default(500)
      .describe("Longest pause within a badge in milliseconds; default 500"),
    minLength: z
      .int()
      .min(1)
      .max(48)
      .default(4)
      .describe("Fewest characters of a badge; default 4"),
    maxLength: z
      .int()
      .min(1)
      .max(48)
      .default(48)
      .describe("Most characters of a badge; default 48"),
    hint: punchHintSchema
      .nullable()
      .default(null)
      .describe(
        "What a punch here claims to mean, for a reader at an entrance or exit; default none",
      ),
  })
  .refine((config) => config.minLength <= config.maxLength, "minLength is above maxLength");
export type HidKeyboardConfig = z.output<typeof hidKeyboardConfigSchema>;

/**
 * Any reader that types like a USB keyboard. One report is one chunk of the port. `run` ends only after every badge
 * typed so far is stored or given up.
 */
export const hidKeyboardDriver: DeviceDriver<HidKeyboardConfig> = {
  name: "hid-keyboard",
  summary: "A USB reader that types like a keyboard",
  config: hidKeyboardConfigSchema,
  readers: (config) => [config.reader],
  hidUse: {
    usages: [{ usagePage: 1, usage: 6 }],
    otherwise:
      "is no keyboard: set the reader to type what it reads, or use the driver pcprox if it is an rf IDEAS reader",
  },
  // oxlint-disable-next-line eslint/max-params -- the contract in ../driver.ts has four
  async run(port, config, deps, signal) {
    const session = startSession(config, deps);
    // A keyboard has no light that is ours, and no clock.
    const takeBack = deps.offer(config.reader, {});
    deps.statusChanged(config.reader, "online");
    port.onData(session.report);
    const reason = await endOf(port, signal);
    takeBack();
    await session.stop();
    if (!signal.aborted) {
      deps.statusChanged(config.reader, "offline");
      throw new PlatformError("port.lost", `${config.reader}: the keyboard reader is gone`, {
        retriable: true,
        cause: reason,
      });
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

interface Session {
  readonly report: (report: Uint8Array) => void;
  stop(): Promise<void>;
}

function startSession(config: HidKeyboardConfig, deps: DriverDeps): Session {
  const follow = createKeyFollower();
  const collector = createBadgeCollector(config);
  const tally = createTally(config, deps);
  const outbox = createOutbox(deps, (outcome) => tally.add(outcome));

  const take = (typed: readonly Typed[]): void => {
    for (const each of typed) {
      if (each.kind === "discarded") {
        tally.add(`discarded_${each.reason}`);
      } else {
        tally.add("badges");
        if (each.stripped > 0) tally.add("stripped_characters", each.stripped);
        outbox.put(readingOf(config, each.number));
      }
    }
  };
  // A pause of ours is none of the reader's: keys we did not hear of yet may belong to what was typed before it.
  const listening = createListening(config.interKeyTimeoutMs, () =>
    take(collector.expire(listening.ms())),
  );

  return {
    report(report) {
      const event = follow(report);
      if (event.kind === "pressed") {
        take(collector.keys(event.presses, listening.ms()));
      } else {
        tally.add(`unusable_${event.reason}`);
        take(collector.spoil(event.reason, listening.ms()));
      }
      listening.goOn();
    },
    async stop() {
      listening.stop();
      await outbox.drained();
    },
  };
}

/** Counts by name and reports the reader's health after each change. */
function createTally(
  config: HidKeyboardConfig,
  deps: DriverDeps,
): { readonly add: (name: string, by?: number) => void } {
  const counters: Record<string, number> = { badges: 0 };
  const say = (): void =>
    deps.report({
      reader: config.reader,
      state: "online",
      fault: null,
      counters: { ...counters },
      facts: { layout: config.layout, feedback: false },
    });
  say();
  return {
    add(name, by = 1) {
      counters[name] = (counters[name] ?? 0) + by;
      say();
    },
  };
}

function readingOf(config: HidKeyboardConfig, number: string): Reading {
  return {
    reader: config.reader,
    credential: { kind: "number", value: number },
    hint: config.hint,
    deviceLocal: null,
    pin: "not-asked",
    // A keyboard numbers nothing and keeps nothing.
    deviceSeq: null,
    recordKey: null,
  };
}

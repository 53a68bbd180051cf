import { codeOf } from "@clockleaf/shared/lib/errors.ts";
import type { DriverDeps, Feedback } from "../driver.ts";
import type { NatsPushConfig, PushReader } from "./config.ts";
import type { Punch, Said } from "./message.ts";
import { createReplies, type Publish, type Reply } from "./replies.ts";
import { createStanding } from "./standing.ts";

/** Punches of one terminal that are being stored; more than that is not a person. */
export const MAX_IN_FLIGHT = 16;

export interface CounterOptions {
  readonly reader: PushReader;
  readonly config: NatsPushConfig;
  readonly deps: DriverDeps;
  readonly publish: Publish;
}

/** Where one terminal is served. What it does holds up no other. */
export interface Counter {
  /** Never throws. `reply` is where the terminal would like to be answered. */
  take(said: Said, reply: string | undefined): void;
  count(name: string): void;
  look(): void;
  idle(): Promise<void>;
  end(): void;
}

export function createCounter({ reader, config, deps, publish }: CounterOptions): Counter {
  const standing = createStanding(reader, config, deps);
  const replies = createReplies({ reader: reader.id, standing, deps, publish });
  const { refuse } = replies;
  const inFlight = new Set<Promise<void>>();
  /** For terminals that set their clocks by it. */
  const clock = (): { readonly time?: string } => {
    const time = deps.localTime();
    return time === null ? {} : { time };
  };
  const store = async (punch: Punch, reply: Reply): Promise<void> => {
    const { id } = punch;
    let feedback: Feedback;
    try {
      feedback = await deps.accept(readingOf(punch, reader));
    } catch (error) {
      deps.log.warn({ err: error, code: codeOf(error), reader: reader.id }, "punch not stored");
      refuse(reply, { ok: false, id, reason: "not-stored", retry: true });
      return;
    }
    standing.count("stored");
    const { light, text } = feedback;
    reply({ ok: true, id, light, ...(text === null ? {} : { text }), ...clock() });
  };
  const begin = (punch: Punch, reply: Reply): void => {
    if (inFlight.size >= MAX_IN_FLIGHT) {
      refuse(reply, { ok: false, id: punch.id, reason: "busy", retry: true });
      return;
    }
    for (const oddity of punch.oddities) standing.count(oddity);
    const storing = store(punch, reply).finally(() => inFlight.delete(storing));
    inFlight.add(storing);
  };

  return {
    take(said, wanted) {
      standing.count("received");
      const reply = replies.to(said, wanted);
      if (said.kind === "unusable") {
        const { reason, id, detail } = said;
        refuse(reply, { ok: false, id, reason, retry: false, detail });
        return;
      }
      deps.progress();
      standing.heard();
      if (said.kind === "punch") {
        begin(said, reply);
      } else {
        standing.count("alive");
        reply({ ok: true, id: null, ...clock() });
      }
    },
    count: (name) => standing.count(name),
    look: () => standing.look(),
    async idle() {
      await Promise.all(inFlight);
    },
    end: () => standing.end(),
  };
}

const readingOf = (punch: Punch, reader: PushReader) => ({
  reader: reader.id,
  credential: punch.credential,
  hint: punch.hint ?? reader.hint,
  deviceLocal: punch.deviceLocal,
  ...(punch.agoMs === undefined ? {} : { agoMs: punch.agoMs }),
  pin: "not-asked" as const,
  deviceSeq: null,
  recordKey: punch.recordKey,
});

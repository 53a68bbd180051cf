import { readerOfPunchSubject, terminalAnswerSubject } from "@clockleaf/shared/subjects.ts";
import type { DriverDeps } from "../driver.ts";
import { createAllowance } from "./allowance.ts";
import { encodeAnswer } from "./answer.ts";
import type { NatsPushConfig } from "./config.ts";
import { type Counter, createCounter } from "./counter.ts";
import { readMessage, type Said } from "./message.ts";
import type { Publish } from "./replies.ts";

export interface Incoming {
  readonly subject: string;
  readonly reply: string | undefined;
  readonly data: Uint8Array;
}

/** Where terminals hand over their punches: takes messages, has them stored, answers. */
export interface Desk {
  /** Never throws, whatever comes. */
  take(message: Incoming): void;
  /** Looks who has been silent for too long. */
  look(): void;
  /** Resolves when nothing is being stored any more. */
  idle(): Promise<void>;
  /** No terminal can be heard any more. */
  end(): void;
}

export function createDesk(config: NatsPushConfig, deps: DriverDeps, publish: Publish): Desk {
  const counters = new Map<string, Counter>();
  for (const reader of config.readers) {
    counters.set(reader.id, createCounter({ reader, config, deps, publish }));
  }
  const [first] = counters.values();
  const mayRefuse = createAllowance();

  const refuseStranger = (name: string | undefined, said: Said): void => {
    first?.count("unknown_reader");
    if (name === undefined || !mayRefuse(deps.now())) return;
    deps.log.warn({ reader: name }, "a terminal publishes that the configuration does not name");
    const id = "id" in said ? said.id : null;
    const answer = { ok: false, id, reason: "unknown-reader", retry: true } as const;
    try {
      publish(terminalAnswerSubject(name), encodeAnswer(answer, said.format));
    } catch (error) {
      deps.log.debug({ err: error, reader: name }, "answer to a terminal not sent");
    }
  };

  return {
    take({ subject, reply, data }) {
      const name = readerOfPunchSubject(subject);
      const counter = name === undefined ? undefined : counters.get(name);
      const said = readMessage(data);
      if (counter === undefined) refuseStranger(name, said);
      else counter.take(said, reply);
    },
    look() {
      for (const counter of counters.values()) counter.look();
    },
    async idle() {
      await Promise.all([...counters.values()].map((counter) => counter.idle()));
    },
    end() {
      for (const counter of counters.values()) counter.end();
    },
  };
}

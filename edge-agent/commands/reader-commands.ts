import { codeOf, hasCode } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import {
  type GatewayAddress,
  gatewayCommandSubject,
  READER_VERBS,
  type ReaderVerb,
} from "@clockleaf/shared/subjects.ts";
import { decode, encode } from "@clockleaf/shared/wire/codec.ts";
import {
  type ReaderCommand,
  type ReaderCommandReply,
  readerCommandSchema,
} from "@clockleaf/shared/wire/reader-command.ts";
import type { Msg, NatsConnection } from "nats";
import type { ReaderControls } from "./reader-controls.ts";

export interface ReaderCommandsOptions {
  readonly connection: NatsConnection;
  readonly identity: GatewayAddress;
  readonly controls: Pick<ReaderControls, "has" | "actionsOf" | "restart">;
  readonly log: Log;
  /** How long a reader may take; less than the cloud waits, so that it hears why. */
  readonly timeoutMs?: number;
}

const MAX_REQUEST_BYTES = 1024;
const TIMEOUT_MS = 4_000;

/**
 * Answers the cloud's commands for single readers. Whoever may publish on this gateway's command subjects is the hub's
 * business, as for `resend`; none of these commands touches the journal, and none opens a door. One at a time for each
 * reader, and every one that was carried out is logged with who wanted it.
 */
export function serveReaderCommands(options: ReaderCommandsOptions): { close(): void } {
  const { connection, identity, log } = options;
  const busy = new Set<string>();
  const closing = new AbortController();

  const answer = async (verb: ReaderVerb, message: Msg): Promise<void> => {
    const command = commandIn(message);
    const reply = command === undefined ? MALFORMED : await inTurn(verb, command);
    if (!closing.signal.aborted) message.respond(encode(reply));
  };
  const inTurn = async (verb: ReaderVerb, command: ReaderCommand): Promise<ReaderCommandReply> => {
    const { reader, commandId, by } = command;
    if (busy.has(reader)) return BUSY;
    busy.add(reader);
    try {
      const reply = await carryOut(verb, command, options);
      log.info({ reader, verb, commandId, by, result: reply.result }, "command of the cloud");
      return reply;
    } finally {
      busy.delete(reader);
    }
  };
  const subscriptions = READER_VERBS.map((verb) =>
    connection.subscribe(gatewayCommandSubject(identity, verb), {
      callback: (problem, message) => {
        if (problem !== null || closing.signal.aborted) return;
        answer(verb, message).catch((error: unknown) =>
          log.warn({ err: error, code: codeOf(error), verb }, "command not answered"),
        );
      },
    }),
  );
  return {
    close() {
      closing.abort();
      for (const subscription of subscriptions) subscription.unsubscribe();
    },
  };
}

const MALFORMED: ReaderCommandReply = { result: "malformed", detail: "the request is not one" };
const BUSY: ReaderCommandReply = {
  result: "busy",
  detail: "another command for this reader is under way",
};

function commandIn(message: Msg): ReaderCommand | undefined {
  try {
    return decode(message.data, readerCommandSchema, {
      what: "reader command",
      maxBytes: MAX_REQUEST_BYTES,
    });
  } catch {
    return undefined; // the reply says so
  }
}

async function carryOut(
  verb: ReaderVerb,
  { reader, seconds }: ReaderCommand,
  { controls, timeoutMs = TIMEOUT_MS }: ReaderCommandsOptions,
): Promise<ReaderCommandReply> {
  if (!controls.has(reader)) {
    return { result: "unknown-reader", detail: `this gateway has no reader "${reader}"` };
  }
  const work = workOf(verb, { reader, seconds, controls });
  if (!("run" in work)) return work;
  try {
    await within(timeoutMs, work.run());
    return { result: "done", detail: work.done };
  } catch (error) {
    const isOffline = hasCode(error, "device.no-reply");
    const text = error instanceof Error ? error.message : String(error);
    return { result: isOffline ? "reader-offline" : "failed", detail: text.slice(0, 300) };
  }
}

interface Work {
  readonly run: () => Promise<void>;
  readonly done: string;
}

function workOf(
  verb: ReaderVerb,
  {
    reader,
    seconds,
    controls,
  }: {
    readonly reader: string;
    readonly seconds: number;
    readonly controls: ReaderCommandsOptions["controls"];
  },
): Work | ReaderCommandReply {
  if (verb === "restart-driver") {
    return { run: () => controls.restart(reader), done: "its line was opened anew" };
  }
  const actions = controls.actionsOf(reader);
  if (actions === undefined) {
    return { result: "reader-offline", detail: "its line is not open just now" };
  }
  if (verb === "locate") {
    const { locate } = actions;
    if (locate === undefined) return unsupported("this kind of reader has no light and no sound");
    return { run: () => locate(seconds), done: `it shows itself for ${seconds} s` };
  }
  const { resyncClock } = actions;
  if (resyncClock === undefined) {
    return unsupported(
      "this kind of reader has no clock of its own: the gateway dates its punches",
    );
  }
  return { run: () => resyncClock(), done: "its clock was set" };
}

const unsupported = (detail: string): ReaderCommandReply => ({ result: "unsupported", detail });

async function within(timeoutMs: number, work: Promise<void>): Promise<void> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new Error(`not done within ${timeoutMs / 1000} s; it may still be`)),
    timeoutMs,
  );
  try {
    await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
    // Whatever becomes of it later was said to be unknown.
    work.catch(() => undefined);
  }
}

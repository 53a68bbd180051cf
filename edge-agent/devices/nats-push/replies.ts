import { terminalAnswerSubject, terminalInbox } from "@clockleaf/shared/subjects.ts";
import type { DriverDeps } from "../driver.ts";
import { createAllowance } from "./allowance.ts";
import { type Answer, encodeAnswer } from "./answer.ts";
import type { Said } from "./message.ts";
import type { Standing } from "./standing.ts";

/** Longest reply subject that is written to; client libraries make about 60 characters. */
const MAX_REPLY = 200;

export type Publish = (subject: string, bytes: Uint8Array) => void;
/** Answers one message; never throws. */
export type Reply = (answer: Answer) => void;

export interface RepliesOptions {
  readonly reader: string;
  readonly standing: Standing;
  readonly deps: Pick<DriverDeps, "now" | "log">;
  readonly publish: Publish;
}

/** How one terminal is answered: where it may hear it, as it spoke, and refusals not more often than it is worth. */
export interface Replies {
  readonly to: (said: Said, wanted: string | undefined) => Reply;
  readonly refuse: (reply: Reply, answer: Answer & { readonly ok: false }) => void;
}

export function createReplies({ reader, standing, deps, publish }: RepliesOptions): Replies {
  const mayRefuse = createAllowance();
  return {
    to({ format }, wanted) {
      const to = answerSubject(reader, wanted);
      if (wanted && to !== wanted) standing.count("foreign_reply");
      return (answer) => {
        try {
          publish(to, encodeAnswer(answer, format));
        } catch (error) {
          // The connection went meanwhile. The terminal sends again, and what is stored is known by its key.
          standing.count("answers_lost");
          deps.log.debug({ err: error, reader }, "answer to a terminal not sent");
        }
      };
    },
    refuse(reply, answer) {
      standing.count(answer.reason.replace("-", "_"));
      if (mayRefuse(deps.now())) reply(answer);
      else standing.count("unanswered");
    },
  };
}

/**
 * Where a terminal is answered. It may name any subject at all, and we may write to every terminal's: were it believed, one
 * terminal could have another told that a punch is stored which never was.
 */
function answerSubject(reader: string, wanted: string | undefined): string {
  const isItsOwn =
    wanted !== undefined &&
    wanted.length <= MAX_REPLY &&
    wanted.startsWith(`${terminalInbox(reader)}.`) &&
    /^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*$/.test(wanted);
  return isItsOwn ? wanted : terminalAnswerSubject(reader);
}

import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { ResendReply, ResendRequest } from "@clockleaf/shared/wire/heartbeat.ts";
import { z } from "zod";

const rangeSchema = z
  .strictObject({ first: z.int().min(1), last: z.int().min(1) })
  .refine(({ first, last }) => first <= last, "the first row comes before the last");

export interface Requeueing {
  readonly epoch: string;
  /** Undefined before the leaf server was reached. */
  readonly resend: () => ((range: ResendRequest) => ResendReply | undefined) | undefined;
}

/**
 * Has rows sent to the hub once more, for somebody at the gateway. Harmless: the cloud knows every row by its number and
 * takes none twice. Resolves once they are queued. Rejects with `wire.malformed`, `uplink.not-connected` or
 * `command.refused` for rows that are not kept (any more).
 */
export function createRequeue({ epoch, resend }: Requeueing): (body: unknown) => Promise<unknown> {
  return async (body) => {
    const range = rangeSchema.safeParse(body);
    if (!range.success) throw new PlatformError("wire.malformed", z.prettifyError(range.error));
    const ask = resend();
    if (ask === undefined) {
      throw new PlatformError(
        "uplink.not-connected",
        "the leaf server is not reached: what the hub does not have yet is sent by itself once it is",
        { retriable: true },
      );
    }
    const reply = ask({ epoch, ...range.data });
    if (reply === undefined) {
      throw new PlatformError(
        "command.refused",
        "many ranges wait already: ask again in a minute",
        {
          retriable: true,
        },
      );
    }
    if (reply.result !== "accepted") {
      throw new PlatformError(
        "command.refused",
        `not all of these rows are in the journal; it keeps them from ${reply.kept} on (\`clockleaf-edge backlog\`)`,
      );
    }
    return { queued: range.data.last - range.data.first + 1 };
  };
}

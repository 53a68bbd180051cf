import { SHARES } from "@clockleaf/shared/subjects.ts";
import { jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "nats";
import { eventually } from "./eventually.ts";

/** Waits until a reaction (`<context>-<name>`) has worked through everything that stands in its stream. */
export async function whenWorkedOff(
  nc: NatsConnection,
  stream: string,
  reaction: string,
): Promise<void> {
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  for (let share = 0; share < SHARES; share += 1) {
    await eventually(
      async () => {
        const info = await jsm.consumers.info(stream, `${reaction}-${share}`);
        return info.num_pending === 0 && info.num_ack_pending === 0;
      },
      { what: `${reaction}-${share} to be done` },
    );
  }
}

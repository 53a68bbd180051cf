import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "nats";
import type { ProjectionRunner } from "./projection.ts";

const TIMEOUT_MS = 5_000;

/**
 * Whoever decides on what a read model says must first have let it read what was stored in its stream by now. Rejects,
 * retriably, if it does not get there soon.
 */
export async function readToTheEnd(
  nc: NatsConnection,
  stream: string,
  projection: Pick<ProjectionRunner, "waitFor">,
): Promise<void> {
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  const { state } = await jsm.streams.info(stream);
  if (await projection.waitFor(state.last_seq, TIMEOUT_MS)) return;
  throw new PlatformError("stream.not-connected", `the read model of ${stream} is not there yet`, {
    retriable: true,
  });
}

/** For whoever has stored something and must show it, while the read model is behind. */
export const notShownYet = (): PlatformError =>
  new PlatformError("read-model.behind", "stored, but not readable yet; ask again", {
    retriable: true,
  });

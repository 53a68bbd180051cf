import type { PostedStatus } from "./status-board.ts";

/** A process posts every second; who has not for so long is dead, frozen or cut off. */
const SILENT_MS = 10_000;

/** How a feed fares, as far as anybody can tell from outside. */
export type FeedHealth = Omit<PostedStatus, "state"> & {
  readonly state: PostedStatus["state"] | "silent";
  readonly silentMs: number;
  readonly isWell: boolean;
};

/** A feed that was stopped in order says so for good; for as long as a restart takes that is no failure. */
export function healthOf(feed: PostedStatus, nowMs: number): FeedHealth {
  const silentMs = Math.max(0, nowMs - feed.postedAtMs);
  const isSilent = silentMs > SILENT_MS;
  const state = isSilent && feed.state !== "stopped" ? "silent" : feed.state;
  return { ...feed, state, silentMs, isWell: !isSilent && state !== "halted" };
}

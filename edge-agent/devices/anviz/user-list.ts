import type { Conversation } from "./conversation.ts";
import { decodeInfo } from "./messages.ts";
import {
  decodeTaken,
  decodeUsers,
  encodeUsers,
  type KnownUser,
  LAYOUTS,
  type NewUser,
  type UserLayout,
} from "./users.ts";

/** Three bytes count them; no terminal known holds more than 50,000. */
const MAX_USERS = 100_000;

/**
 * Everybody the terminal knows, in its order. Rejects as {@link Conversation} does; asked again, it begins anew. A
 * terminal that has more to tell than it counts is not listened to any longer.
 */
export async function pullUsers(talk: Conversation, layout: UserLayout): Promise<KnownUser[]> {
  const info = await talk.ask({ ask: "info" }, decodeInfo);
  const expected = Math.min(info.users, MAX_USERS);
  const users: KnownUser[] = [];
  while (users.length < expected) {
    const from = users.length === 0 ? "first" : "next";
    const page = await talk.ask({ ask: "users", from, layout }, (data) =>
      decodeUsers(data, layout),
    );
    if (page.length === 0) break;
    users.push(...page);
  }
  return users;
}

/**
 * Enters or replaces users, frame by frame; fingers and faces of those that are there stay. Returns the numbers the
 * terminal did not take. Rejects with `config.invalid` before anything is sent when one of them fits no terminal, else as
 * {@link Conversation} does: sending all of them again is harmless.
 */
export async function pushUsers(
  talk: Conversation,
  { users, layout }: { readonly users: readonly NewUser[]; readonly layout: UserLayout },
): Promise<number[]> {
  const { perFrame } = LAYOUTS[layout];
  const frames: NewUser[][] = [];
  for (let from = 0; from < users.length; from += perFrame) {
    frames.push(users.slice(from, from + perFrame));
  }
  for (const frame of frames) encodeUsers({ users: frame, layout });
  const refused: number[] = [];
  for (const frame of frames) {
    const taken = await talk.ask({ ask: "put-users", users: frame, layout }, (data) =>
      decodeTaken(data, frame.length),
    );
    refused.push(...frame.filter((_, at) => taken[at] !== true).map(({ number }) => number));
  }
  return refused;
}

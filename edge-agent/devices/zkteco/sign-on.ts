import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { proofOfKey } from "./comm-key.ts";
import { ATTENDANCE_EVENTS, REPLIES } from "./commands.ts";
import type { Link } from "./link.ts";
import { untilZero } from "./records.ts";

/** What the terminal says of itself. */
export type Identity = Readonly<Record<string, string>>;

/** What a terminal says in words is cut here. */
const MAX_FACT = 64;

/**
 * Begins a session, proves the communication key where one is asked for, and asks who is there. Rejects with `device.key`
 * when the key is wrong, `device.refused` when there is no session to be had, `device.no-reply` when nobody answers.
 */
export async function signOn(link: Link, commKey: number): Promise<Identity> {
  link.setSession(0);
  const [greeting] = await link.ask("connect");
  if (greeting === undefined) throw refused();
  link.setSession(greeting.session);
  if (greeting.command === REPLIES.unauthorised) {
    const [verdict] = await link.ask("auth", proofOfKey(commKey, greeting.session));
    if (verdict?.command !== REPLIES.ok) {
      throw new PlatformError(
        "device.key",
        "the terminal wants another communication key: compare commKeyFile with its menu (Comm., Comm Key)",
      );
    }
  } else if (greeting.command !== REPLIES.ok) {
    throw refused();
  }
  return whoIsThere(link);
}

/** Asks to be told when somebody punches; a terminal that cannot is polled. */
export async function registerEvents(link: Link): Promise<boolean> {
  const which = Buffer.alloc(4);
  which.writeUInt32LE(ATTENDANCE_EVENTS);
  const [answer] = await link.ask("registerEvents", which);
  return answer?.command === REPLIES.ok;
}

async function whoIsThere(link: Link): Promise<Identity> {
  const [version] = await link.ask("version");
  const [serial] = await link.ask("option", Buffer.from("~SerialNumber\0"));
  return {
    ...(version?.command === REPLIES.ok ? { firmware: text(version.data) } : {}),
    ...(serial?.command === REPLIES.ok
      ? { serial: text(serial.data).replace(/^[^=]*=/u, "") }
      : {}),
  };
}

/** What a terminal says in words, without what no log should hold. */
const text = (data: Buffer): string =>
  untilZero(data)
    .toString("latin1")
    .replaceAll(/[^ -~]/gu, "?")
    .slice(0, MAX_FACT);

const refused = (): PlatformError =>
  new PlatformError(
    "device.refused",
    "the terminal gives no session: another program may have it",
    {
      retriable: true,
    },
  );

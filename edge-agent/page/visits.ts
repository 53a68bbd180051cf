import { createHash, randomBytes } from "node:crypto";

const LOGIN_VALID_MS = 10 * 60_000;
const VISIT_VALID_MS = 12 * 3_600_000;
const MAX_LOGINS = 16;
const MAX_VISITS = 64;

/** Somebody who has logged in, until twelve hours later or the agent's end. */
export interface Visit {
  /** What every request that changes something carries beside the cookie: another site's page cannot know it. */
  readonly writeToken: string;
  readonly endsAtMs: number;
}

/**
 * Who may see the page: whoever brings a login token, which the control socket gives out and which works once, within ten
 * minutes. Tokens and cookies are kept as hashes and in memory only.
 */
export interface Visits {
  /** Cookies do not know ports: two gateways behind two tunnels would overwrite each other's of one name. */
  readonly cookieName: string;
  issueLogin(): string;
  /** Takes a login token for a cookie's value; undefined for one that is unknown, old or used. */
  enter(login: string): string | undefined;
  visitOf(cookie: string): Visit | undefined;
  leave(cookie: string): void;
}

export function createVisits(now: () => number = Date.now): Visits {
  const logins = new Map<string, number>();
  const visits = new Map<string, Visit>();
  return {
    cookieName: `clockleaf_page_${randomBytes(4).toString("hex")}`,
    issueLogin() {
      const login = secret();
      logins.set(hashOf(login), now() + LOGIN_VALID_MS);
      dropOldest(logins, MAX_LOGINS);
      return login;
    },
    enter(login) {
      const hash = hashOf(login);
      const endsAtMs = logins.get(hash);
      logins.delete(hash);
      if (endsAtMs === undefined || endsAtMs < now()) return undefined;
      const cookie = secret();
      visits.set(hashOf(cookie), { writeToken: secret(), endsAtMs: now() + VISIT_VALID_MS });
      dropOldest(visits, MAX_VISITS);
      return cookie;
    },
    visitOf(cookie) {
      const visit = visits.get(hashOf(cookie));
      return visit === undefined || visit.endsAtMs < now() ? undefined : visit;
    },
    leave: (cookie) => void visits.delete(hashOf(cookie)),
  };
}

const secret = (): string => randomBytes(32).toString("base64url");
const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex");

function dropOldest(map: Map<string, unknown>, limit: number): void {
  const [oldest] = map.keys();
  if (map.size > limit && oldest !== undefined) map.delete(oldest);
}

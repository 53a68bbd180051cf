import { type ErrorCode, PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { ErrorReply } from "redis";

/** Whom we talk to and as whom: every message names both. */
export interface Where {
  readonly server: string;
  readonly user: string;
}

interface Meaning {
  readonly code: ErrorCode;
  readonly isRetriable: boolean;
  /** What to do, or what is being waited for. */
  readonly says: string;
}

const wait = (says: string): Meaning => ({ code: "bridge.unreachable", isRetriable: true, says });
const refused = (says: string): Meaning => ({ code: "bridge.refused", isRetriable: false, says });

const TOO_LARGE: Meaning = {
  code: "bridge.too-large",
  isRetriable: true,
  says: "takes no entry of this size; see proto-max-bulk-len",
};
const NOT_ALLOWED = refused(
  "does not let the user do that; the ACL it needs stands in the bridge's README",
);
const NOT_SINGLE: Meaning = {
  code: "bridge.unsafe",
  isRetriable: false,
  says: "is a node of a Redis Cluster; configure nodes instead of url",
};
const NO_PASSWORD_WANTED = refused(
  "has no password set for the user; set one there, or leave passwordFile out",
);

/** The words that Redis's error replies begin with. */
const REPLIES: Readonly<Record<string, Meaning>> = {
  WRONGPASS: refused(
    "does not accept the password, or the user is off; check user and passwordFile",
  ),
  NOAUTH: refused("wants a password; set passwordFile, and user unless it is the default one"),
  NOPERM: NOT_ALLOWED,
  WRONGTYPE: refused("holds something else than a stream under our key; set another keyPrefix"),
  MOVED: NOT_SINGLE,
  ASK: NOT_SINGLE,
  CROSSSLOT: refused("spreads our keys over hash slots"),
  OOM: wait(
    "is out of memory and takes nothing more; raise maxmemory there, or lower maxEntries here",
  ),
  MISCONF: wait("cannot write its snapshot and takes nothing until it can; see its log and disk"),
  NOREPLICAS: wait("takes nothing while it has too few replicas (min-replicas-to-write)"),
  READONLY: wait("is a replica now; waiting for the master's address to change"),
  LOADING: wait("is loading its data"),
  MASTERDOWN: wait("has lost its master"),
  CLUSTERDOWN: wait("says its cluster is down"),
  TRYAGAIN: wait("is moving the hash slot to another node"),
  BUSY: wait("is running somebody's script"),
};

/** What a script's command may not do is told without a code. */
const NOPERM_IN_SCRIPT = "The user executing the script can't";
/** Redis before 7 wraps what goes wrong in a script: `ERR Error running script (…): @user_script:5: OOM …`. */
const CODE_IN_SCRIPT = /@user_script: ?\d+: (?:-?)([A-Z]+) /;

/** A script that the server has not seen since it started. */
export const isUnknownScript = (error: unknown): boolean =>
  error instanceof ErrorReply && error.message.startsWith("NOSCRIPT");

/** One value is longer than the server takes. */
export const tooLarge = ({ server, user }: Where): PlatformError =>
  new PlatformError(TOO_LARGE.code, `Redis at ${server}, user ${user}: ${TOO_LARGE.says}`, {
    retriable: TOO_LARGE.isRetriable,
    details: { server, user },
  });

/** What the client or the server says, as ours. The one place where their words are looked at. */
export function asBridgeError(error: unknown, where: Where): PlatformError {
  if (error instanceof PlatformError) return error;
  const { code, isRetriable, says } = meaningOf(error);
  const { server, user } = where;
  const words = error instanceof Error ? ` (${error.message})` : "";
  return new PlatformError(code, `Redis at ${server}, user ${user}: ${says}${words}`, {
    retriable: isRetriable,
    cause: error,
    details: { server, user },
  });
}

function meaningOf(error: unknown): Meaning {
  if (!(error instanceof ErrorReply)) {
    return isAboutCertificate(error)
      ? refused("shows a certificate that is not trusted; set tls.caFile, or renew it")
      : wait("cannot be reached");
  }
  const { message } = error;
  const word = CODE_IN_SCRIPT.exec(message)?.[1] ?? message.split(" ", 1).join("");
  const known = REPLIES[word];
  if (known !== undefined) return known;
  if (/invalid (multi)?bulk length|too large/i.test(message)) return TOO_LARGE;
  if (message.includes(NOPERM_IN_SCRIPT)) return NOT_ALLOWED;
  if (message.includes("without any password")) return NO_PASSWORD_WANTED;
  return refused("answers with an error that waiting will not cure");
}

const CERTIFICATE_CODES = /^(ERR_TLS_CERT_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(GET|VERIFY)_)/;

function isAboutCertificate(error: unknown): boolean {
  return (
    error instanceof Error &&
    "code" in error &&
    typeof error.code === "string" &&
    CERTIFICATE_CODES.test(error.code)
  );
}

import { PlatformError } from "@clockleaf/shared/lib/errors.ts";

/** Whom and what an error is about. */
export interface RabbitSide {
  /** `host:port`. */
  readonly server: string;
  readonly vhost: string;
  readonly user: string;
  readonly passwordFile: string;
}

interface VendorError extends Error {
  readonly code: string;
}

const isVendorError = (error: unknown): error is VendorError =>
  error instanceof Error && "code" in error && typeof error.code === "string";

/** What Node's TLS calls a certificate that it does not trust. */
const CERTIFICATE = /^(?:CERT_|ERR_TLS_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_)/;
/** "inequivalent arg 'x-delivery-limit' for queue 'q' in vhost '/': received '5' but current is '3'" */
const OTHER_ARGUMENT =
  /inequivalent arg '(?<argument>[^']+)' for (?<kind>queue|exchange) '(?<name>[^']*)'.*?: (?<difference>.+)$/;
const TOO_LARGE = /message size .* (?:larger|greater) than|frame.*too large/i;

/**
 * The one place that reads what RabbitMQ and its client say. Codes of the protocol are those of AMQP 0-9-1, chapter 1.3
 * ("Constants"), by the names that the client gives them.
 */
export function rabbitError(error: unknown, side: RabbitSide): PlatformError {
  if (error instanceof PlatformError) return error;
  const { server } = side;
  const text = error instanceof Error ? error.message : String(error);
  const code = isVendorError(error) ? error.code : "";
  const details = { server, code };
  const made = (
    as: ConstructorParameters<typeof PlatformError>[0],
    message: string,
    retriable = false,
  ): PlatformError => new PlatformError(as, message, { retriable, cause: error, details });
  switch (code) {
    case "ACCESS_REFUSED":
      return made("bridge.refused", refusal(text, side));
    case "NOT_ALLOWED":
      return made("bridge.refused", notAllowed(side));
    case "RESOURCE_LOCKED":
      return made("bridge.fenced", `another writer is at work at ${server}`, true);
    case "PRECONDITION_FAILED":
      if (TOO_LARGE.test(text)) return made("bridge.too-large", `${server}: ${text}`);
      return made("bridge.unsafe", otherArgument(text, side));
    case "NOT_FOUND":
      // A queue that is there and has no majority is "not found" as well.
      if (/process is stopped|is down|unavailable|inaccessible/i.test(text)) break;
      return made("bridge.unsafe", `${server}: ${text}; it is declared again at the next try`);
    case "NACK":
      return made(
        "bridge.unreachable",
        `${server} would not store a message: a queue is full, or most of its nodes are away`,
        true,
      );
    default:
      if (!CERTIFICATE.test(code)) break;
      return made(
        "bridge.refused",
        `the certificate of ${server} is not trusted (${text}); name who signed it in tls.caFile`,
      );
  }
  return made("bridge.unreachable", `RabbitMQ at ${server}: ${text}`, true);
}

const refusal = (text: string, { server, user, vhost, passwordFile }: RabbitSide): string =>
  /login/i.test(text)
    ? `RabbitMQ at ${server} refuses the user "${user}": the password in ${passwordFile} is wrong or there is no such user; ` +
      `there, rabbitmqctl change_password ${user} or add_user ${user} sets it`
    : `the user "${user}" may not do this at ${server} (${text}); ` +
      `there, rabbitmqctl set_permissions -p ${vhost} ${user} ".*" ".*" ".*" allows it`;

const notAllowed = ({ server, user, vhost }: RabbitSide): string =>
  `RabbitMQ at ${server} has no virtual host "${vhost}" for the user "${user}"; there, ` +
  `rabbitmqctl add_vhost ${vhost} and set_permissions -p ${vhost} ${user} ".*" ".*" ".*" make it so`;

function otherArgument(text: string, { server }: RabbitSide): string {
  const found = OTHER_ARGUMENT.exec(text)?.groups;
  if (found === undefined) return `${server}: ${text}`;
  const { argument, kind, name, difference } = found;
  const emptied = kind === "queue" ? "let its consumers empty it, then delete it" : "delete it";
  return (
    `${kind} "${name}" exists at ${server} with another ${argument} (${difference}); ` +
    `set it so in the configuration, or ${emptied}: it is declared again at the next try`
  );
}

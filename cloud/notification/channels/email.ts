import { Readable } from "node:stream";
import MailComposer from "nodemailer/lib/mail-composer";
import SMTPConnection from "nodemailer/lib/smtp-connection";
import type { SmtpConfig } from "../config.ts";
import { type Outgoing, type OutgoingChannel, reasonOf, type SendResult } from "./channel.ts";

const IDLE_MS = 20_000;
const CONNECT_MS = 10_000;
const MOST_IDLE = 8;
const PORT_OF_SUBMISSIONS = 465;

/**
 * E-mail over SMTP. Connections are kept for the next message. Nodemailer's own pool is not used: it sends messages again by
 * itself, and it does not tell whether the message's bytes had begun to go out when a connection broke; here that decides
 * between "certainly not taken" and "nobody can tell".
 */
export function createEmailChannel(
  config: SmtpConfig,
  password: string | undefined,
): OutgoingChannel {
  const idle = createIdleConnections();
  const domain = domainOf(config.from);

  const sendOver = async (
    connection: SMTPConnection,
    mail: Mail,
    signal: AbortSignal,
  ): Promise<SendResult & { readonly isUntouched: boolean }> => {
    const body = Readable.from([mail.bytes]);
    const abort = (): void => connection.close();
    signal.addEventListener("abort", abort, { once: true });
    try {
      const response = await transfer(connection, mail, body);
      idle.keep(connection);
      return { kind: "taken", providerId: response.slice(0, 200), isUntouched: false };
    } catch (error) {
      connection.close();
      const isUntouched = !body.readableDidRead;
      return { ...resultOf(error, isUntouched), isUntouched };
    } finally {
      signal.removeEventListener("abort", abort);
    }
  };

  return {
    name: "email",
    mayRepeat: false,
    async send(message, signal) {
      const mail = await compose(message, config.from, domain);
      const kept = idle.take();
      if (kept !== undefined) {
        const result = await sendOver(kept, mail, signal);
        // The server had closed a connection that was idle: nothing of the message has gone out.
        if (result.kind !== "refused" || !result.isUntouched || result.isPermanent) return result;
      }
      try {
        return await sendOver(await connect(config, password, signal), mail, signal);
      } catch (error) {
        return { kind: "refused", isPermanent: false, reason: reasonOf(error) };
      }
    },
    async close() {
      idle.close();
    },
  };
}

interface IdleConnections {
  keep(connection: SMTPConnection): void;
  take(): SMTPConnection | undefined;
  close(): void;
}

/** Connections that wait a little for the next message. */
function createIdleConnections(): IdleConnections {
  const idle = new Map<SMTPConnection, () => void>();
  return {
    keep(connection) {
      if (idle.size >= MOST_IDLE) return connection.quit();
      const forget = (): void => {
        stopWaiting();
        connection.close();
      };
      const timer = setTimeout(forget, IDLE_MS).unref();
      const stopWaiting = (): void => {
        clearTimeout(timer);
        connection.off("end", forget);
        idle.delete(connection);
      };
      idle.set(connection, stopWaiting);
      connection.once("end", forget);
    },
    take() {
      const [entry] = idle;
      entry?.[1]();
      return entry?.[0];
    },
    close() {
      for (const [connection, stopWaiting] of idle) {
        stopWaiting();
        connection.close();
      }
    },
  };
}

interface Mail {
  readonly from: string;
  readonly to: string;
  readonly bytes: Buffer;
}

/** `Message-ID` is the same for every try: a mail system that looks at it shows the message once. */
async function compose(
  { notificationId, to, subject, text, html }: Outgoing,
  from: string,
  domain: string,
): Promise<Mail> {
  const composer = new MailComposer({
    from,
    to,
    subject,
    text,
    html,
    messageId: `<${notificationId}@${domain}>`,
    headers: { "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All" },
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const node = composer.compile();
  const bytes = await node.build();
  const envelope = node.getEnvelope();
  return { from: String(envelope.from), to, bytes };
}

const domainOf = (from: string): string => /@([A-Za-z0-9.-]+)/.exec(from)?.[1] ?? "localhost";

async function connect(
  { host, port, secure, requireTls, user }: SmtpConfig,
  password: string | undefined,
  signal: AbortSignal,
): Promise<SMTPConnection> {
  const connection = new SMTPConnection({
    host,
    port,
    secure: secure || port === PORT_OF_SUBMISSIONS,
    requireTLS: requireTls && !secure,
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    logger: false,
  });
  // An error without somebody listening would end the process.
  connection.on("error", () => undefined);
  const abort = (): void => connection.close();
  signal.addEventListener("abort", abort, { once: true });
  const { promise: lost, reject } = Promise.withResolvers<never>();
  const onEnd = (): void => reject(new Error("the connection was closed"));
  // Whoever waits for something else meanwhile hears of it by the race.
  lost.catch(() => undefined);
  connection.once("error", reject).once("end", onEnd);
  try {
    await Promise.race([lost, step((done) => connection.connect(done))]);
    if (user !== undefined && password !== undefined) {
      const credentials = { user, pass: password };
      await Promise.race([lost, step((done) => connection.login({ credentials }, done))]);
    }
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  } finally {
    signal.removeEventListener("abort", abort);
    connection.off("error", reject).off("end", onEnd);
  }
}

function step(start: (done: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    start((error) => (error ? reject(error) : resolve()));
  });
}

function transfer(connection: SMTPConnection, mail: Mail, body: Readable): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const onEnd = (): void => reject(new Error("the connection was closed"));
  connection.once("error", reject).once("end", onEnd);
  const envelope = { from: mail.from, to: [mail.to], size: mail.bytes.length };
  connection.send(envelope, body, (error, info) =>
    error ? reject(error) : resolve(info?.response ?? ""),
  );
  return promise.finally(() => connection.off("error", reject).off("end", onEnd));
}

/** A reply of the server says whose message it is (RFC 5321, 4.2.5); without one the bytes that went out do. */
function resultOf(error: unknown, isUntouched: boolean): SendResult {
  const code =
    error instanceof Error && "responseCode" in error ? Number(error.responseCode) : Number.NaN;
  const reason = reasonOf(error);
  if (code >= 400 && code < 600) return { kind: "refused", isPermanent: code >= 500, reason };
  return isUntouched
    ? { kind: "refused", isPermanent: false, reason }
    : { kind: "uncertain", reason };
}

import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type ParsedMail, simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";
import { escapeHtml } from "../../cloud/notification/render.ts";

/** A mail that was taken: the sink has answered 250 to it. */
export interface SunkMail {
  readonly messageId: string;
  readonly to: readonly string[];
  readonly from: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly atMs: number;
}

/** What the sink says to a mail; `undefined` = takes it. */
export type Refusal = { readonly code: number; readonly text: string } | undefined;

export interface MailSink extends AsyncDisposable {
  readonly port: number;
  /** A small page with all mails, and `/mails` for programs. */
  readonly pageUrl: string;
  /** Every mail taken so far, the oldest first. */
  mails(): readonly SunkMail[];
  /** Asked when a recipient is named; it may take its time. */
  onRecipient(decide: (to: string) => Refusal | Promise<Refusal>): void;
  /** Asked when the whole mail has come, before the answer; it may take its time. */
  onMail(decide: (mail: SunkMail) => Refusal | Promise<Refusal>): void;
  /** Stops listening and breaks every connection; what was taken stays. */
  down(): Promise<void>;
  /** Listens on the same port again. */
  up(): Promise<void>;
}

const takeIt = (): undefined => undefined;

/** A real SMTP server on loopback that keeps what it takes in memory. `port` 0 = any free one. */
export async function startMailSink(
  ports: { smtp?: number; page?: number } = {},
): Promise<MailSink> {
  const taken: SunkMail[] = [];
  let decideRecipient: Parameters<MailSink["onRecipient"]>[0] = takeIt;
  let decideMail: Parameters<MailSink["onMail"]>[0] = takeIt;
  const sockets = new Set<{ destroy(): void }>();

  const listen = async (port: number): Promise<SMTPServer> => {
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ["STARTTLS", "AUTH"],
      logger: false,
      onRcptTo({ address }, _session, callback) {
        answer(callback, async () => await decideRecipient(address));
      },
      onData(stream, session, callback) {
        answer(callback, async () => {
          const parsed = await simpleParser(stream);
          const to = session.envelope.rcptTo.map(({ address }) => address);
          const mail = mailOf(parsed, to);
          const refusal = await decideMail(mail);
          if (refusal === undefined) taken.push(mail);
          return refusal;
        });
      },
    });
    server.on("error", () => undefined);
    server.server.on("connection", (socket) => {
      sockets.add(socket);
      socket.once("close", () => sockets.delete(socket));
    });
    server.listen(port, "127.0.0.1");
    await once(server.server, "listening");
    return server;
  };
  let server: SMTPServer | undefined = await listen(ports.smtp ?? 0);
  const { port } = server.server.address() as AddressInfo;
  const page = await startPage(taken, ports.page ?? 0);

  const down = async (): Promise<void> => {
    const closing = server;
    server = undefined;
    if (closing === undefined) return;
    const closed = once(closing.server, "close");
    closing.server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return {
    port,
    pageUrl: `http://127.0.0.1:${(page.address() as AddressInfo).port}/`,
    mails: () => taken,
    onRecipient: (decide) => void (decideRecipient = decide),
    onMail: (decide) => void (decideMail = decide),
    down,
    async up() {
      server ??= await listen(port);
    },
    async [Symbol.asyncDispose]() {
      await down();
      page.closeAllConnections();
      page.close();
    },
  };
}

/** Lets the server answer with what is decided; a fault of ours is a refusal too. */
function answer(callback: (error?: Error | null) => void, decide: () => Promise<Refusal>): void {
  decide().then(
    // oxlint-disable-next-line promise/no-callback-in-promise
    (refusal) => callback(asError(refusal)),
    // oxlint-disable-next-line promise/no-callback-in-promise
    () => callback(new Error("the sink failed")),
  );
}

function asError(refusal: Refusal): Error | null {
  if (refusal === undefined) return null;
  return Object.assign(new Error(refusal.text), { responseCode: refusal.code });
}

function mailOf(parsed: ParsedMail, to: readonly string[]): SunkMail {
  return {
    messageId: parsed.messageId ?? "",
    to,
    from: parsed.from?.text ?? "",
    subject: parsed.subject ?? "",
    text: parsed.text ?? "",
    html: parsed.html || "",
    atMs: Date.now(),
  };
}

async function startPage(mails: readonly SunkMail[], port: number): Promise<Server> {
  const server = createServer((request, response) => {
    if (request.url === "/mails") {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(mails));
      return;
    }
    const rows = mails.map(
      ({ to, subject, text }) =>
        `<h2>${escapeHtml(subject)}</h2><p>to ${escapeHtml(to.join(", "))}</p><pre>${escapeHtml(text)}</pre>`,
    );
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.end(
      `<!doctype html><title>Mails</title><h1>${mails.length} mails</h1>${rows.join("")}`,
    );
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return server;
}

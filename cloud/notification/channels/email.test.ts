import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type MailSink, startMailSink } from "../../../test/support/smtp.ts";
import { channelContract, outgoing } from "./channel.contract.ts";
import type { OutgoingChannel } from "./channel.ts";
import { createEmailChannel } from "./email.ts";

const config = (port: number) => ({
  host: "127.0.0.1",
  port,
  secure: false,
  requireTls: false,
  from: "Clockleaf <clock@time.example.org>",
});

channelContract("e-mail", async () => {
  const sink = await startMailSink();
  return {
    channel: createEmailChannel(config(sink.port), undefined),
    to: "ada@example.org",
    taken: () => sink.mails().map(({ messageId }) => messageId),
    behave(how) {
      sink.onMail(() => {
        switch (how) {
          case "take":
            return undefined;
          case "refuse-now":
            return { code: 451, text: "later, ada@example.org" };
          case "refuse-for-good":
            return { code: 554, text: "never, ada@example.org" };
          case "break-off":
            void sink.down().then(() => sink.up());
            return new Promise(() => undefined);
          case "say-nothing":
            return new Promise(() => undefined);
        }
      });
    },
    vanish: () => sink.down(),
    stop: async () => await sink[Symbol.asyncDispose](),
  };
});

describe("e-mail", () => {
  let sink: MailSink;
  let channel: OutgoingChannel;
  beforeAll(async () => {
    sink = await startMailSink();
    channel = createEmailChannel(config(sink.port), undefined);
  });
  afterAll(async () => {
    await channel.close();
    await sink[Symbol.asyncDispose]();
  });
  const send = (n: number) =>
    channel.send(outgoing(n, "ada@example.org"), AbortSignal.timeout(9_000));

  it("has the same Message-ID for every try, text and HTML in UTF-8", async () => {
    await send(1);
    await send(1);
    const [first, second] = sink.mails();
    expect(first).toMatchObject({
      messageId: "<n-1@time.example.org>",
      subject: "Message 1",
      to: ["ada@example.org"],
    });
    expect(first?.text).toContain("Grüße <1>");
    expect(first?.html).toContain("Grüße &lt;1&gt;");
    expect(second?.messageId).toBe(first?.messageId);
  });

  it("is certain of a connection that broke before the message: it goes out over another", async () => {
    await send(2);
    await sink.down();
    await sink.up();
    expect(await send(3)).toMatchObject({ kind: "taken" });
    sink.onRecipient(() => ({ code: 450, text: "busy" }));
    expect(await send(4)).toMatchObject({ kind: "refused", isPermanent: false });
    sink.onRecipient(() => ({ code: 550, text: "no such mailbox" }));
    expect(await send(5)).toMatchObject({ kind: "refused", isPermanent: true });
    sink.onRecipient(async () => {
      await sink.down();
      return undefined;
    });
    expect(await send(6)).toMatchObject({ kind: "refused", isPermanent: false });
  });
});

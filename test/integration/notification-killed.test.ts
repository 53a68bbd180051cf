import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import type { MessageView } from "../../cloud/notification/views.ts";
import { eventually } from "../support/eventually.ts";
import { SLOW, tellingPeople } from "../support/notification-rig.ts";

tellingPeople((rig) => {
  test("kill -9 around the moment of sending: no mail is taken twice under one Message-ID", async () => {
    await rig.stop();
    const people: string[] = [];
    for (const moment of ["recipient", "mail", "mail-late"] as const) {
      let child: ChildProcess | undefined;
      const killed = Promise.withResolvers<void>();
      const kill = async (): Promise<void> => {
        if (child === undefined || child.killed) return;
        const ended = once(child, "exit");
        child.kill("SIGKILL");
        await ended;
        killed.resolve();
      };
      rig.mailbox.onRecipient(async () => {
        if (moment === "recipient") await kill();
        return undefined;
      });
      rig.mailbox.onMail(async () => {
        if (moment === "mail") await kill();
        // Taken first, so that the answer goes to somebody who is dead already.
        if (moment === "mail-late") setImmediate(() => void kill());
        return undefined;
      });
      for (let n = 0; n < 5; n += 1) people.push(await rig.hire());
      child = await rig.startChild();
      await killed.promise;
    }
    rig.mailbox.onRecipient(() => undefined);
    rig.mailbox.onMail(() => undefined);
    await rig.start(["first", "second"]);
    // Whom nobody was sending to when they died: however many of the others are in doubt, this one is told.
    people.push(await rig.hire());
    const ended: MessageView[] = [];
    for (const id of people) {
      ended.push(
        await eventually(async () => {
          const [found] = await rig.log(`employeeId=${id}&channel=email`);
          return found?.status === "sent" || found?.status === "uncertain" ? found : undefined;
        }, SLOW),
      );
    }
    const copies = Map.groupBy(rig.mailbox.mails(), ({ messageId }) => messageId);
    for (const { status, notificationId } of ended) {
      const taken = copies.get(`<${notificationId}@example.org>`)?.length ?? 0;
      expect(taken).toBeLessThanOrEqual(1);
      if (status === "sent") expect(taken).toBe(1);
    }
    expect(ended.some(({ status }) => status === "uncertain")).toBe(true);
    expect(ended.at(-1)?.status).toBe("sent");
  });

  test("without a mail server nothing goes out, and the delivery log says so", async () => {
    await rig.stop();
    await rig.start(["first"], { smtp: undefined, webhooks: [] });
    const { attempts } = await rig.isAt(await rig.hire(), "suppressed");
    expect(attempts).toMatchObject([{ reason: "email is not configured" }]);
  });
});

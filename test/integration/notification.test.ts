import { jetstreamManager } from "@nats-io/jetstream";
import { Webhook } from "standardwebhooks";
import { expect, test } from "vitest";
import { whenWorkedOff } from "../support/consumers.ts";
import { eventually } from "../support/eventually.ts";
import { HR, SECRET, SLOW, TENANT, tellingPeople } from "../support/notification-rig.ts";

tellingPeople((rig) => {
  test("a new person is welcomed once, in their language, by whichever process", async () => {
    const employeeId = await rig.hire({ locale: "de-AT" });
    const english = await rig.hire({ firstName: "<Bob>" });
    const sent = await rig.isAt(employeeId, "sent");
    await rig.isAt(english, "sent");
    expect(rig.mailsTo(employeeId)).toMatchObject([
      {
        subject: "Willkommen, Ada",
        messageId: `<${sent.notificationId}@example.org>`,
        text: expect.stringContaining("1. Januar 2026"),
      },
    ]);
    expect(rig.mailsTo(english)).toMatchObject([{ html: expect.stringContaining("&lt;Bob&gt;") }]);
    const { events } = await rig.store.load(
      { domain: "notification", tenant: TENANT, aggregateId: sent.notificationId },
      0,
    );
    expect(events.map(({ event }) => event.metadata.eventType.split(".").at(-1))).toEqual([
      "requested",
      "claimed",
      "sent",
    ]);
    const stored = JSON.stringify(events);
    expect(stored).not.toContain("Ada");
    expect(stored).not.toContain("@example.org");
    // Set active later as well, they have been welcomed.
    const data = { employeeId, at: Date.now() };
    await rig.tell("employee", employeeId, { type: "employee.employee.activated", data });
    await whenWorkedOff(rig.cloud.nc, "EMPLOYEE", "notification-employee-news");
    expect(await rig.log(`employeeId=${employeeId}&channel=email`)).toHaveLength(1);
  });

  test("with the mail server down for a while everything arrives in the end, once", async () => {
    await rig.mailbox.down();
    const people: string[] = [];
    for (let n = 0; n < 20; n += 1) people.push(await rig.hire());
    for (const id of people) await rig.isAt(id, "will-retry");
    await rig.mailbox.up();
    for (const id of people) await rig.isAt(id, "sent");
    for (const id of people) expect(rig.mailsTo(id)).toHaveLength(1);
  });

  test("a mailbox that never will be makes a dead letter, and operators hear of it", async () => {
    rig.mailbox.onRecipient((to) =>
      to.startsWith("e-") ? { code: 550, text: `no mailbox ${to}` } : undefined,
    );
    const employeeId = await rig.hire();
    const given = await rig.isAt(employeeId, "gave-up");
    expect(JSON.stringify(given)).not.toContain("@example.org");
    const jsm = await jetstreamManager(rig.cloud.nc, { checkAPI: false });
    const letter = await eventually(() =>
      jsm.direct.getMessage("DLQ", { last_by_subj: "dlq.v1.notification-email" }),
    );
    expect(letter?.header.get("Dead-Letter-Code")).toBe("notification.undeliverable");
    const alarms = () => rig.mailbox.mails().filter(({ to }) => to.includes("ops@example.org"));
    await eventually(() => alarms().length === 1);
    expect(alarms()[0]?.subject).toContain("notification-email");
    // The address was mended: a person sends it again.
    rig.mailbox.onRecipient(() => undefined);
    const resend = { method: "POST", path: `/notifications/${given.notificationId}/resend` };
    expect(await rig.call(HR, resend)).toMatchObject({ status: 200, body: { resentBy: "hr" } });
    await rig.isAt(employeeId, "sent");
    expect(await rig.call(HR, resend)).toMatchObject({
      status: 409,
      body: { code: "notification.sent" },
    });
  });

  test("a server that says later is asked again later", async () => {
    let refusals = 2;
    rig.mailbox.onMail(() => {
      refusals -= 1;
      return refusals >= 0 ? { code: 451, text: "later" } : undefined;
    });
    const employeeId = await rig.hire();
    const sent = await rig.isAt(employeeId, "sent");
    expect(sent.attempts.map(({ outcome }) => outcome)).toEqual([
      "will-retry",
      "will-retry",
      "sent",
    ]);
    expect(rig.mailsTo(employeeId)).toHaveLength(1);
  });

  test("an answer that never came leaves it in doubt until a person says so", async () => {
    rig.mailbox.onMail(({ to }) =>
      to.includes("ops@example.org") ? undefined : new Promise(() => undefined),
    );
    const employeeId = await rig.hire();
    const doubtful = await rig.isAt(employeeId, "uncertain");
    const alarm = await eventually(() =>
      rig.mailbox.mails().find(({ text }) => text.includes(doubtful.notificationId)),
    );
    expect(alarm.to).toEqual(["ops@example.org"]);
    rig.mailbox.onMail(() => undefined);
    expect(rig.mailsTo(employeeId)).toEqual([]);
    await rig.call(HR, {
      method: "POST",
      path: `/notifications/${doubtful.notificationId}/resend`,
    });
    await rig.isAt(employeeId, "sent");
    expect(rig.mailsTo(employeeId)).toHaveLength(1);
  });

  test("webhooks carry the event, signed, without what is personal, again after a failure", async () => {
    let failures = 1;
    rig.hooks.onRequest(() => {
      failures -= 1;
      return { status: failures >= 0 ? 503 : 200 };
    });
    const employeeId = await rig.hire();
    const requests = await eventually(() => {
      const found = rig.hooks.requests().filter(({ body }) => body.includes(employeeId));
      return found.length >= 2 ? found : undefined;
    }, SLOW);
    const ids = new Set(requests.map(({ headers }) => headers["webhook-id"]));
    expect(ids.size).toBe(1);
    const [, again] = requests;
    if (again === undefined) throw new Error("asked again");
    const payload = new Webhook(SECRET).verify(again.body, again.headers as Record<string, string>);
    expect(payload).toMatchObject({
      type: "employee.employee.created",
      data: { employeeId, departmentId: "assembly" },
    });
    expect(again.body).not.toContain("@example.org");
    expect(again.body).not.toContain("Ada");
    expect(await rig.log("channel=webhook&target=erp")).not.toHaveLength(0);
  });
});

import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { eventually } from "../support/eventually.ts";
import { tellingPeople } from "../support/notification-rig.ts";

tellingPeople((rig) => {
  test("approvals: who decides is told, then who asked; shown messages are read once", async () => {
    const [boss, ada] = [await rig.hire(), await rig.hire({ firstName: "Grace" })];
    await rig.hire({ employeeId: "e-pay" }).catch(() => undefined);
    const requestId = randomUUID();
    const steps = [
      { approvers: [{ kind: "employee", employeeId: boss }], dueAt: null },
      { approvers: [{ kind: "role", role: "payroll" }], dueAt: null },
    ];
    const about = { kind: "leave", employeeId: ada, leaveId: "l-1" };
    const opened = {
      requestId,
      about,
      requestedBy: "ada",
      summary: "Leave vacation",
      steps,
      at: 1,
    };
    await rig.tell("workflow", requestId, { type: "workflow.request.opened", data: opened });
    const mine = (who: string) =>
      rig.call<{ items: Array<{ notificationId: string; subject: string; isRead: boolean }> }>(
        { name: "phone", employeeId: who },
        { path: "/me/notifications?unread=true" },
      );
    const [shown] = await eventually(async () => {
      const { items } = (await mine(boss)).body;
      return items.length > 0 ? items : undefined;
    });
    expect(shown).toMatchObject({ subject: "Leave of Grace Example waits for you", isRead: false });
    await eventually(() => rig.mailsTo(boss).some(({ subject }) => subject.includes("Grace")));

    const decision = { requestId, step: 0, decision: "approved", by: "boss", onBehalfOf: null };
    await rig.tell("workflow", requestId, {
      type: "workflow.step.decided",
      data: { ...decision, note: "", at: 2 },
    });
    await eventually(() =>
      rig.mailbox
        .mails()
        .some(({ to, text }) => to.includes("ops@example.org") && text.includes(requestId)),
    );

    const read = { method: "POST", path: `/me/notifications/${shown?.notificationId}/read` };
    expect(await rig.call({ employeeId: ada }, read)).toMatchObject({ status: 404 });
    expect(await rig.call({ employeeId: boss }, read)).toMatchObject({ status: 204 });
    expect((await mine(boss)).body.items).toEqual([]);
  });

  test("preferences choose channels and language, but not silence about what matters", async () => {
    const employeeId = await rig.hire();
    const path = `/notification-preferences/${employeeId}`;
    const own = { name: "phone", employeeId };
    expect(await rig.call({ name: "other", employeeId: "e-x" }, { path })).toMatchObject({
      status: 404,
    });
    const put = (channels: object, etag = '"0"') =>
      rig.call(own, {
        method: "PUT",
        path,
        body: { locale: "de", channels },
        headers: { "if-match": etag },
      });
    expect(await put({ "payslip-ready": [] })).toMatchObject({
      status: 422,
      body: {
        code: "api.invalid",
        errors: [
          {
            pointer: "#/channels/payslip-ready",
            detail: expect.stringContaining("nobody can do without it"),
          },
        ],
      },
    });
    expect(await put({ "leave-decided": ["in-app"] })).toMatchObject({ status: 200 });
    expect(await put({ "leave-decided": [] })).toMatchObject({ status: 412 });
    const leaveId = randomUUID();
    await rig.tell("leave", leaveId, {
      type: "leave.leave.rejected",
      data: { employeeId, leaveId, by: "boss", reason: "zu viel los", at: 1 },
    });
    const items = await eventually(async () => {
      const { body } = await rig.call<{ items: object[] }>(own, { path: "/me/notifications" });
      return body.items.length > 0 ? body.items : undefined;
    });
    expect(items).toMatchObject([{ subject: "Dein Urlaub wurde abgelehnt" }]);
    expect(await rig.log(`employeeId=${employeeId}&template=leave-decided`)).toHaveLength(1);
  });

  test("nobody erased is written to, and nobody who left but about their pay", async () => {
    const [erased, left] = [await rig.hire(), await rig.hire()];
    await rig.isAt(erased, "sent");
    await rig.isAt(left, "sent");
    const at = Date.now();
    await rig.tell("employee", erased, {
      type: "employee.person.erased",
      data: { employeeId: erased, requestedBy: "hr", at },
    });
    await rig.tell("employee", left, {
      type: "employee.employee.terminated",
      data: { employeeId: left, reason: "", at, lastDayOn: "2026-11-30" },
    });
    for (const employeeId of [erased, left]) {
      const run = {
        employeeId,
        runId: `r-${employeeId}`.slice(0, 60),
        periodId: "monthly-2026-11",
      };
      await rig.tell("payroll", employeeId, {
        type: "payroll.pay.estimated",
        data: { ...run, currency: "EUR", grossMinor: 1, overtimeSeconds: 0, because: "x" },
      });
      await rig.tell("payroll", employeeId, {
        type: "payroll.payslip.generated",
        data: {
          ...run,
          documentId: "d-1",
          sha256: "0".repeat(64),
          bytes: 1,
          netMinor: 1,
          currency: "EUR",
        },
      });
    }
    await eventually(async () => {
      expect(await rig.statuses(left)).toEqual([
        ["payslip-ready", "sent"],
        ["pay-estimated", "suppressed"],
        ["welcome", "sent"],
      ]);
      expect(await rig.statuses(erased)).toEqual([
        ["payslip-ready", "suppressed"],
        ["pay-estimated", "suppressed"],
        ["welcome", "sent"],
      ]);
      return true;
    });
    expect(rig.mailsTo(left).at(-1)?.text).not.toMatch(/EUR|0\.01/);
  });
});

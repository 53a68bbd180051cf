import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { EventStore } from "../../cloud/eventing/event-store.ts";
import { type DocumentStore, sha256Of } from "../../cloud/storage/document-store.ts";
import { eventually } from "../support/eventually.ts";
import { findNatsServer } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import { employee } from "../support/payroll-events.ts";
import { openPayrollWorld, type PayrollWorld } from "../support/payroll-world.ts";

const dead = (): PlatformError =>
  new PlatformError("stream.not-connected", "killed", { retriable: true });

/** Dies with the first append that it lets through: stored, and nobody hears of it. */
function storeThatDies(store: EventStore): EventStore & { readonly isDead: () => boolean } {
  let isDead = false;
  return {
    isDead: () => isDead,
    async load(address, afterSeq) {
      if (isDead) throw dead();
      return await store.load(address, afterSeq);
    },
    async append(appends, cause) {
      if (isDead) throw dead();
      isDead = true;
      await store.append(appends, cause);
      throw dead();
    },
  };
}

describe.skipIf(!available("nats-server", findNatsServer()))(
  "a pay run killed at every step",
  () => {
    let world: PayrollWorld;
    beforeAll(async () => {
      world = await openPayrollWorld();
    });
    afterAll(() => world[Symbol.asyncDispose]());

    /** Processes one after another, each killed after its first append, until `isDone`. */
    const liveAndDie = async (files: DocumentStore, isDone: () => Promise<boolean>) => {
      let lives = 0;
      for (; !(await isDone()); lives += 1) {
        expect(lives).toBeLessThan(30);
        const store = storeThatDies(world.store);
        const worker = await world.startWorker({ store, documents: files });
        await eventually(async () => store.isDead() || (await isDone()));
        await worker.close();
      }
      return lives;
    };

    test("names who is employed and has no account, rather than forget them", async () => {
      // Nobody works through the streams yet, so nobody has opened one.
      const lee = "e-lee";
      await world.append("employee", lee, employee.created({ employeeId: lee }));
      const terminated = { employeeId: lee, reason: "left", at: 1, lastDayOn: "2026-10-31" };
      const type = "employee.employee.terminated";
      await world.append("employee", lee, { type, data: terminated });
      const october = { payGroup: "monthly", period: "2026-10" };
      const { runId } = (await world.call("POST", "/payroll/runs", { body: october })).body;
      await eventually(async () => (await world.show(runId)).blockersTotal === 1);
      expect((await world.show(runId)).blockers).toMatchObject([
        { kind: "no-account", employeeId: lee },
      ]);
    });

    test("goes on where it was: nothing twice, nothing missing, the same bytes each time", async () => {
      const made = new Map<string, string[]>();
      const files: DocumentStore = {
        ...world.documents,
        async put(document) {
          const before = made.get(document.documentId) ?? [];
          made.set(document.documentId, [...before, sha256Of(document.bytes)]);
          return await world.documents.put(document);
        },
      };
      const first = await world.startWorker();
      const people = [
        await world.hire({ salaryMinor: 320_000, currency: "EUR" }),
        await world.hire({ salaryMinor: 250_000, currency: "EUR" }),
      ];
      for (const each of people) await world.giveBank(each);
      await first.close();

      const period = { payGroup: "monthly", period: "2026-11" };
      const { runId } = (await world.call("POST", "/payroll/runs", { body: period })).body;
      await world.call("POST", `/payroll/runs/${runId}/calculate`);
      await liveAndDie(files, async () => (await world.show(runId)).blockersTotal === 0);
      expect(await world.submit(runId)).toMatchObject({ status: 200 });
      await world.decide(runId, "approved", "boss");
      const lives = await liveAndDie(
        files,
        async () => (await world.show(runId)).status === "locked",
      );
      // The decision, two payments and the lock.
      expect(lives).toBeGreaterThanOrEqual(4);

      // And once more, alive, over everything again.
      const last = await world.startWorker({ documents: files });
      await eventually(() => last.consumers.every((each) => each.stats().pending === 0));
      await last.close();

      const types = (await world.events()).map(({ event }) => event.metadata.eventType);
      const count = (type: string): number => types.filter((each) => each === type).length;
      expect({
        salaries: count("payroll.salary.calculated"),
        taxes: count("payroll.tax.deducted"),
        payslips: count("payroll.payslip.generated"),
        approved: count("payroll.run.approved"),
        payments: count("payroll.payment.processed"),
        locks: count("payroll.period.locked"),
        adjustments: count("payroll.adjustment.recorded"),
      }).toEqual({
        salaries: 2,
        taxes: 2,
        payslips: 2,
        approved: 1,
        payments: 2,
        locks: 1,
        adjustments: 0,
      });
      expect([...made.values()].some((hashes) => hashes.length > 1)).toBe(true);
      for (const hashes of made.values()) expect(new Set(hashes).size).toBe(1);
    });
  },
);

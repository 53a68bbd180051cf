import { definitionOf } from "@clockleaf/shared/events/catalogue.ts";
import { eventSubject } from "@clockleaf/shared/subjects.ts";
import { expect, it } from "vitest";
import { person } from "../../test/support/people.ts";
import { tempDir } from "../../test/support/temp.ts";
import { openReadModel } from "../eventing/read-model.ts";
import { peopleProjection } from "./people-projection.ts";

const AT = 1_800_000_000_000;

/** The rows after these events; `hasKey` = the person's key still exists when they are read. */
async function rowsAfter(events: ReadonlyArray<readonly [string, object]>, hasKey: boolean) {
  using dir = tempDir("people-projection");
  const model = await openReadModel(dir.path, peopleProjection("acme"));
  for (const [index, [type, data]] of events.entries()) {
    const address = { domain: "employee", tenant: "acme", aggregateId: "e-1" } as const;
    const metadata = {
      eventId: "00000000-0000-8000-8000-000000000000",
      eventType: type,
      timestamp: AT,
      version: "1.0",
      source: "test",
      correlationId: null,
      causationId: null,
    };
    const read = hasKey ? data : { ...data, ...definitionOf(type).personal };
    const stored = {
      seq: index + 1,
      subject: eventSubject(address),
      event: { metadata, data: read },
      traceparent: undefined,
    };
    await model.writer.transaction().execute((tx) => model.projection.apply(tx, stored));
  }
  const rows = await model.db.selectFrom("notification_people").selectAll().execute();
  await model.close();
  return rows;
}

it("an erased person leaves what a rebuild without their key would, and nobody forgets the rest", async () => {
  const created = [
    "employee.employee.created",
    { ...person("e-1"), phone: "+4917012345678", locale: "de" },
  ] as const;
  const terminated = [
    "employee.employee.terminated",
    { employeeId: "e-1", reason: "", at: AT, lastDayOn: "2026-11-30" },
  ] as const;
  const erased = [
    "employee.person.erased",
    { employeeId: "e-1", requestedBy: "hr", at: AT },
  ] as const;
  const before = await rowsAfter([created, terminated], true);
  expect(before).toMatchObject([{ first_name: "Ada", locale: "de", standing: "left" }]);
  const events = [created, terminated, erased];
  const after = await rowsAfter(events, true);
  expect(after).toEqual(await rowsAfter(events, false));
  expect(JSON.stringify(after)).not.toMatch(/Ada|Example"|4917012345678|e-1@example/);
  expect(after).toMatchObject([{ standing: "erased", phone: null }]);
});

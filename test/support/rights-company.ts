import { createNkey } from "@clockleaf/shared/wire/nkey.ts";
import { gatewayAlarmsId, quarantineId } from "../../cloud/attendance/ids.ts";
import { paymentDocument, payslipDocument } from "../../cloud/payroll/ids.ts";
import { principalOf } from "./access.ts";
import { eventually } from "./eventually.ts";
import { attendance } from "./payroll-events.ts";
import { EVERYBODY, OBJECTS, type ObjectName, PLACES, type RightsWorld } from "./rights-world.ts";

/** The day on which everybody worked, and the one on which they are off. */
export const WORKED_ON = "2026-11-16";
export const OVERTIME_ON = "2026-09-14";
export const OFF_ON = "2026-10-19";
export const RUN = "monthly-2026-09-run-1";
export const WRITER = principalOf({ name: "setup", scopes: ["admin"], roles: ["hr"] });
/** The name of everybody whose rights are tried: whose own reports are meant by "own". */
export const CALLER_NAME = "matrix";

export const BADGES: Readonly<Record<ObjectName, string>> = {
  own: "number-101",
  scope: "number-102",
  foreign: "number-103",
  unknown: "number-199",
};

export type Ids = Readonly<Record<ObjectName, string>>;
export interface Company {
  readonly leave: Ids;
  /** To be cancelled. */
  readonly laterLeave: Ids;
  readonly requests: Ids;
  readonly corrections: Ids;
  readonly documents: Ids;
  readonly messages: Ids;
  readonly reports: Ids;
  /** An account and a key that were made over the API. */
  readonly userId: string;
  readonly keyId: string;
}

interface Listed {
  readonly requestId?: string;
  readonly about?: { readonly leaveId?: string };
  readonly notificationId?: string;
}

const KNOWN = ["own", "scope", "foreign"] as const;
type Known = (typeof KNOWN)[number];

const each = async (make: (object: Known, person: string) => Promise<string>): Promise<Ids> => {
  const ids: Record<ObjectName, string> = { own: "", scope: "", foreign: "", unknown: "no-such" };
  for (const object of KNOWN) ids[object] = await make(object, PLACES[object].person);
  return ids;
};

/** Somebody and something of every kind for each of the objects. */
export async function foundCompany(world: RightsWorld): Promise<Company> {
  const ask = async <B>(method: string, path: string, body?: object): Promise<B> => {
    const response = await world.call(WRITER, { method, path, body });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text === "" ? undefined : JSON.parse(text)) as B;
  };

  for (const place of EVERYBODY) await ask("POST", "/employees", personAt(place));
  for (const object of KNOWN) {
    const { person } = PLACES[object];
    await ask("POST", `/employees/${person}/badges`, { badge: BADGES[object] });
    for (const gateway of [`gw-${object}`, `spare-${object}`]) {
      const { publicKey } = createNkey();
      await ask("PUT", `/gateways/${PLACES[object].site}/${gateway}`, {
        publicKey,
        name: gateway,
        zone: "Europe/Berlin",
      });
    }
    await tellTime(world, object);
    const employeeId = PLACES[object].person;
    await ask("POST", `/quarantine/punch-${object}/resolve`, { employeeId, note: "x" });
    // In and never out: a real day with something to look at.
    const path = `/timesheets/${employeeId}/${WORKED_ON}`;
    await eventually(() => ask<{ exceptions: object[] }>("GET", path).then((d) => d.exceptions[0]));
  }
  await tellPay(world);

  const leaveOn = (policy: string, on: string) =>
    each(async (_object, employeeId) => {
      const body = { employeeId, policy, fromOn: on, toOn: on };
      // The account is made by what hears of the person.
      return await eventually(
        async () => (await ask<{ leaveId: string }>("POST", "/leave", body)).leaveId,
      );
    });
  const asked = await leaveOn("annual", "2027-03-15");
  const listed = async (path: string, of: (item: Listed) => string | undefined) =>
    await eventually(async () => {
      const { items } = await ask<{ items: Listed[] }>("GET", path);
      return items.map(of).find((id) => id !== undefined);
    });
  for (const { person } of EVERYBODY) {
    await eventually(
      async () =>
        (await world.call(WRITER, { method: "GET", path: `/payroll/accounts/${person}` })).ok,
    );
  }
  for (const { person } of KNOWN.map((object) => PLACES[object])) {
    await ask("POST", "/workflow/delegations", {
      employeeId: person,
      delegateId: "dot",
      kinds: ["leave"],
      until: "2099-01-01T00:00:00Z",
    });
  }
  const issued = await ask<{ apiKey: { keyId: string } }>("POST", "/api-keys", {
    name: "a-key",
    scopes: ["read"],
  });
  const user = await ask<{ userId: string }>("POST", "/users", { email: "u@example.org" });
  return {
    keyId: issued.apiKey.keyId,
    userId: user.userId,
    leave: await leaveOn("sick", OFF_ON),
    laterLeave: await leaveOn("sick", "2026-10-12"),
    requests: await each((object) =>
      listed("/workflow/requests?box=all&kind=leave&limit=500", ({ requestId, about }) =>
        about?.leaveId === asked[object] ? requestId : undefined,
      ),
    ),
    corrections: await each(async (object, employeeId) => {
      const change = { do: "add", at: `${OFF_ON}T08:00:00Z`, meaning: "in", site: "north" };
      const items = [{ employeeId, change }];
      const requestId = `correction-${object}`;
      await ask("POST", "/corrections", { requestId, items, reasonCode: "other", reason: "x" });
      return requestId;
    }),
    documents: await each(async (_object, person) => {
      const response = await world.call(WRITER, {
        method: "POST",
        path: `/documents?employeeId=${person}`,
        body: { note: "plain" },
        headers: { "content-type": "text/plain" },
      });
      return ((await response.json()) as { documentId: string }).documentId;
    }),
    messages: await each((_object, person) =>
      listed(`/notifications?employeeId=${person}`, ({ notificationId }) => notificationId),
    ),
    reports: await each(async (object) => {
      const name = object === "own" ? CALLER_NAME : WRITER.name;
      const body = {
        report: "overtime",
        format: "csv",
        fromOn: WORKED_ON,
        toOn: WORKED_ON,
      };
      const asking = { method: "POST", path: "/reports", body };
      const response = await world.call({ ...WRITER, name }, asking);
      return ((await response.json()) as { reportId: string }).reportId;
    }),
  };
}

const personAt = ({ person, manager, department, site }: (typeof EVERYBODY)[number]): object => ({
  employeeId: person,
  email: `${person}@example.org`,
  firstName: "Ada",
  lastName: person,
  departmentId: department,
  managerId: manager,
  jobTitle: "Fitter",
  startDate: "2026-01-01",
  employmentType: "full-time",
  siteIds: [site],
});

const AT = Date.parse(`${WORKED_ON}T08:00:00Z`);
const punchOf = (punchId: string, site: string): object => ({
  punchId,
  site,
  gateway: "gw",
  reader: "r1",
  badge: "number-1",
  time: { gatewayAtMs: AT, monotonicMs: 1, bootId: "b", uncertaintyMs: 0, deviceLocal: null },
  hint: null,
  pin: "not-asked",
  verdict: "known",
});

/** A day with overtime, punches of nobody, and an alarm. */
async function tellTime({ tell }: RightsWorld, object: Known): Promise<void> {
  const { person: employeeId, site } = PLACES[object];
  const zone = "Europe/Berlin";
  const day = attendance.workday(employeeId, OVERTIME_ON, { revision: 1, overtimeSeconds: 3_600 });
  await tell("attendance", employeeId, { type: day.type, data: day.data as object });
  for (const use of ["keep", "give", "drop", "punch"]) {
    const punchId = `${use}-${object}`;
    const reason = use === "give" ? "impossible-time" : "unknown-badge";
    // Where each was alone, so that what is counted by site tells who.
    const where = use === "punch" ? `at-${employeeId}` : site;
    const held = { punch: punchOf(punchId, where), reason, zone };
    await tell("attendance", quarantineId(punchId), {
      type: "attendance.punch.quarantined",
      data: held,
    });
  }
  const gateway = `gw-${object}`;
  await tell("attendance", gatewayAlarmsId({ tenant: "acme", site, gateway }), {
    type: "attendance.gateway.alarmed",
    data: {
      site,
      gateway,
      kind: "new-epoch",
      epoch: null,
      first: null,
      last: null,
      streamSeq: 1,
      detail: "x",
    },
  });
}

/** A run whose money is out, with its file and everybody's payslip. */
async function tellPay({ tell, documents }: RightsWorld): Promise<void> {
  const periodId = "monthly-2026-09";
  const days = { fromOn: "2026-09-01", toOn: "2026-09-30" };
  const run = { runId: RUN, periodId, payGroup: "monthly", ...days };
  await tell("payroll", RUN, {
    type: "payroll.run.opened",
    data: { ...run, payOn: "2026-09-30", currency: "EUR", by: "setup", people: null },
  });
  await tell("payroll", RUN, {
    type: "payroll.period.locked",
    data: { ...run, people: [], at: AT },
  });
  const bytes = new TextEncoder().encode("file");
  await documents.put({ documentId: paymentDocument(RUN, "sepa"), personId: null, bytes });
  for (const object of OBJECTS.filter((name) => name !== "unknown")) {
    const personId = PLACES[object].person;
    await documents.put({ documentId: payslipDocument(RUN, personId), personId, bytes });
  }
}

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { GUARD_KEY, isGuard } from "../../cloud/api/guard.ts";
import type { Principal } from "../../cloud/api/router.ts";
import type { Access } from "../../cloud/identity/access.ts";
import { namesOfKey } from "../../cloud/identity/key-grants.ts";
import { type Permission, ROLE_GRANTS, ROLES } from "../../cloud/identity/permissions.ts";
import type { Grant } from "../../cloud/identity/rights.ts";
import { eventually } from "../support/eventually.ts";
import { findNatsServer } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import { CALLER_NAME, type Company, foundCompany, RUN } from "../support/rights-company.ts";
import type { Can, Sample, Verdict } from "../support/rights-sample.ts";
import { SAMPLES } from "../support/rights-samples.ts";
import {
  EVERYBODY,
  OBJECTS,
  type ObjectName,
  openRightsWorld,
  PLACES,
  type RightsWorld,
} from "../support/rights-world.ts";

/** Every role as it comes, bound to a site, bound to a department, and for everywhere; and nobody at all. */
const GRANTS: ReadonlyArray<Grant | null> = [
  null,
  ...ROLES.flatMap((role): Grant[] => [
    { role },
    { role, sites: ["north"] },
    { role, departments: ["press"] },
    { role, everywhere: true },
  ]),
];

/** What only asks for permission to be oneself. */
const OPEN_TO_ALL = /^\/me(?:\/|$)/;

function callerOf(grant: Grant | null): Principal {
  const grants = grant === null ? [] : [grant];
  const scopes = ["read", "write", "admin"] as const;
  const roles = namesOfKey({ scopes, roles: [], grants });
  return { name: CALLER_NAME, employeeId: PLACES.own.person, scopes, roles, grants };
}

/** Paths are declared with `{id}` and mounted with `:id`. */
const keyOf = ({ method, path }: { readonly method: string; readonly path: string }): string =>
  `${method.toLowerCase()} ${path.replaceAll(/\{(\w+)\}/g, ":$1")}`;

/** The table of roles read once more, in as few words as it takes. Nothing of the code under test is called. */
function canOf(grant: Grant | null, object: ObjectName): Can {
  const place = PLACES[object];
  const kindOf = (permission: Permission) =>
    grant === null ? undefined : ROLE_GRANTS[grant.role][permission];
  const isAll = (permission: Permission): boolean =>
    kindOf(permission) === "all" || (kindOf(permission) === "scope" && grant?.everywhere === true);
  const isScope = (permission: Permission): boolean => kindOf(permission) === "scope";
  const atSite = grant?.sites?.includes(place.site) === true;
  const inDepartment = grant?.departments?.includes(place.department) === true;
  const isReport =
    grant?.sites === undefined && grant?.departments === undefined && place.manager === "mgr";
  return {
    some: (...all) => all.some((permission) => kindOf(permission) !== undefined),
    all: (...all) => all.some(isAll),
    person: (...all) =>
      all.some(
        (permission) =>
          isAll(permission) ||
          (kindOf(permission) === "self" && place.person === "mgr") ||
          (isScope(permission) && (atSite || inDepartment || isReport)),
      ),
    site: (...all) => all.some((one) => isAll(one) || (isScope(one) && atSite)),
    department: (...all) => all.some((one) => isAll(one) || (isScope(one) && inDepartment)),
  };
}

interface Answer {
  readonly status: number;
  /** Without what tells one request from another. */
  readonly body: string;
}

/** An endless answer is read until it says that there is nothing more for now. */
async function bodyOf(response: Response): Promise<string> {
  if (response.headers.get("content-type")?.startsWith("text/event-stream") !== true) {
    return (await response.text()).replace(/"traceId":"[0-9a-f]+"/, "");
  }
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.includes(": heartbeat")) break;
  }
  return text;
}

/** A refusal for rights alone; what a rule says about somebody who may ask is an answer like any other. */
const RIGHTS_CODES = /"code":"(?:api\.forbidden|workflow\.not-permitted)"/;

function verdictOf({ status, body }: Answer, isShown: boolean): Verdict | "fault" {
  if (status >= 500) return "fault";
  if (status === 403 && RIGHTS_CODES.test(body)) return "forbidden";
  if (status === 200 && RIGHTS_CODES.test(body)) return "forbidden"; // one result of several
  if (status === 404) return "absent";
  return isShown ? "allowed" : "absent";
}

describe.skipIf(!available("nats-server", findNatsServer()))("object-level rights", () => {
  let world: RightsWorld;
  let company: Company;
  beforeAll(async () => {
    world = await openRightsWorld();
    company = await foundCompany(world);
  }, 120_000);
  afterAll(() => world?.[Symbol.asyncDispose]());

  const routesOf = () =>
    world.routers.flatMap((router) =>
      router.openAPIRegistry.definitions.flatMap((each) =>
        each.type === "route" ? [each.route] : [],
      ),
    );

  test("every route says what it takes, and its guard runs", () => {
    const mounted = world.routers.flatMap(({ routes }) => routes);
    const guardedOnes = new Set(mounted.filter(({ handler }) => isGuard(handler)).map(keyOf));
    const forOneself = routesOf().filter(
      (route) => OPEN_TO_ALL.test(route.path) && Reflect.get(route, GUARD_KEY) === "oneself",
    );
    const open = new Set(forOneself.map(keyOf));
    // As mounted, not as declared: also what was mounted past the registry, and a guard that a spread removed.
    const all = [...new Set(mounted.map(keyOf))];
    expect(all.length).toBeGreaterThan(90);
    expect(all.filter((key) => !guardedOnes.has(key) && !open.has(key))).toEqual([]);
    // What is documented is what runs.
    const documented = routesOf().filter((route) => Reflect.get(route, GUARD_KEY) !== undefined);
    expect(documented.map(keyOf).toSorted()).toEqual(all.toSorted());
  });

  test("every route has a sample, and every sample a route", () => {
    const ids = routesOf().map(({ operationId }) => operationId ?? "");
    expect(ids.toSorted()).toEqual(Object.keys(SAMPLES).toSorted());
  });

  const entriesOf = async (type: string): Promise<readonly { actor?: string }[]> => {
    const path = `/audit/entries?type=${type}`;
    const response = await world.call(callerOf({ role: "auditor" }), { method: "GET", path });
    return ((await response.json()) as { items: { actor?: string }[] }).items;
  };

  async function answered(
    caller: Principal,
    sample: Sample,
    { object, access }: { readonly object: ObjectName; readonly access: Access },
  ) {
    const response = await world.call(caller, sample.ask(object, company), access);
    const answer = { status: response.status, body: await bodyOf(response) };
    const isShown = sample.shows?.(answer.body, object, company) ?? true;
    return { answer, verdict: verdictOf(answer, isShown) };
  }

  /** What is wrong with the cells of one grant and one operation. */
  async function row(
    grant: Grant | null,
    operation: string,
    access: Access = world.access,
  ): Promise<string[]> {
    const sample = SAMPLES[operation];
    if (sample === undefined) return [`${operation} has no sample`];
    const wrong: string[] = [];
    const caller = callerOf(grant);
    const answers = new Map<ObjectName, Answer>();
    for (const object of OBJECTS) {
      const { verdict, answer } = await answered(caller, sample, { object, access });
      answers.set(object, answer);
      const expected = sample.expect(canOf(grant, object), object);
      // Whoever may do it for everybody learns from the route itself that there is no such thing.
      const isRight =
        verdict === expected ||
        (object === "unknown" && expected === "allowed" && verdict === "absent");
      if (isRight) continue;
      const where = `${operation} × ${JSON.stringify(grant)} × ${object}`;
      const { status, body } = answer;
      wrong.push(`${where}: ${verdict} (${status}), not ${expected}: ${body.slice(0, 160)}`);
    }
    const [foreign, unknown] = [answers.get("foreign"), answers.get("unknown")];
    if (foreign?.status === 404 && JSON.stringify(foreign) !== JSON.stringify(unknown)) {
      wrong.push(`${operation} × ${JSON.stringify(grant)}: foreign and unknown can be told apart`);
    }
    return wrong;
  }

  test("role × route × object: every cell is as the table of roles says", async () => {
    const wrong: string[] = [];
    const jobs = Object.keys(SAMPLES).flatMap((operation) =>
      GRANTS.map((grant) => ({ grant, operation })),
    );
    const cells = jobs.length * OBJECTS.length;
    const work = async (): Promise<void> => {
      for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) {
        wrong.push(...(await row(job.grant, job.operation)));
      }
    };
    await Promise.all(Array.from({ length: 8 }, work));
    process.stdout.write(`rights matrix: ${cells} cells\n`);
    expect(wrong).toEqual([]);
  }, 900_000);

  test("a guard that ignores how far rights reach is found out", async () => {
    const planted: Access = {
      ...world.access,
      rights: (holder, permissions) => ({
        ...world.access.rights(holder, permissions),
        coversPerson: async () => true,
      }),
    };
    const wrong = await row({ role: "supervisor" }, "showTimesheet", planted);
    expect(wrong).toEqual([
      expect.stringContaining("own: allowed (200), not absent"),
      expect.stringContaining("foreign: allowed (200), not absent"),
    ]);
  });

  test("a pay run is approved by pay.approve and by nothing that is about time", async () => {
    const requestId = "pay-run-request";
    const about = { kind: "pay-run", runId: RUN, periodId: "monthly-2026-09" };
    const approvers = [{ kind: "role", role: "nobody-has-this" }];
    const step = { approvers, dueAt: null, dueAfterMs: null, escalateTo: [] };
    const opened = { requestId, about, requestedBy: "x", summary: "x", steps: [step], at: 1 };
    await world.tell("workflow", requestId, { type: "workflow.request.opened", data: opened });
    const asked = { method: "POST", path: `/workflow/requests/${requestId}/approve`, body: {} };
    for (const grant of GRANTS) {
      const can = canOf(grant, "own");
      const mayAtAll = can.some("time.approve", "pay.approve");
      const sees = can.all("pay.read")
        ? can.all("pay.approve")
          ? "allowed"
          : "forbidden"
        : "absent";
      const response = await world.call(callerOf(grant), asked);
      const answer = { status: response.status, body: await bodyOf(response) };
      const expected = mayAtAll ? sees : "forbidden";
      expect([grant, verdictOf(answer, true)]).toEqual([grant, expected]);
    }
  });

  test("the audit log names who asked, and nobody for what followed by itself", async () => {
    const asked = await eventually(async () => {
      const found = await entriesOf("employee.employee.created");
      return found.length === EVERYBODY.length ? found : undefined;
    });
    expect(new Set(asked.map(({ actor }) => actor))).toEqual(new Set(["setup"]));
    const followed = await entriesOf("leave.account.created");
    expect(followed.length).toBeGreaterThan(0);
    expect(followed.filter(({ actor }) => actor !== undefined)).toEqual([]);
  });
});

import { guardOf } from "../../api/guard.ts";
import { problem, refused } from "../../api/problem.ts";
import { type ApiRouter, causeOf, newIdFor } from "../../api/router.ts";
import { type Refusal, refuse } from "../../eventing/decider.ts";
import type { EventStore } from "../../eventing/event-store.ts";
import type { ClockWriter } from "../clock-writer.ts";
import { SOURCE } from "../runners.ts";
import { dayView, iso } from "../views.ts";
import { revisionsOf } from "./revisions.ts";
import { revisionsRoute, verifyRoute } from "./route-definitions.ts";

export interface TimesheetRoutesDeps {
  readonly tenant: string;
  readonly eventStore: EventStore;
  readonly clocks: Pick<ClockWriter, "tell">;
  readonly isEmployee: (employeeId: string) => Promise<boolean>;
  readonly nowMs: () => number;
}

export function mountTimesheetHistory(router: ApiRouter, deps: TimesheetRoutesDeps): void {
  const { clocks, isEmployee, nowMs } = deps;
  router.openapi(revisionsRoute, async (c) => {
    const { employeeId, date } = c.req.valid("param");
    const { limit, before = Number.POSITIVE_INFINITY } = c.req.valid("query");
    const all = await revisionsOf(deps, employeeId, date);
    if (all.length === 0) return problem(c, { code: "command.not-found" });
    const items = all
      .filter(({ revision }) => revision < before)
      .slice(0, limit)
      .map(({ revision, toldAt, eventId, causationId, correlationId, workday }) => ({
        revision,
        toldAt: iso(toldAt),
        eventId,
        causationId,
        correlationId,
        day: dayView({ employeeId, workday }, nowMs()),
      }));
    return c.json({ items }, 200);
  });

  router.openapi(verifyRoute, async (c) => {
    const { employeeId } = c.req.valid("param");
    const { fromOn, toOn, level } = c.req.valid("json");
    if (!(await isEmployee(employeeId))) return problem(c, { code: "command.not-found" });
    const principal = c.get("principal");
    const mayApprove = await guardOf(c, "time.approve").coversPerson(employeeId);
    const no = refusalFor({ level, isSelf: principal.employeeId === employeeId, mayApprove });
    if (no !== undefined) return refused(c, no);
    const verificationId = newIdFor(c, "verification");
    const at = nowMs();
    const verification = {
      kind: "verification",
      verificationId,
      decidedAt: at,
      fromOn,
      toOn,
      level,
    } as const;
    const data = { employeeId, verification, by: principal.name };
    const told = { type: "attendance.timesheet.verified", data } as const;
    await clocks.tell(new Map([[employeeId, [told]]]), causeOf(c, SOURCE, at));
    const result = { verificationId, employeeId, fromOn, toOn, level, by: principal.name };
    return c.json({ ...result, at: iso(at) }, 200);
  });
}

/** People confirm their own days; whoever confirms those of others may approve time of theirs. */
function refusalFor(of: {
  readonly level: "employee" | "superior";
  readonly isSelf: boolean;
  readonly mayApprove: boolean;
}): Refusal | undefined {
  const { level, isSelf, mayApprove } = of;
  if (level === "employee") {
    return isSelf
      ? undefined
      : refuse("timesheet.not-yours", "these are the days of somebody else");
  }
  if (isSelf) return refuse("timesheet.not-yours", "nobody is their own superior");
  if (mayApprove) return undefined;
  return refuse("timesheet.not-yours", "this is for who may approve their time");
}

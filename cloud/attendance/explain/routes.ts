import type { Rules } from "@clockleaf/shared/worktime/rules.ts";
import { problem } from "../../api/problem.ts";
import type { ApiRouter } from "../../api/router.ts";
import type { Runners } from "../runners.ts";
import { explain } from "./explain.ts";
import { explainRoute } from "./route-definitions.ts";
import { explanationView } from "./views.ts";

export interface ExplainRoutesDeps {
  readonly runners: Pick<Runners, "clocks">;
  readonly rulesOf: (employeeId: string) => Promise<Rules>;
  readonly isEmployee: (employeeId: string) => Promise<boolean>;
  readonly nowMs: () => number;
}

export function mountExplain(router: ApiRouter, deps: ExplainRoutesDeps): void {
  const { runners, rulesOf, isEmployee, nowMs } = deps;
  router.openapi(explainRoute, async (c) => {
    const { employeeId, date } = c.req.valid("param");
    if (!(await isEmployee(employeeId))) return problem(c, { code: "command.not-found" });
    const { state } = await runners.clocks.state(employeeId);
    const explained = explain(employeeId, date, { state, rules: await rulesOf(employeeId) });
    return c.json(explanationView(explained, nowMs()), 200);
  });
}

import { type ToldAggregate, tellsState } from "../eventing/told-aggregate.ts";
import { badgeDecider } from "./badge-decider.ts";
import { personDecider } from "./decider.ts";

/** What the audit log tells of EMPLOYEE. */
export const EMPLOYEE_TOLD: readonly ToldAggregate[] = [
  tellsState({
    kind: "person",
    decider: personDecider,
    types: [
      "employee.employee.created",
      "employee.employee.updated",
      "employee.employee.deactivated",
      "employee.employee.activated",
      "employee.employee.suspended",
      "employee.employee.reactivated",
      "employee.employee.terminated",
      "employee.department.changed",
      "employee.manager.changed",
      "employee.leave.started",
      "employee.leave.ended",
      "employee.probation.started",
      "employee.probation.completed",
      "employee.person.erased",
    ],
  }),
  tellsState({
    kind: "badge",
    decider: badgeDecider,
    types: ["employee.badge.assigned", "employee.badge.withdrawn"],
  }),
];

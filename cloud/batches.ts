import type { BatchSpec } from "./api/batch.ts";

/** Which requests may come many at once, by the resource they are about. */
export const BATCHES: readonly BatchSpec[] = [
  {
    path: "/employees:batch",
    operationId: "changeEmployees",
    summary: "Enter and change many people, and give and take their badges",
    tag: "employees",
    permission: "people.write",
    operations: {
      create: { method: "POST", path: "/employees", idField: "employeeId" },
      change: { method: "PATCH", path: "/employees/{target}", idField: "employeeId" },
      "assign-badge": { method: "POST", path: "/employees/{target}/badges", idField: "employeeId" },
    },
  },
  {
    path: "/corrections:batch",
    operationId: "requestManyCorrections",
    summary: "Ask for many corrections, each decided by itself",
    tag: "corrections",
    permission: "time.correct",
    operations: {
      request: { method: "POST", path: "/corrections", idField: "requestId" },
    },
  },
  {
    path: "/leave:batch",
    operationId: "adjustLeaveAccounts",
    summary: "Post lines to many leave accounts, such as opening balances",
    tag: "leave",
    permission: "leave.adjust",
    movesMoney: true,
    operations: {
      adjust: {
        method: "POST",
        path: "/leave/accounts/{target}/adjust",
        idField: "employeeId",
      },
    },
  },
];

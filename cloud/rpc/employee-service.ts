import { create } from "@bufbuild/protobuf";
import type { HandlerContext, ServiceImpl } from "@connectrpc/connect";
import { z } from "zod";
import type { ApiRequest } from "../api/in-process.ts";
import type { ApiCaller } from "./api-caller.ts";
import {
  type Employee,
  EmployeeSchema,
  type EmployeeService,
  type UpdateEmployeeRequest,
} from "./gen/clockleaf/v1/employee_pb.js";

const personSchema = z.object({
  employeeId: z.string(),
  email: z.string(),
  firstName: z.string(),
  lastName: z.string(),
  departmentId: z.string(),
  managerId: z.string().nullable(),
  jobTitle: z.string(),
  startDate: z.string(),
  employmentType: z.string(),
  status: z.string(),
  siteIds: z.array(z.string()),
  version: z.int(),
  badges: z.array(z.object({ badge: z.string(), validTo: z.string().nullable() })),
});
const pageSchema = z.object({ items: z.array(personSchema), next: z.string().nullable() });

export function employeeService(api: ApiCaller): ServiceImpl<typeof EmployeeService> {
  const person = async (context: HandlerContext, request: ApiRequest) => ({
    employee: employeeOf(await api.json(context, request, personSchema)),
  });
  return {
    async listEmployees({ pageSize, pageToken, search, site, departmentId }, context) {
      const limit = pageSize === 0 ? undefined : pageSize;
      const query = { limit, cursor: pageToken, search, site, department: departmentId };
      const page = await api.json(
        context,
        { method: "GET", path: "/employees", query },
        pageSchema,
      );
      return { employees: page.items.map(employeeOf), nextPageToken: page.next ?? "" };
    },
    getEmployee: ({ employeeId }, context) =>
      person(context, { method: "GET", path: pathOf(employeeId) }),
    createEmployee({ employee = create(EmployeeSchema), idempotencyKey }, context) {
      const { $typeName: _, version: __, status: ___, badges: ____, ...fields } = employee;
      const { employeeId, managerId } = fields;
      const body = {
        ...fields,
        employeeId: employeeId === "" ? undefined : employeeId,
        managerId: managerId === "" ? null : managerId,
      };
      const headers: Record<string, string> = {};
      if (idempotencyKey !== "") headers["idempotency-key"] = idempotencyKey;
      return person(context, { method: "POST", path: "/employees", body, headers });
    },
    updateEmployee(request, context) {
      const headers = { "if-match": `"${request.version}"` };
      const path = pathOf(request.employeeId);
      return person(context, { method: "PATCH", path, body: patchOf(request), headers });
    },
  };
}

const pathOf = (employeeId: string): string => `/employees/${encodeURIComponent(employeeId)}`;

/** What is not set stays out of the patch, and so as it is. */
function patchOf(request: UpdateEmployeeRequest): object {
  const { $typeName: _, employeeId: __, version: ___, siteIds, managerId, ...fields } = request;
  return {
    ...fields,
    ...(managerId === undefined ? {} : { managerId: managerId === "" ? null : managerId }),
    ...(siteIds.length === 0 ? {} : { siteIds }),
  };
}

function employeeOf({
  badges,
  managerId,
  version,
  ...person
}: z.output<typeof personSchema>): Employee {
  return create(EmployeeSchema, {
    ...person,
    managerId: managerId ?? "",
    version: BigInt(version),
    badges: badges.filter(({ validTo }) => validTo === null).map(({ badge }) => badge),
  });
}

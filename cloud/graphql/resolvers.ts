import { z } from "zod";
import { readEventStream } from "../api/event-stream.ts";
import type { GraphContext } from "./context.ts";
import {
  exceptionSchema,
  leaveSchema,
  meaningEventSchema,
  pageOf,
  payslipSchema,
  personSchema,
  presenceSchema,
  workdaySchema,
} from "./views.ts";

interface Paged {
  readonly first: number;
  readonly after?: string | null;
}
interface Between {
  readonly first: number;
  readonly from?: string | null;
  readonly to?: string | null;
}
interface OfPerson {
  readonly employeeId: string;
}

/** Arguments that were left out or are null stay out of the query. */
const given = (query: Readonly<Record<string, string | number | null | undefined>>) =>
  Object.fromEntries(Object.entries(query).map(([name, value]) => [name, value ?? undefined]));

/** What a punch makes of somebody. A transfer, or a meaning taken back, changes nothing that is told here. */
const STATES: Readonly<Record<string, string>> = {
  "attendance.check-in.recorded": "in",
  "attendance.check-out.recorded": "out",
  "attendance.break.started": "break",
  "attendance.break.ended": "in",
};

const personPath = (employeeId: string): string => `/employees/${encodeURIComponent(employeeId)}`;
const workdayPath = (employeeId: string, date: string): string =>
  `/timesheets/${encodeURIComponent(employeeId)}/${encodeURIComponent(date)}`;
const payslipsOf = async (employeeId: string, context: GraphContext) => {
  const path = `/payroll/people/${encodeURIComponent(employeeId)}/payslips`;
  return (await context.get(path, undefined, z.object({ items: z.array(payslipSchema) }))).items;
};

/** The person behind anything that names one. */
const person = ({ employeeId }: OfPerson, _args: object, context: GraphContext) =>
  context.person(employeeId);

const Query = {
  people: (
    _root: unknown,
    { first, after, departmentId, ...rest }: Paged & Record<string, string | null>,
    context: GraphContext,
  ) =>
    context.get(
      "/employees",
      given({ ...rest, limit: first, cursor: after, department: departmentId }),
      pageOf(personSchema),
    ),
  person: (_root: unknown, { employeeId }: OfPerson, context: GraphContext) =>
    context.person(employeeId),
  workday: (
    _root: unknown,
    { employeeId, date }: OfPerson & { readonly date: string },
    context: GraphContext,
  ) => context.find(workdayPath(employeeId, date), workdaySchema),
  presence: (_root: unknown, { first, after }: Paged, context: GraphContext) =>
    context.get("/presence", given({ limit: first, cursor: after }), pageOf(presenceSchema)),
  exceptions: (
    _root: unknown,
    { first, after, ...rest }: Paged & Record<string, string | null>,
    context: GraphContext,
  ) =>
    context.get(
      "/exceptions",
      given({ ...rest, limit: first, cursor: after }),
      pageOf(exceptionSchema),
    ),
};

const Person = {
  __resolveReference: ({ employeeId }: OfPerson, context: GraphContext) =>
    context.find(personPath(employeeId), personSchema),
  manager: (
    { managerId }: { readonly managerId: string | null },
    _args: object,
    context: GraphContext,
  ) => (managerId === null ? null : context.person(managerId)),
  workdays: async (
    { employeeId }: OfPerson,
    { first, from, to }: Between,
    context: GraphContext,
  ) => {
    const query = given({ employeeId, from, to, limit: first });
    return (await context.get("/timesheets", query, pageOf(workdaySchema))).items;
  },
  exceptions: async (
    { employeeId }: OfPerson,
    { first, from, to }: Between,
    context: GraphContext,
  ) => {
    const query = given({ employeeId, from, to, limit: first });
    return (await context.get("/exceptions", query, pageOf(exceptionSchema))).items;
  },
  leave: async ({ employeeId }: OfPerson, { first, from, to }: Between, context: GraphContext) => {
    const query = given({ employeeId, from, to, limit: first });
    return (await context.get("/leave", query, pageOf(leaveSchema))).items;
  },
  payslips: async ({ employeeId }: OfPerson, { first }: Between, context: GraphContext) =>
    (await payslipsOf(employeeId, context)).slice(0, first),
};

const Workday = {
  __resolveReference: (
    { employeeId, date }: OfPerson & { readonly date: string },
    context: GraphContext,
  ) => context.find(workdayPath(employeeId, date), workdaySchema),
  person,
};

const Payslip = {
  async __resolveReference(
    { employeeId, runId }: OfPerson & { readonly runId: string },
    context: GraphContext,
  ) {
    const found = await payslipsOf(employeeId, context);
    return found.find((payslip) => payslip.runId === runId) ?? null;
  },
};

const Subscription = {
  presence: {
    async *subscribe(
      _root: unknown,
      { site }: { readonly site?: string | null },
      context: GraphContext,
    ) {
      const query = given({ types: Object.keys(STATES).join(","), site });
      for await (const { data } of readEventStream(await context.follow(query))) {
        if (data === "" || data === "{}") continue;
        const event = meaningEventSchema.parse(JSON.parse(data));
        const { employeeId, at, site: where } = event.data;
        const state = STATES[event.metadata.eventType];
        yield { presence: { employeeId, state, at: new Date(at).toISOString(), site: where } };
      }
    },
  },
};

export const resolvers = {
  Query,
  Subscription,
  Person,
  Workday,
  Payslip,
  Exception: { person },
  Presence: { person },
  PresenceChange: { person },
};

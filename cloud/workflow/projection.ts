import type { Decided } from "@clockleaf/shared/events/envelope.ts";
import type { About, WorkflowEvent } from "@clockleaf/shared/events/workflow.ts";
import { domainSubjects, parseEventSubject, STREAMS } from "@clockleaf/shared/subjects.ts";
import type { Kysely, Transaction } from "kysely";
import { decidedAs } from "../eventing/decided-as.ts";
import type { StoredEvent } from "../eventing/event-store.ts";
import type { Projection } from "../eventing/projection.ts";
import { subjectOf } from "./asks.ts";
import {
  approversOf,
  peopleIn,
  type Request,
  type RequestEvent,
  requestDecider,
} from "./decider.ts";

/** Instants are UTC milliseconds, `…_seq` are stream sequences. */
export interface WorkflowDb {
  requests: {
    request_id: string;
    kind: About["kind"];
    status: Request["status"];
    requested_by: string;
    requester_id: string | null;
    subject: string;
    /** Sequence of the asking event in its own stream. */
    asked_seq: number;
    opened_seq: number;
    version: number;
    due_at: number | null;
    /** The whole {@link Request}. */
    json: string;
  };
  /** Who has to do with a request, and as what. */
  request_parties: { request_id: string; part: Part; id: string };
  delegations: {
    employee_id: string;
    delegate_id: string;
    kind: About["kind"];
    from_at: number;
    until_at: number;
    set_by: string;
    /** Of all delegations of the person: their aggregate's last event. */
    version: number;
  };
}

/** `approver` and `role` may decide the current step, `subject` is whom it is about, the rest has decided a step. */
export type Part = "approver" | "role" | "subject" | "decided-as" | "decided-for";

/** Requests for approval with their history, and who stands in for whom. */
export function workflowProjection(tenant: string): Projection<WorkflowDb> {
  return {
    name: "workflow",
    version: 2,
    stream: STREAMS.workflow,
    filterSubjects: [domainSubjects("workflow")],
    migrate,
    async apply(tx, stored) {
      if (parseEventSubject(stored.subject)?.tenant === tenant) await apply(tx, stored);
    },
  };
}

async function migrate(db: Kysely<WorkflowDb>): Promise<void> {
  const { schema } = db;
  await schema
    .createTable("requests")
    .addColumn("request_id", "text", (column) => column.primaryKey())
    .addColumn("kind", "text", (column) => column.notNull())
    .addColumn("status", "text", (column) => column.notNull())
    .addColumn("requested_by", "text", (column) => column.notNull())
    .addColumn("requester_id", "text")
    .addColumn("subject", "text", (column) => column.notNull())
    .addColumn("asked_seq", "bigint", (column) => column.notNull())
    .addColumn("opened_seq", "bigint", (column) => column.notNull().unique())
    .addColumn("version", "bigint", (column) => column.notNull())
    .addColumn("due_at", "bigint")
    .addColumn("json", "text", (column) => column.notNull())
    .execute();
  await schema.createIndex("requests_by_subject").on("requests").column("subject").execute();
  await schema.createIndex("requests_by_due").on("requests").column("due_at").execute();
  await schema
    .createTable("request_parties")
    .addColumn("request_id", "text", (column) => column.notNull())
    .addColumn("part", "text", (column) => column.notNull())
    .addColumn("id", "text", (column) => column.notNull())
    .addPrimaryKeyConstraint("request_parties_key", ["request_id", "part", "id"])
    .execute();
  await schema
    .createIndex("request_parties_by_id")
    .on("request_parties")
    .columns(["part", "id"])
    .execute();
  await schema
    .createTable("delegations")
    .addColumn("employee_id", "text", (column) => column.notNull())
    .addColumn("delegate_id", "text", (column) => column.notNull())
    .addColumn("kind", "text", (column) => column.notNull())
    .addColumn("from_at", "bigint", (column) => column.notNull())
    .addColumn("until_at", "bigint", (column) => column.notNull())
    .addColumn("set_by", "text", (column) => column.notNull())
    .addColumn("version", "bigint", (column) => column.notNull())
    .addPrimaryKeyConstraint("delegations_key", ["employee_id", "delegate_id", "kind"])
    .execute();
}

type Tx = Transaction<WorkflowDb>;

async function apply(tx: Tx, stored: StoredEvent): Promise<void> {
  const event = decidedAs<WorkflowEvent>(stored);
  switch (event.type) {
    case "workflow.delegation.set":
    case "workflow.delegation.ended":
      return putDelegation(tx, event, stored.seq);
    default:
      return putRequest(tx, event, stored.seq);
  }
}

async function putDelegation(
  tx: Tx,
  { type, data }: Extract<Decided<WorkflowEvent>, { data: { delegateId: string } }>,
  version: number,
): Promise<void> {
  const { employeeId: employee_id, delegateId: delegate_id } = data;
  await tx
    .deleteFrom("delegations")
    .where("employee_id", "=", employee_id)
    .where("delegate_id", "=", delegate_id)
    .execute();
  await tx
    .updateTable("delegations")
    .set({ version })
    .where("employee_id", "=", employee_id)
    .execute();
  if (type === "workflow.delegation.ended") return;
  const { fromAt: from_at, untilAt: until_at, by: set_by } = data;
  const rows = [...new Set(data.kinds)].map((kind) => ({
    employee_id,
    delegate_id,
    kind,
    from_at,
    until_at,
    set_by,
    version,
  }));
  await tx.insertInto("delegations").values(rows).execute();
}

async function putRequest(tx: Tx, event: Decided<RequestEvent>, seq: number): Promise<void> {
  const { requestId: request_id } = event.data;
  const before = await tx
    .selectFrom("requests")
    .select("json")
    .where("request_id", "=", request_id)
    .executeTakeFirst();
  const request = requestDecider.evolve(
    before === undefined ? null : requestOf(before.json),
    event,
  );
  if (request === null) return;
  const { opened, status, dueAt: due_at } = request;
  const row = { status, version: seq, due_at, json: JSON.stringify(request) };
  await tx
    .insertInto("requests")
    .values({
      request_id,
      kind: opened.about.kind,
      requested_by: opened.requestedBy,
      requester_id: opened.requesterId,
      subject: subjectOf(opened.about),
      asked_seq: opened.askedSeq,
      opened_seq: seq,
      ...row,
    })
    .onConflict((key) => key.column("request_id").doUpdateSet(row))
    .execute();
  await tx.deleteFrom("request_parties").where("request_id", "=", request_id).execute();
  const parties = partiesOf(request);
  for (let at = 0; at < parties.length; at += ROWS_AT_ONCE) {
    const rows = parties
      .slice(at, at + ROWS_AT_ONCE)
      .map(({ part, id }) => ({ request_id, part, id }));
    await tx.insertInto("request_parties").values(rows).execute();
  }
}

/** Few enough parameters for every SQL server. */
const ROWS_AT_ONCE = 100;

function partiesOf(request: Request): ReadonlyArray<{ part: Part; id: string }> {
  const parties = [
    ...approversOf(request).map((each) =>
      each.kind === "role"
        ? ({ part: "role", id: each.role } as const)
        : ({ part: "approver", id: each.employeeId } as const),
    ),
    ...peopleIn(request.opened.about).map((id) => ({ part: "subject", id }) as const),
    ...request.decisions.flatMap(({ by, byEmployeeId, onBehalfOf }) => [
      { part: "decided-as", id: by } as const,
      ...[byEmployeeId, onBehalfOf]
        .filter((id) => id !== null)
        .map((id) => ({ part: "decided-for", id }) as const),
    ]),
  ];
  return [...new Map(parties.map((party) => [`${party.part}/${party.id}`, party])).values()];
}

/** Reads back what `putRequest` wrote: a state of our own making. */
export function requestOf(json: string): Request {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return JSON.parse(json) as Request;
}

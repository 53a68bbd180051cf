import type { About } from "@clockleaf/shared/events/workflow.ts";
import type { ExpressionBuilder, Kysely } from "kysely";
import type { Visible } from "../identity/access.ts";
import { aboutVisible } from "../identity/visible.ts";
import type { Request } from "./decider.ts";
import { type Part, requestOf, type WorkflowDb } from "./projection.ts";

export type Db = Kysely<WorkflowDb>;

export interface RequestRecord {
  readonly request: Request;
  readonly openedSeq: number;
  /** Stream sequence of its last event. */
  readonly version: number;
}

/** Whose inbox is looked at. */
export interface Viewer {
  readonly name: string;
  readonly employeeId: string | null;
  readonly roles: readonly string[];
}

export interface RequestQuery {
  /** `to-decide` = what the viewer may decide now; `opened` = what the viewer asked for. */
  readonly box: "to-decide" | "opened" | "all";
  readonly viewer: Viewer;
  /** What the viewer may see besides what they have to do with. */
  readonly seen: SeenRequests;
  /** What the viewer may decide if it is their turn. */
  readonly decides: ReadonlyArray<About["kind"]>;
  readonly kind?: About["kind"] | undefined;
  readonly status?: Request["status"] | undefined;
  /** About this person. */
  readonly employeeId?: string | undefined;
  /** Opened before the request of this sequence. */
  readonly before?: number | undefined;
  readonly limit: number;
  readonly nowMs: number;
}

export interface SeenRequests {
  readonly time: Visible;
  readonly leave: Visible;
  readonly isPaySeen: boolean;
}

/** The newest first. */
export async function requests(db: Db, query: RequestQuery): Promise<RequestRecord[]> {
  const { box, kind, status, employeeId, before, limit } = query;
  let rows = db.selectFrom("requests").select(["json", "opened_seq", "version"]);
  if (kind !== undefined) rows = rows.where("kind", "=", kind);
  if (status !== undefined) rows = rows.where("status", "=", status);
  if (before !== undefined) rows = rows.where("opened_seq", "<", before);
  if (employeeId !== undefined) {
    rows = rows.where((eb) => isParty(eb, { parts: ["subject"], ids: [employeeId] }));
  }
  if (box === "opened") rows = rows.where((eb) => isRequester(eb, query.viewer));
  if (box === "all")
    rows = rows.where((eb) => eb.or([isSeen(eb, query.seen), concerns(eb, query)]));
  if (box === "to-decide") rows = rows.where((eb) => mayDecide(eb, query));
  const found = await rows.orderBy("opened_seq", "desc").limit(limit).execute();
  return found.map(recordOf);
}

type Builder = ExpressionBuilder<WorkflowDb, "requests">;

/** As `coversAbout` says of one. */
function isSeen(eb: Builder, { time, leave, isPaySeen }: SeenRequests) {
  const allOf = (visible: Visible) =>
    visible.kind === "all"
      ? eb.lit(true)
      : eb(
          "request_id",
          "not in",
          eb
            .selectFrom("request_parties")
            .select("request_parties.request_id")
            .where("part", "=", "subject")
            .where((party) => party.not(aboutVisible(visible, "id"))),
        );
  return eb.or([
    eb.and([eb("kind", "in", ["overtime", "correction"]), allOf(time)]),
    eb.and([eb("kind", "=", "leave"), allOf(leave)]),
    ...(isPaySeen ? [eb("kind", "=", "pay-run")] : []),
  ]);
}

/** As `isParty` says of one. */
function concerns(eb: Builder, { viewer, nowMs }: RequestQuery) {
  const { employeeId, name, roles } = viewer;
  const own = employeeId === null ? [] : [employeeId];
  return eb.or([
    isRequester(eb, viewer),
    isParty(eb, { parts: ["role"], ids: roles }),
    isParty(eb, { parts: ["approver", "subject", "decided-for"], ids: own }),
    isParty(eb, { parts: ["decided-as"], ids: [name] }),
    ...own.map((id) => standsIn(eb, id, nowMs)),
  ]);
}

/** The rules of the decider as a query; whether a decision is taken is for the decider alone. */
function mayDecide(eb: Builder, { viewer, decides, nowMs }: RequestQuery) {
  if (decides.length === 0) return eb.lit(false);
  const { employeeId, name, roles } = viewer;
  const own = employeeId === null ? [] : [employeeId];
  return eb.and([
    eb("status", "=", "pending"),
    eb("kind", "in", [...decides]),
    eb.or([
      isParty(eb, { parts: ["role"], ids: roles }),
      isParty(eb, { parts: ["approver"], ids: own }),
      ...own.map((id) => standsIn(eb, id, nowMs)),
    ]),
    eb.not(isRequester(eb, viewer)),
    eb.not(isParty(eb, { parts: ["subject", "decided-for"], ids: own })),
    eb.not(isParty(eb, { parts: ["decided-as"], ids: [name] })),
  ]);
}

function isRequester(eb: Builder, { name, employeeId }: Viewer) {
  const byName = eb("requested_by", "=", name);
  if (employeeId === null) return byName;
  // `requester_id` may be null, and null = x is neither true nor false, nor is its opposite.
  const byPerson = eb(eb.fn.coalesce("requester_id", eb.val("")), "=", employeeId);
  return eb.or([byName, byPerson, eb("requested_by", "=", employeeId)]);
}

function isParty(
  eb: Builder,
  { parts, ids }: { readonly parts: readonly Part[]; readonly ids: readonly string[] },
) {
  if (ids.length === 0) return eb.lit(false);
  return eb(
    "request_id",
    "in",
    eb
      .selectFrom("request_parties")
      .select("request_parties.request_id")
      .where("part", "in", [...parts])
      .where("id", "in", [...ids]),
  );
}

function standsIn(eb: Builder, delegateId: string, nowMs: number) {
  return eb.exists(
    eb
      .selectFrom("request_parties as party")
      .innerJoin("delegations as delegation", "delegation.employee_id", "party.id")
      .select("party.id")
      .where("party.part", "=", "approver")
      .whereRef("party.request_id", "=", "requests.request_id")
      .whereRef("delegation.kind", "=", "requests.kind")
      .where("delegation.delegate_id", "=", delegateId)
      .where("delegation.from_at", "<=", nowMs)
      .where("delegation.until_at", ">", nowMs),
  );
}

/** Requests whose current step's time is over and that were not escalated yet, the longest due first. */
export async function dueRequests(
  db: Db,
  nowMs: number,
  limit: number,
): Promise<ReadonlyArray<{ requestId: string; step: number }>> {
  const rows = await db
    .selectFrom("requests")
    .select(["request_id", "json"])
    .where("status", "=", "pending")
    .where("due_at", "<=", nowMs)
    .orderBy("due_at")
    .orderBy("request_id")
    .limit(limit)
    .execute();
  return rows.map(({ request_id, json }) => ({
    requestId: request_id,
    step: requestOf(json).step,
  }));
}

export interface SubjectRequest {
  readonly requestId: string;
  readonly isPending: boolean;
  readonly askedSeq: number;
  readonly about: About;
}

/** Every request there was about a subject. */
export async function requestsAbout(db: Db, subject: string): Promise<SubjectRequest[]> {
  const rows = await db
    .selectFrom("requests")
    .select(["request_id", "status", "asked_seq", "json"])
    .where("subject", "=", subject)
    .orderBy("opened_seq")
    .execute();
  return rows.map(({ request_id, status, asked_seq, json }) => ({
    requestId: request_id,
    isPending: status === "pending",
    askedSeq: asked_seq,
    about: requestOf(json).opened.about,
  }));
}

function recordOf(row: {
  readonly json: string;
  readonly opened_seq: number;
  readonly version: number;
}): RequestRecord {
  return {
    request: requestOf(row.json),
    openedSeq: row.opened_seq,
    version: row.version,
  };
}

export interface DelegationRecord {
  readonly employeeId: string;
  readonly delegateId: string;
  readonly kinds: ReadonlyArray<About["kind"]>;
  readonly fromAt: number;
  readonly untilAt: number;
  readonly by: string;
  readonly version: number;
}

/** Delegations by a visible person or to one that have not run out; one's only, if somebody is named. */
export async function delegations(
  db: Db,
  {
    employeeId,
    visible,
    nowMs,
  }: {
    readonly employeeId: string | undefined;
    readonly visible: Visible;
    readonly nowMs: number;
  },
): Promise<DelegationRecord[]> {
  let rows = db
    .selectFrom("delegations")
    .selectAll()
    .where("until_at", ">", nowMs)
    .where((eb) =>
      eb.or([aboutVisible(visible, "employee_id"), aboutVisible(visible, "delegate_id")]),
    );
  if (employeeId !== undefined) {
    rows = rows.where((eb) =>
      eb.or([eb("employee_id", "=", employeeId), eb("delegate_id", "=", employeeId)]),
    );
  }
  const found = await rows
    .orderBy("employee_id")
    .orderBy("delegate_id")
    .orderBy("kind")
    .limit(MOST_DELEGATIONS)
    .execute();
  const byPair = Map.groupBy(found, (row) => `${row.employee_id}/${row.delegate_id}`);
  return [...byPair.values()].flatMap((rowsOfPair) => {
    const [first] = rowsOfPair;
    if (first === undefined) return [];
    return {
      employeeId: first.employee_id,
      delegateId: first.delegate_id,
      kinds: rowsOfPair.map(({ kind }) => kind),
      fromAt: first.from_at,
      untilAt: first.until_at,
      by: first.set_by,
      version: first.version,
    };
  });
}

const MOST_DELEGATIONS = 2_000;

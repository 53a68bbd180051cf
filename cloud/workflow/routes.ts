import { REQUEST_KINDS } from "@clockleaf/shared/events/workflow.ts";
import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { guardOf } from "../api/guard.ts";
import { problem, refused } from "../api/problem.ts";
import {
  type ApiEnv,
  type ApiRouter,
  causeOf,
  decodeCursor,
  encodeCursor,
  ifMatch,
  newRouter,
  page,
  setEtag,
} from "../api/router.ts";
import { isRefusal, type Refusal, refuse } from "../eventing/decider.ts";
import { mayDecideKind, maySee, type RequestRights, rolesFor } from "./access.ts";
import { SOURCE, type WorkflowCommands } from "./commands.ts";
import { type DecidingPrincipal, type Decision, notFound, type Request } from "./decider.ts";
import { type Db, delegations, requests, type Viewer } from "./reads.ts";
import {
  approveRoute,
  decideManyRoute,
  delegateRoute,
  delegationsRoute,
  endDelegationRoute,
  listRoute,
  rejectRoute,
  showRoute,
} from "./route-definitions.ts";
import { delegationView, type RequestView, requestView } from "./views.ts";

export interface WorkflowRoutesDeps {
  readonly commands: WorkflowCommands;
  readonly db: Db;
  /** True once the read model shows WORKFLOW up to this sequence. */
  readonly waitFor: (seq: number, timeoutMs: number) => Promise<boolean>;
  readonly isEmployee: (employeeId: string) => Promise<boolean>;
  /** Whose API keys may set delegations for others. */
  readonly fallbackRole: string;
  readonly nowMs: () => number;
}

const READ_YOUR_WRITES_MS = 2_000;
const cursorSchema = z.tuple([z.int().min(0)]);

/** Approvals, for `/api/v1`. The answer to a decision shows what it led to. */
export function createWorkflowRoutes(deps: WorkflowRoutesDeps): ApiRouter {
  const router = newRouter();
  addReads(router, deps);
  addDecisions(router, deps);
  addDelegations(router, deps);
  return router;
}

function rightsIn(c: Context<ApiEnv>): RequestRights {
  return {
    readsTime: guardOf(c, "time.read"),
    readsLeave: guardOf(c, "leave.read"),
    readsPay: guardOf(c, "pay.read"),
    approvesTime: guardOf(c, "time.approve"),
    approvesPay: guardOf(c, "pay.approve"),
  };
}

/** The caller as the decider sees them. */
async function actingIn(
  c: Context<ApiEnv>,
  { commands, nowMs }: Pick<WorkflowRoutesDeps, "commands" | "nowMs">,
  request: Request,
): Promise<DecidingPrincipal> {
  const viewer = viewerOf(c);
  const { employeeId } = viewer;
  return { ...viewer, actsFor: await commands.actsFor(request, { employeeId, at: nowMs() }) };
}

function viewerOf(c: Context<ApiEnv>): Viewer {
  const { name, employeeId, roles } = c.get("principal");
  return { name, employeeId: employeeId ?? null, roles };
}

function addReads(router: ApiRouter, { commands, db, nowMs }: WorkflowRoutesDeps): void {
  router.openapi(listRoute, async (c) => {
    const { cursor, limit, ...filters } = c.req.valid("query");
    const [before] = decodeCursor(cursor, cursorSchema) ?? [];
    const rights = rightsIn(c);
    const query = {
      ...filters,
      before,
      viewer: viewerOf(c),
      seen: {
        time: await rights.readsTime.visible(),
        leave: await rights.readsLeave.visible(),
        isPaySeen: rights.readsPay.coversCompany(),
      },
      decides: REQUEST_KINDS.filter((kind) => mayDecideKind(kind, rights)),
      nowMs: nowMs(),
    };
    const found = await requests(db, { ...query, limit: limit + 1 });
    const shown = found.slice(0, limit);
    const last = found.length > limit ? shown.at(-1) : undefined;
    const next = last === undefined ? null : encodeCursor([last.openedSeq]);
    const views = shown.map(({ request, version }) => requestView(request, version));
    return c.json(page(c, views, next), 200);
  });

  router.openapi(showRoute, async (c) => {
    const { state, seq } = await commands.requests.state(c.req.valid("param").requestId);
    const seen =
      state !== null &&
      (await maySee(state, await actingIn(c, { commands, nowMs }, state), rightsIn(c)));
    if (!seen) return problem(c, { code: "command.not-found" });
    setEtag(c, seq);
    return c.json(requestView(state, seq), 200);
  });
}

function addDecisions(router: ApiRouter, deps: WorkflowRoutesDeps): void {
  router.openapi(approveRoute, async (c) => {
    const { requestId } = c.req.valid("param");
    const asked = { requestId, decision: "approved", note: c.req.valid("json").note } as const;
    const view = await decideOne(c, deps, asked);
    return isRefusal(view) ? refused(c, view) : c.json(view, 200);
  });

  router.openapi(rejectRoute, async (c) => {
    const { requestId } = c.req.valid("param");
    const asked = { requestId, decision: "rejected", note: c.req.valid("json").note } as const;
    const view = await decideOne(c, deps, asked);
    return isRefusal(view) ? refused(c, view) : c.json(view, 200);
  });

  router.openapi(decideManyRoute, async (c) => {
    const { decision, requestIds, note } = c.req.valid("json");
    const results = [];
    for (const requestId of new Set(requestIds)) {
      const view = await decideOne(c, deps, { requestId, decision, note });
      const isDecided = !isRefusal(view);
      const isThere = isDecided || view.code !== notFound().code;
      const { state } = await deps.commands.requests.state(requestId);
      const why = isDecided ? NO_REASON : { code: view.code, detail: view.message };
      const status = isThere ? (state?.status ?? null) : null;
      results.push({ requestId, isDecided, status, ...why });
    }
    return c.json({ results }, 200);
  });
}

const NO_REASON = { code: null, detail: null };

interface AskedDecision {
  readonly requestId: string;
  readonly decision: Decision;
  readonly note: string;
}

async function decideOne(
  c: Context<ApiEnv>,
  deps: WorkflowRoutesDeps,
  asked: AskedDecision,
): Promise<RequestView | Refusal> {
  const { commands, waitFor, nowMs } = deps;
  const { state: request } = await commands.requests.state(asked.requestId);
  const rights = rightsIn(c);
  if (request === null || !(await maySee(request, await actingIn(c, deps, request), rights))) {
    return notFound();
  }
  if (!mayDecideKind(request.opened.about.kind, rights)) {
    return refuse(
      "workflow.not-permitted",
      `"${request.opened.about.kind}" is for others to decide`,
    );
  }
  const viewer = viewerOf(c);
  const at = nowMs();
  const by = { ...viewer, roles: await rolesFor(request, viewer.roles, rights) };
  const decision = { ...asked, by, at };
  const outcome = await commands.decide(decision, causeOf(c, SOURCE, at));
  if (isRefusal(outcome)) return outcome;
  await waitFor(outcome.seq, READ_YOUR_WRITES_MS);
  const { state, seq } = await commands.requests.state(asked.requestId);
  if (state === null) throw new Error("what was decided is there");
  return requestView(state, seq);
}

function addDelegations(router: ApiRouter, deps: WorkflowRoutesDeps): void {
  const { commands, db, nowMs, waitFor } = deps;

  router.openapi(delegationsRoute, async (c) => {
    const found = await delegations(db, {
      employeeId: c.req.valid("query").employeeId,
      visible: await guardOf(c).visible(),
      nowMs: nowMs(),
    });
    return c.json({ items: found.map(delegationView) }, 200);
  });

  router.openapi(delegateRoute, async (c) => {
    const body = c.req.valid("json");
    const { delegateId, kinds } = body;
    const employeeId = body.employeeId ?? c.get("principal").employeeId;
    const at = nowMs();
    if (employeeId !== undefined && !(await isOfCaller(c, employeeId))) {
      return problem(c, { code: "command.not-found" });
    }
    const refusal = mayDelegate(c, deps, { employeeId, delegateId });
    if (refusal !== undefined || employeeId === undefined) {
      return refused(c, refusal ?? nobody());
    }
    if (!(await deps.isEmployee(delegateId))) {
      return refused(
        c,
        refuse("workflow.delegate.not-found", "there is no such employee to delegate to"),
      );
    }
    const fromAt = body.from === undefined ? at : Date.parse(body.from);
    const untilAt = Date.parse(body.until);
    const data = { employeeId, delegateId, kinds, fromAt, untilAt, by: c.get("principal").name };
    const outcome = await commands.delegate(data, causeOf(c, SOURCE, at));
    if (isRefusal(outcome)) return refused(c, outcome);
    await waitFor(outcome.seq, READ_YOUR_WRITES_MS);
    setEtag(c, outcome.seq);
    return c.json(delegationView({ ...data, version: outcome.seq }), 200);
  });

  router.openapi(endDelegationRoute, async (c) => {
    const { employeeId, delegateId } = c.req.valid("param");
    if (!(await isOfCaller(c, employeeId))) return problem(c, { code: "command.not-found" });
    const refusal = mayDelegate(c, deps, { employeeId, delegateId: null });
    if (refusal !== undefined) return refused(c, refusal);
    const at = nowMs();
    const by = c.get("principal").name;
    const command = { type: "end", employeeId, delegateId, by, at } as const;
    const asRead = { ...command, ifSeq: ifMatch(c) };
    const outcome = await commands.endDelegation(asRead, causeOf(c, SOURCE, at));
    if (isRefusal(outcome)) {
      return outcome.code === "aggregate.changed"
        ? problem(c, { code: "api.precondition" })
        : refused(c, outcome);
    }
    await waitFor(outcome.seq, READ_YOUR_WRITES_MS);
    return c.body(null, 204);
  });
}

/** One's own, or those of somebody within reach: whether there is anybody else is not said. */
const isOfCaller = async (c: Context<ApiEnv>, employeeId: string): Promise<boolean> =>
  (await guardOf(c).coversPerson(employeeId)) || c.get("principal").employeeId === employeeId;

const nobody = (): Refusal =>
  refuse("workflow.delegation-for-nobody", "this API key acts for no person: name the employee");

/** Everybody for themselves; HR for others, but never so that it decides itself. */
function mayDelegate(
  c: Context<ApiEnv>,
  { fallbackRole }: WorkflowRoutesDeps,
  { employeeId, delegateId }: { employeeId: string | undefined; delegateId: string | null },
): Refusal | undefined {
  const principal = c.get("principal");
  if (employeeId === undefined) return nobody();
  if (employeeId === principal.employeeId) return undefined;
  const isForbidden =
    !principal.roles.includes(fallbackRole) || delegateId === principal.employeeId;
  return isForbidden
    ? refuse("workflow.delegation-of-another", "only the person or HR may change this delegation")
    : undefined;
}

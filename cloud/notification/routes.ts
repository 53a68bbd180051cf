import { z } from "@hono/zod-openapi";
import { guardOf } from "../api/guard.ts";
import { problem, refused } from "../api/problem.ts";
import {
  type ApiRouter,
  causeOf,
  decodeCursor,
  encodeCursor,
  ifMatch,
  newRouter,
  page,
  setEtag,
} from "../api/router.ts";
import { isRefusal } from "../eventing/decider.ts";
import type { Rights } from "../identity/access.ts";
import { type NotificationCommands, preferencesId, SOURCE } from "./commands.ts";
import type { NotificationConfig } from "./config.ts";
import type { Notification } from "./decider.ts";
import { type Person, personalValues } from "./people-projection.ts";
import { counts, type Db, type MessageRecord, messages } from "./reads.ts";
import { BUILT_IN_LOCALES, type Renderer, sampleValues } from "./render.ts";
import {
  kindsRoute,
  logRoute,
  mineRoute,
  preferencesRoute,
  previewRoute,
  readRoute,
  resendRoute,
  setPreferencesRoute,
  showRoute,
  summaryRoute,
} from "./route-definitions.ts";
import { kindViews, messageView, preferencesView, shownView } from "./views.ts";

export interface NotificationRoutesDeps {
  readonly commands: NotificationCommands;
  readonly db: Db;
  readonly renderer: Renderer;
  readonly config: Pick<NotificationConfig, "defaultLocale" | "publicUrl">;
  /** True once the read model shows NOTIFICATION up to this sequence. */
  readonly waitFor: (seq: number, timeoutMs: number) => Promise<boolean>;
  readonly personOf: (employeeId: string) => Promise<Person | undefined>;
  /** As EMPLOYEE has it at the moment of the call. */
  readonly isEmployee: (employeeId: string) => Promise<boolean>;
  readonly nowMs: () => number;
}

const READ_YOUR_WRITES_MS = 2_000;
const cursorSchema = z.tuple([z.int().min(0)]);

/** The delivery log, what is shown to people, and what they want to be told, for `/api/v1`. */
export function createNotificationRoutes(deps: NotificationRoutesDeps): ApiRouter {
  const router = newRouter();
  addLog(router, deps);
  addMine(router, deps);
  addPreferences(router, deps);
  addTemplates(router, deps);
  return router;
}

/** Cuts what was read with one too many to a page; the cursor of the next. */
function cut(found: readonly MessageRecord[], limit: number) {
  const shown = found.slice(0, limit);
  const last = found.length > limit ? shown.at(-1) : undefined;
  return { shown, next: last === undefined ? null : encodeCursor([last.requestedSeq]) };
}

function addLog(router: ApiRouter, deps: NotificationRoutesDeps): void {
  const { commands, db, nowMs, waitFor } = deps;

  router.openapi(logRoute, async (c) => {
    const { cursor, limit, ...filters } = c.req.valid("query");
    const [before] = decodeCursor(cursor, cursorSchema) ?? [];
    const visible = await guardOf(c).visible();
    const { shown, next } = cut(
      await messages(db, { ...filters, visible, before, limit: limit + 1 }),
      limit,
    );
    const views = shown.map(({ message, version }) => messageView(message, version));
    return c.json(page(c, views, next), 200);
  });

  router.openapi(summaryRoute, async (c) => {
    const items = await counts(db, await guardOf(c).visible());
    return c.json({ items: [...items] }, 200);
  });

  router.openapi(showRoute, async (c) => {
    const { state, seq } = await commands.messages.state(c.req.valid("param").notificationId);
    if (state === null || !(await isWithin(guardOf(c), state))) {
      return problem(c, { code: "command.not-found" });
    }
    setEtag(c, seq);
    return c.json(messageView(state, seq), 200);
  });

  router.openapi(resendRoute, async (c) => {
    const { notificationId } = c.req.valid("param");
    const { state: before } = await commands.messages.state(notificationId);
    if (before === null || !(await isWithin(guardOf(c), before))) {
      return problem(c, { code: "command.not-found" });
    }
    const at = nowMs();
    const command = { type: "resend", by: c.get("principal").name, at } as const;
    const outcome = await commands.messages.handle(notificationId, command, causeOf(c, SOURCE, at));
    if (isRefusal(outcome)) return refused(c, outcome);
    await waitFor(outcome.seq, READ_YOUR_WRITES_MS);
    const { state, seq } = await commands.messages.state(notificationId);
    if (state === null) throw new Error("what is sent again is there");
    return c.json(messageView(state, seq), 200);
  });
}

async function isWithin(rights: Rights, { requested }: Notification): Promise<boolean> {
  const { employeeId } = requested;
  return employeeId === null ? rights.coversCompany() : await rights.coversPerson(employeeId);
}

function addMine(router: ApiRouter, deps: NotificationRoutesDeps): void {
  const { commands, db, nowMs, waitFor } = deps;

  router.openapi(mineRoute, async (c) => {
    const { cursor, limit, unread } = c.req.valid("query");
    const { employeeId } = c.get("principal");
    if (employeeId === undefined) return c.json(page(c, [], null), 200);
    const [before] = decodeCursor(cursor, cursorSchema) ?? [];
    // One's own without a right: the person of the key is the only one asked for.
    const own = {
      employeeId,
      channel: "in-app",
      status: "sent",
      visible: { kind: "all" },
      before,
    } as const;
    const isRead = unread === "true" ? false : undefined;
    const found = await messages(db, { ...own, isRead, limit: limit + 1 });
    const { shown, next } = cut(found, limit);
    const views = await Promise.all(shown.map((each) => shownAs(deps, each)));
    return c.json(page(c, views, next), 200);
  });

  router.openapi(readRoute, async (c) => {
    const { notificationId } = c.req.valid("param");
    const { employeeId = "" } = c.get("principal");
    const at = nowMs();
    const command = { type: "read", employeeId, at } as const;
    const outcome = await commands.messages.handle(notificationId, command, causeOf(c, SOURCE, at));
    if (isRefusal(outcome)) return refused(c, outcome);
    await waitFor(outcome.seq, READ_YOUR_WRITES_MS);
    return c.body(null, 204);
  });
}

/** The text is made when it is looked at: it names people as they are called now. */
async function shownAs(
  { renderer, config, personOf }: NotificationRoutesDeps,
  { message }: MessageRecord,
) {
  const { template, locale, values, employeeId } = message.requested;
  const person = employeeId === null ? undefined : await personOf(employeeId);
  const personal = await personalValues(personOf, person, values["aboutId"]);
  const all = { ...personal, ...values, link: config.publicUrl ?? "" };
  const rendered = renderer.render(template, locale, all);
  return shownView(message, rendered);
}

function addPreferences(router: ApiRouter, deps: NotificationRoutesDeps): void {
  const { commands, nowMs, waitFor } = deps;
  const { preferences } = commands;

  router.openapi(preferencesRoute, async (c) => {
    const { employeeId } = c.req.valid("param");
    const { state, seq } = await preferences.state(preferencesId(employeeId));
    setEtag(c, seq);
    return c.json(preferencesView(employeeId, state, seq), 200);
  });

  router.openapi(setPreferencesRoute, async (c) => {
    const { employeeId } = c.req.valid("param");
    if (!(await deps.isEmployee(employeeId))) return problem(c, { code: "command.not-found" });
    const { locale, channels } = c.req.valid("json");
    const data = { employeeId, locale, channels: defined(channels), by: c.get("principal").name };
    const command = { type: "set", data } as const;
    const aggregateId = preferencesId(employeeId);
    const cause = causeOf(c, SOURCE, nowMs());
    const guarded = { aggregateId, command, ifSeq: ifMatch(c) };
    const [outcome] = await preferences.handleMany([guarded], cause);
    if (outcome === undefined) throw new Error("one command has one outcome");
    if (isRefusal(outcome)) {
      return outcome.code === "aggregate.changed"
        ? problem(c, { code: "api.precondition" })
        : refused(c, outcome);
    }
    await waitFor(outcome.seq, READ_YOUR_WRITES_MS);
    const { state, seq } = await preferences.state(aggregateId);
    setEtag(c, seq);
    return c.json(preferencesView(employeeId, state, seq), 200);
  });
}

function defined<T>(record: Readonly<Record<string, T | undefined>>): Record<string, T> {
  const entries: Array<[string, T]> = [];
  for (const [key, value] of Object.entries(record)) {
    if (value !== undefined) entries.push([key, value]);
  }
  return Object.fromEntries(entries);
}

function addTemplates(router: ApiRouter, { renderer, config }: NotificationRoutesDeps): void {
  router.openapi(kindsRoute, (c) => c.json({ items: kindViews(BUILT_IN_LOCALES) }, 200));

  router.openapi(previewRoute, (c) => {
    const { kind } = c.req.valid("param");
    const { locale = config.defaultLocale } = c.req.valid("query");
    return c.json(renderer.render(kind, locale, sampleValues(kind)), 200);
  });
}

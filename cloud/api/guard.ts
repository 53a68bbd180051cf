import type { Context, MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import type { Rights } from "../identity/access.ts";
import type { Permission } from "../identity/permissions.ts";
import { problem } from "./problem.ts";
import { type ApiEnv, forbidden, mayUse, type Scope } from "./router.ts";

/**
 * What a route is about, and so who looks whether it is within reach:
 *
 * - `person`, `site`: the `{employeeId}` or `{site}` of its path; looked at before the route runs.
 * - `company`: nobody in particular and everybody; needs the permission everywhere.
 * - `each`: what the request names or the rows it lists; the route asks `guardOf(c)` about each of them, and a route
 *   that answers without having asked is stopped.
 * - `anybody`: nothing that belongs to anybody, such as templates; who has the permission somewhere may.
 */
export const ABOUT = ["person", "site", "company", "each", "anybody"] as const;
export type About = (typeof ABOUT)[number];

export interface GuardRule {
  /** Several: any of them will do. */
  readonly permission: Permission | readonly [Permission, ...Permission[]];
  readonly about: About;
}

/** The same words in the OpenAPI document. */
export interface DocumentedGuard {
  readonly anyOf: readonly Permission[];
  readonly about: About;
}
export const GUARD_KEY = "x-clockleaf-permission";

/** What changes whom and what the platform trusts: a key needs the scope `admin` for it, besides the permission. */
const NEED_ADMIN: ReadonlySet<Permission> = new Set([
  "people.erase",
  "fleet.manage",
  "rules.manage",
  "platform.manage",
  "identity.manage",
]);

interface RouteGuard {
  readonly middleware: [MiddlewareHandler<ApiEnv>];
  readonly security?: [{ apiKey: [Scope] }];
  readonly [GUARD_KEY]: DocumentedGuard;
}

/**
 * Spread into `createRoute`: enforced and documented from one word. Without the permission anywhere the answer is 403;
 * about somebody or some place out of reach it is the 404 of an unknown id, to the letter.
 */
export function guarded({ permission, about }: GuardRule): RouteGuard {
  const anyOf = typeof permission === "string" ? [permission] : [...permission];
  const isTrusted = anyOf.some((each) => NEED_ADMIN.has(each));
  const middleware = guardBy({ anyOf, about, isTrusted });
  guards.add(middleware);
  return {
    middleware: [middleware],
    ...(isTrusted ? { security: [{ apiKey: ["admin"] }] } : {}),
    [GUARD_KEY]: { anyOf, about },
  };
}

/** Spread instead of a guard where what is shown and changed is the caller's own by what the route does: `/me/…`. */
export const forOneself: { readonly [GUARD_KEY]: "oneself" } = { [GUARD_KEY]: "oneself" };

const guards = new WeakSet<object>();

/** Whether a handler is a guard: a later spread with a `middleware` of its own would have removed it from its route. */
export const isGuard = (handler: object): boolean => guards.has(handler);

/**
 * Of the route that answers, or by other permissions than the route's own. Whoever asks has looked at the object; what to
 * answer where it is not covered is `problem(c, { code: "command.not-found" })`.
 */
export function guardOf(c: Context<ApiEnv>, ...permissions: readonly Permission[]): Rights {
  const own = c.get("rights");
  if (own === undefined) throw new Error("this route declares no permission");
  if (permissions.length === 0) return own;
  // Whoever goes by one of several permissions, or by another one besides, has asked.
  own.coversCompany();
  return c.get("access").rights(c.get("principal"), permissions);
}

interface Enforced extends DocumentedGuard {
  readonly isTrusted: boolean;
}

const guardBy = ({ anyOf, about, isTrusted }: Enforced): MiddlewareHandler<ApiEnv> =>
  createMiddleware<ApiEnv>(async (c, next) => {
    const principal = c.get("principal");
    if (isTrusted && !mayUse(principal, "admin")) return forbidden(c, "admin");
    const { rights, wasAsked } = noticing(c.get("access").rights(principal, anyOf));
    if (!rights.areAny || (about === "company" && !rights.coversCompany())) {
      return lacking(c, anyOf);
    }
    if (about === "person" && !(await rights.coversPerson(c.req.param("employeeId") ?? ""))) {
      return problem(c, { code: "command.not-found" });
    }
    if (about === "site" && !rights.coversSite(c.req.param("site") ?? "")) {
      return problem(c, { code: "command.not-found" });
    }
    c.set("rights", rights);
    await next();
    if (about === "each" && c.res.status < 400 && !wasAsked()) {
      // A fault of ours: what the route says was cut down by nobody.
      throw new Error(`${c.req.method} ${c.req.path} answered without asking its guard`);
    }
    return undefined;
  });

type Forbidden = ReturnType<typeof problem<"api.forbidden">>;

/** The 403 for who has none of the permissions, or not for the whole company. */
export function lacking(c: Context, anyOf: readonly Permission[]): Forbidden {
  const names = anyOf.map((name) => `"${name}"`).join(" or ");
  return problem(c, { code: "api.forbidden", detail: `this needs the permission ${names}` });
}

function noticing(rights: Rights): { readonly rights: Rights; readonly wasAsked: () => boolean } {
  let isAsked = false;
  const asked = (): Rights => {
    isAsked = true;
    return rights;
  };
  return {
    wasAsked: () => isAsked,
    rights: {
      areAny: rights.areAny,
      coversPerson: (id) => asked().coversPerson(id),
      coversPeople: (ids) => asked().coversPeople(ids),
      coversSubject: (subject) => asked().coversSubject(subject),
      coversSite: (site) => asked().coversSite(site),
      coversDepartment: (id) => asked().coversDepartment(id),
      coversCompany: () => asked().coversCompany(),
      visible: () => asked().visible(),
    },
  };
}

import { randomUUID } from "node:crypto";
import { newTraceparent } from "@clockleaf/shared/wire/trace-context.ts";
import { problemOfError } from "../../cloud/api/problem.ts";
import { type ApiRouter, newRouter, type Principal } from "../../cloud/api/router.ts";

export const ADMIN: Principal = { name: "admin", scopes: ["read", "write", "admin"], roles: [] };

/** A context's routes as the API app mounts them, for whoever `principal` names at each request. */
export function contextApi(routes: ApiRouter, principal: () => Principal = () => ADMIN): ApiRouter {
  const router = newRouter();
  router.onError((error, c) => problemOfError(c, error));
  router.use(async (c, next) => {
    c.set("traceparent", newTraceparent());
    c.set("requestId", randomUUID());
    c.set("principal", principal());
    await next();
  });
  router.route("/", routes);
  return router;
}

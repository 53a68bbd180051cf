import type { Context } from "hono";
import type { ApiRouter } from "./router.ts";

/** Whether one thing that must be right before this process is of use is right. */
export interface HealthCheck {
  /** Lower-case, such as `nats` or `projection employees`. */
  readonly name: string;
  readonly isOk: boolean;
  readonly detail: string;
}

export interface HealthDeps {
  /** Cheap and synchronous: it reads what the parts already know about themselves. */
  readonly checks: () => readonly HealthCheck[];
  readonly startedAtMs: number;
}

/**
 * `/livez`: the process answers. `/readyz`: every check is right, else 503; `?verbose` lists them. `/healthz`: the same
 * as JSON. All are open, and say nothing about people or sites.
 */
export function mountHealth(app: ApiRouter, deps: HealthDeps): void {
  app.get("/livez", (c) => noStore(c).text("ok\n"));
  app.get("/readyz", (c) => {
    const all = deps.checks();
    const isReady = all.every(({ isOk }) => isOk);
    const lines = all
      .filter(({ isOk }) => !isOk || c.req.query("verbose") !== undefined)
      .map(({ name, isOk, detail }) => `[${isOk ? "+" : "-"}] ${name}: ${detail}\n`);
    const body = `${lines.join("")}${isReady ? "ready" : "not ready"}\n`;
    return noStore(c).text(body, isReady ? 200 : 503);
  });
  app.get("/healthz", (c) => {
    const checks = deps.checks();
    const isReady = checks.every(({ isOk }) => isOk);
    const body = {
      status: isReady ? "ok" : "unavailable",
      since: new Date(deps.startedAtMs).toISOString(),
      checks,
    };
    return noStore(c).json(body, isReady ? 200 : 503);
  });
}

function noStore(c: Context): Context {
  c.header("Cache-Control", "no-store");
  return c;
}

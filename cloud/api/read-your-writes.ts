import type { Context, MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import { problem } from "./problem.ts";
import type { ApiEnv } from "./router.ts";

/** A read model as far as one can wait for it. */
export interface AwaitedModel {
  readonly stream: string;
  waitFor(seq: number, timeoutMs: number): Promise<boolean>;
}

export interface ReadYourWritesDeps {
  /** Every read model of this process. */
  readonly models: () => readonly AwaitedModel[];
  /** The last sequence of a stream by now. */
  readonly lastSeq: (stream: string) => Promise<number>;
}

export const VERSION_HEADER = "Clockleaf-Version";
const DEFAULT_WAIT_MS = 2_000;
const MAX_WAIT_SECONDS = 10;
const RETRY_AFTER_SECONDS = 1;
const VERSIONS = /^[A-Z]{1,32}:\d{1,15}(?:, ?[A-Z]{1,32}:\d{1,15}){0,15}$/u;

/**
 * Answers to commands say which version they led to (`Clockleaf-Version: EMPLOYEE:123`). A read that asks for at least
 * that version (`minVersion`) is answered by rows that have it, whichever process it reaches, or with 503: never by
 * older ones. `Prefer: wait=N` (RFC 7240) says how long to wait for it, at most 10 s; by itself it waits for all that is
 * stored by now and is answered in any case.
 */
export const readYourWrites = ({
  models,
  lastSeq,
}: ReadYourWritesDeps): MiddlewareHandler<ApiEnv> =>
  createMiddleware<ApiEnv>(async (c, next) => {
    if (c.req.method !== "GET" && c.req.method !== "HEAD") {
      await next();
      sayVersion(c);
      return;
    }
    const asked = c.req.query("minVersion");
    const seconds = waitIn(c.req.header("prefer"));
    if (asked === undefined && seconds === undefined) return await next();
    const wanted = asked === undefined ? undefined : versionsIn(asked, models());
    if (asked !== undefined && wanted === undefined) return badVersion(c);
    const timeoutMs = seconds === undefined ? DEFAULT_WAIT_MS : seconds * 1000;
    const isReached = await allReach(
      models(),
      wanted ?? (await ends(models(), lastSeq)),
      timeoutMs,
    );
    if (!isReached && wanted !== undefined) {
      c.header("Retry-After", String(RETRY_AFTER_SECONDS));
      return problem(c, { code: "read-model.behind", detail: `not at ${asked} yet` });
    }
    if (isReached && seconds !== undefined) c.header("Preference-Applied", `wait=${seconds}`);
    return await next();
  });

function sayVersion(c: Context<ApiEnv>): void {
  const handled = c.get("handled");
  if (handled === undefined || c.res.status >= 400) return;
  const versions = [...handled].map(([stream, seq]) => `${stream}:${seq}`);
  c.res.headers.set(VERSION_HEADER, versions.join(", "));
}

type Versions = ReadonlyMap<string, number>;

/** Undefined for anything but versions of streams that there are read models of. */
function versionsIn(text: string, models: readonly AwaitedModel[]): Versions | undefined {
  if (!VERSIONS.test(text)) return undefined;
  const versions = new Map<string, number>();
  for (const part of text.split(/, ?/u)) {
    const [stream = "", seq] = part.split(":");
    if (!models.some((model) => model.stream === stream)) return undefined;
    versions.set(stream, Math.max(Number(seq), versions.get(stream) ?? 0));
  }
  return versions;
}

async function ends(
  models: readonly AwaitedModel[],
  lastSeq: (stream: string) => Promise<number>,
): Promise<Versions> {
  const streams = [...new Set(models.map(({ stream }) => stream))];
  return new Map(
    await Promise.all(streams.map(async (stream) => [stream, await lastSeq(stream)] as const)),
  );
}

async function allReach(
  models: readonly AwaitedModel[],
  versions: Versions,
  timeoutMs: number,
): Promise<boolean> {
  const reached = await Promise.all(
    models.map((model) => model.waitFor(versions.get(model.stream) ?? 0, timeoutMs)),
  );
  return reached.every(Boolean);
}

/** The seconds of `wait=N` among the preferences; what is above the bound is cut to it. */
function waitIn(prefer: string | undefined): number | undefined {
  const seconds = /(?:^|[,;])\s*wait\s*=\s*"?(\d{1,6})"?\s*(?:$|[,;])/iu.exec(prefer ?? "")?.[1];
  return seconds === undefined ? undefined : Math.min(Number(seconds), MAX_WAIT_SECONDS);
}

function badVersion(c: Context<ApiEnv>): Response {
  const detail = `what ${VERSION_HEADER} of an answer said, such as EMPLOYEE:123`;
  return problem(c, {
    code: "api.invalid",
    errors: [{ in: "query", pointer: "#/minVersion", detail, code: "invalid_format" }],
  });
}

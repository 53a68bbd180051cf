import { randomUUID } from "node:crypto";
import { newTraceparent } from "@clockleaf/shared/wire/trace-context.ts";
import { problemOfError } from "../../cloud/api/problem.ts";
import { type ApiRouter, newRouter, type Principal } from "../../cloud/api/router.ts";
import { type Access, accessToNobody } from "../../cloud/identity/access.ts";
import { principalOf } from "./access.ts";

export interface Answer<B> {
  readonly status: number;
  readonly body: B;
}
export interface TestRequest {
  readonly method?: string;
  readonly path: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}
/** Calls as somebody. The test says what kind of body it expects. */
export type CallAs = <B>(who: Partial<Principal>, request: TestRequest) => Promise<Answer<B>>;

/** The routes of a context, called by whom the test names: signing in is another test's business. */
export function apiAs(routes: ApiRouter, access: Access = accessToNobody()): CallAs {
  const router = newRouter();
  router.onError((error, c) => problemOfError(c, error));
  router.use(async (c, next) => {
    const who: unknown = JSON.parse(c.req.header("x-test-principal") ?? "{}");
    c.set(
      "principal",
      principalOf({ name: "test", scopes: ["write"], roles: [], ...(who as Partial<Principal>) }),
    );
    c.set("access", access);
    c.set("traceparent", newTraceparent());
    c.set("requestId", randomUUID());
    await next();
  });
  router.route("/", routes);
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters
  return async <B>(who: Partial<Principal>, { method, path, body, headers }: TestRequest) => {
    const response = await router.request(path, {
      method: method ?? (body === undefined ? "GET" : "POST"),
      headers: {
        "content-type": "application/json",
        "x-test-principal": JSON.stringify(who),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const parsed: unknown = /^[{[]/.test(text) ? JSON.parse(text) : text;
    return { status: response.status, body: parsed as B };
  };
}

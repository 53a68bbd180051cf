// What the page asks of the server: same origin, session cookie, problem+json for every failure.

/** A failed request: `status` 0 = no answer. */
export class ApiFailure extends Error {
  constructor(status, problem) {
    super(problem?.detail ?? problem?.title ?? "The server does not answer.");
    this.status = status;
    this.traceId = problem?.traceId;
  }
}

async function request(method, path, body) {
  const options = { method, credentials: "same-origin", headers: { accept: "application/json" } };
  if (body !== undefined) {
    options.headers["content-type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new ApiFailure(0);
  }
  const text = await response.text();
  const isJson = (response.headers.get("content-type") ?? "").includes("json");
  const value = isJson && text !== "" ? JSON.parse(text) : undefined;
  if (!response.ok) throw new ApiFailure(response.status, value);
  return value;
}

export const signIn = (apiKey) => request("POST", "/session", { apiKey });
/** Where the browser goes next, if the session is to be ended at a login provider as well. */
export async function signOut() {
  const { location: next } = await request("POST", "/session/logout");
  await request("DELETE", "/session");
  return next;
}
export const signInMethods = () => request("GET", "/session/methods");
export const session = () => request("GET", "/session");

/** All pages of a list, up to `max` items; `isWhole` says whether that was all. */
export async function list(path, max = 5000) {
  const items = [];
  let cursor = null;
  do {
    const url = new URL(path, location.origin);
    url.searchParams.set("limit", "500");
    if (cursor !== null) url.searchParams.set("cursor", cursor);
    const page = await request("GET", url.pathname + url.search);
    items.push(...page.items);
    cursor = page.next;
  } while (cursor !== null && items.length < max);
  return { items, isWhole: cursor === null };
}

/** Follows events; the browser reconnects by itself with Last-Event-ID, so nothing stored meanwhile is missed. */
export function follow(types, handlers) {
  const source = new EventSource(`/api/v1/events?types=${types.join(",")}`);
  source.addEventListener("open", handlers.onOpen);
  source.addEventListener("error", () => handlers.onLost(source.readyState === EventSource.CLOSED));
  source.addEventListener("reset", handlers.onReset);
  for (const type of types) {
    source.addEventListener(type, (event) => handlers.onEvent(type, JSON.parse(event.data)));
  }
  return source;
}

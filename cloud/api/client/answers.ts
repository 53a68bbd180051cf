import { ClockleafProblem } from "./problem.ts";

/** What a call of the client resolves with: the data of a success, or what was said instead. */
export interface Answer<D> {
  readonly data?: D;
  readonly error?: unknown;
  readonly response: Response;
}

/** The data of a success. Rejects with {@link ClockleafProblem} for everything else. */
export async function dataOf<D>(call: Promise<Answer<D>>): Promise<D> {
  return (await versionedOf(call)).data;
}

/** The same with the record's version: send `etag` as `If-Match` to change what was read and nothing newer. */
export async function versionedOf<D>(
  call: Promise<Answer<D>>,
): Promise<{ readonly data: D; readonly etag: string | undefined }> {
  const { data, error, response } = await call;
  if (!response.ok) throw new ClockleafProblem(response, error);
  // An answer without a body has none to declare either.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return { data: data as D, etag: response.headers.get("etag") ?? undefined };
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Cursor of the page after; null on the last. */
  readonly next: string | null;
}

/**
 * Every item of a list, page after page; the next page is asked for when the one before has been used up. Rejects with
 * {@link ClockleafProblem}.
 *
 *     for await (const person of itemsOf((query) =>
 *       client.GET("/api/v1/employees", { params: { query: { site: "hq", ...query } } }))) …
 */
export async function* itemsOf<T>(
  page: (query: { readonly cursor?: string }) => Promise<Answer<Page<T>>>,
): AsyncGenerator<T, void, undefined> {
  let query: { readonly cursor?: string } | undefined = {};
  while (query !== undefined) {
    const found: Page<T> = await dataOf(page(query));
    yield* found.items;
    query = found.next === null ? undefined : { cursor: found.next };
  }
}

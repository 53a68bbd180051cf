import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ApiPair, newPerson, startApiPair } from "../support/api-pair.ts";
import { findNatsServer } from "../support/nats.ts";
import { available } from "../support/parts.ts";

describe.skipIf(!available("nats-server", findNatsServer()))("writers with one version", () => {
  let pair: ApiPair;
  beforeAll(async () => {
    pair = await startApiPair();
  });
  afterAll(() => pair[Symbol.asyncDispose]());

  const create = async (): Promise<{ path: string; etag: string }> => {
    const body = newPerson();
    const created = await pair.request(pair.apps[0], "POST /api/v1/employees", { body });
    return {
      path: created.headers.get("location") ?? "",
      etag: created.headers.get("etag") ?? "",
    };
  };

  test("that write at once, over two processes: exactly one of them wins", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 24 }),
        fc.integer({ min: 1, max: 3 }),
        async (writers, rounds) => {
          const { path, ...first } = await create();
          let { etag } = first;
          for (let round = 0; round < rounds; round += 1) {
            const answers = await Promise.all(
              Array.from({ length: writers }, (_, index) =>
                pair.request(pair.apps[index % 2 === 0 ? 0 : 1], `PATCH ${path}`, {
                  body: { jobTitle: `title ${randomUUID()}` },
                  headers: { "if-match": etag },
                }),
              ),
            );
            const winners = answers.filter(({ status }) => status === 200);
            expect(winners).toHaveLength(1);
            expect(answers.filter(({ status }) => status === 412)).toHaveLength(writers - 1);
            const shown = await pair.request(pair.apps[0], `GET ${path}`);
            expect(shown.headers.get("etag")).toBe(winners[0]?.headers.get("etag"));
            etag = shown.headers.get("etag") ?? "";
          }
        },
      ),
      { numRuns: 15 },
    );
  });

  test("a change says which version it led to, and the other process's read can ask for it", async () => {
    const { path, etag } = await create();
    const sent = { body: { jobTitle: "Welder" }, headers: { "if-match": etag } };
    const changed = await pair.request(pair.apps[0], `PATCH ${path}`, sent);
    const version = changed.headers.get("clockleaf-version") ?? "";
    expect(version).toMatch(/^EMPLOYEE:\d+$/u);
    const read = await pair.request(pair.apps[1], `GET ${path}?minVersion=${version}`);
    expect(await read.json()).toMatchObject({ jobTitle: "Welder" });
    const ahead = await pair.request(pair.apps[1], `GET ${path}?minVersion=EMPLOYEE:999999999`, {
      headers: { prefer: "wait=0" },
    });
    expect(ahead.status).toBe(503);
    expect(ahead.headers.get("retry-after")).toBe("1");
    expect(await ahead.json()).toMatchObject({ code: "read-model.behind" });
  });

  test("a merge patch removes what is null, under either media type", async () => {
    const { path, etag } = await create();
    const patch = (body: object, tag: string, type: string) =>
      pair.request(pair.apps[0], `PATCH ${path}`, {
        body,
        headers: { "if-match": tag, "content-type": type },
      });
    const set = await patch({ zone: "Europe/Paris" }, etag, "application/json");
    expect(await set.json()).toMatchObject({ zone: "Europe/Paris" });
    const tag = set.headers.get("etag") ?? "";
    const removed = await patch({ zone: null }, tag, "application/merge-patch+json");
    expect([removed.status, await removed.json()]).toMatchObject([
      200,
      { zone: null, jobTitle: "Fitter" },
    ]);
    const refused = await patch(
      { firstName: null },
      removed.headers.get("etag") ?? "",
      "application/json",
    );
    expect(refused.status).toBe(422);
  });
});

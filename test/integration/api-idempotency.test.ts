import { randomUUID } from "node:crypto";
import { STREAMS } from "@clockleaf/shared/subjects.ts";
import { jetstreamManager } from "@nats-io/jetstream";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { IdempotencyBucket } from "../../cloud/api/idempotency-bucket.ts";
import type { ApiRouter } from "../../cloud/api/router.ts";
import { type ApiPair, newPerson, startApiPair } from "../support/api-pair.ts";
import { findNatsServer } from "../support/nats.ts";
import { available } from "../support/parts.ts";

const LEASE_MS = 60_000;

const seen = async (response: Response): Promise<string> =>
  JSON.stringify([
    response.status,
    response.headers.get("etag"),
    response.headers.get("location"),
    await response.text(),
  ]);

describe.skipIf(!available("nats-server", findNatsServer()))("one key, one effect", () => {
  let pair: ApiPair;
  /** How many events entering one person makes. */
  let onePerson: number;
  beforeAll(async () => {
    pair = await startApiPair();
    const before = await stored();
    await pair.request(pair.apps[0], "POST /api/v1/employees", { body: newPerson() });
    onePerson = (await stored()) - before;
  });
  afterAll(() => pair[Symbol.asyncDispose]());

  const stored = async (): Promise<number> => {
    const jsm = await jetstreamManager(pair.cloud.nc, { checkAPI: false });
    return (await jsm.streams.info(STREAMS.employee)).state.last_seq;
  };
  const post = (app: ApiRouter, key: string, body: object): Promise<Response> =>
    pair.request(app, "POST /api/v1/employees", { body, headers: { "idempotency-key": key } });
  /** Each repeats its request for as long as it is told that the first one is under way. */
  const postMany = async (count: number, key: string, body: object): Promise<Response[]> => {
    const answers: Response[] = [];
    for (let open = count; open > 0; ) {
      const round = await Promise.all(
        Array.from({ length: open }, (_, index) =>
          post(pair.apps[index % 2 === 0 ? 0 : 1], key, body),
        ),
      );
      const done = round.filter(({ status }) => status !== 409);
      for (const { headers } of round.filter(({ status }) => status === 409)) {
        expect(headers.get("retry-after")).toMatch(/^[1-9]/u);
      }
      answers.push(...done);
      open -= done.length;
    }
    return answers;
  };

  test("a thousand at once, over two processes: one person, and the same answer for all", async () => {
    const before = await stored();
    const answers = await postMany(1_000, randomUUID(), newPerson());
    const different = new Set(await Promise.all(answers.map(seen)));
    expect(different.size).toBe(1);
    expect(answers[0]?.status).toBe(201);
    expect(await stored()).toBe(before + onePerson);
    const replayed = answers.filter(({ headers }) => headers.has("idempotency-replayed"));
    expect(replayed).toHaveLength(999);
  });

  test("wherever the first run dies, its repeats have one effect between them", async () => {
    const deaths = fc.constantFrom("claimed", "carried out", "answered");
    await fc.assert(
      fc.asyncProperty(deaths, fc.integer({ min: 1, max: 40 }), async (death, repeats) => {
        const before = await stored();
        const key = randomUUID();
        const body = newPerson();
        await dying(death, key, body);
        if (death !== "answered") {
          const early = await post(pair.apps[1], key, body);
          expect(early.status).toBe(409);
          pair.pass(LEASE_MS);
        }
        const answers = await postMany(repeats, key, body);
        expect(new Set(await Promise.all(answers.map(seen))).size).toBe(1);
        expect(answers[0]?.status).toBe(201);
        expect(answers[0]?.headers.get("location")).toMatch(/^\/api\/v1\/employees\//u);
        expect(await stored()).toBe(before + onePerson);
      }),
      { numRuns: 12 },
    );
  });

  /** A process that gets so far with a request, and no further. */
  async function dying(
    at: "claimed" | "carried out" | "answered",
    key: string,
    body: object,
  ): Promise<void> {
    if (at === "answered") {
      await post(pair.apps[0], key, body);
      return;
    }
    const bucket: IdempotencyBucket = {
      ...pair.bucket,
      async write(name, entry, revision) {
        if (entry.kind === "answered") throw new Error("dead");
        const written = await pair.bucket.write(name, entry, revision);
        if (at === "claimed") throw new Error("dead");
        return written;
      },
    };
    const answer = await post(pair.appWith(bucket), key, body);
    expect(answer.status).toBe(at === "claimed" ? 500 : 201);
  }

  test("a run that was taken for dead and wakes up adds nothing", async () => {
    const before = await stored();
    const key = randomUUID();
    const body = newPerson();
    const claimed = Promise.withResolvers<void>();
    const woken = Promise.withResolvers<void>();
    const slow: IdempotencyBucket = {
      ...pair.bucket,
      async write(name, entry, revision) {
        const written = await pair.bucket.write(name, entry, revision);
        if (entry.kind === "running") {
          claimed.resolve();
          await woken.promise;
        }
        return written;
      },
    };
    const first = post(pair.appWith(slow), key, body);
    await claimed.promise;
    pair.pass(LEASE_MS);
    const second = await post(pair.apps[1], key, body);
    woken.resolve();
    const [one, two] = [await first, second];
    expect(await two.text()).toBe(await one.text());
    expect(await stored()).toBe(before + onePerson);
    expect(await seen(await post(pair.apps[0], key, body))).toBe(
      await seen(await post(pair.apps[1], key, body)),
    );
  });

  test("a key with another body is refused, and one of another caller is another key", async () => {
    const key = randomUUID();
    expect((await post(pair.apps[0], key, newPerson())).status).toBe(201);
    const other = await post(pair.apps[1], key, newPerson({ firstName: "Bea" }));
    expect(other.status).toBe(422);
    expect(await other.json()).toMatchObject({ code: "api.idempotency-key-reused" });
  });

  test("what is kept in the hub names nobody", async () => {
    const key = randomUUID();
    await post(pair.apps[0], key, newPerson({ lastName: "Unmistakable" }));
    const jsm = await jetstreamManager(pair.cloud.nc, { checkAPI: false });
    const { state } = await jsm.streams.info("KV_idempotency");
    const message = await jsm.streams.getMessage("KV_idempotency", { seq: state.last_seq });
    const text = Buffer.from(message?.data ?? []).toString("latin1");
    expect(text).toContain("answered");
    expect(text).not.toContain("Unmistakable");
    expect(message?.subject).not.toContain(key);
  });
});

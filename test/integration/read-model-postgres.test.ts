import { randomUUID } from "node:crypto";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { eventSubject } from "@clockleaf/shared/subjects.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { EventStore } from "../../cloud/eventing/event-store.ts";
import { openJsEventStore } from "../../cloud/eventing/js-event-store.ts";
import type { ProjectionRunner } from "../../cloud/eventing/projection.ts";
import { createProjectionRunner } from "../../cloud/eventing/projection-runner.ts";
import { openReadModel, type WritableReadModel } from "../../cloud/eventing/read-model.ts";
import { type CloudHub, startCloudHub } from "../support/cloud-hub.ts";
import { eventually } from "../support/eventually.ts";
import { findNatsServer } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import { person } from "../support/people.ts";
import {
  hasStore,
  type PlaceInWords,
  type Places,
  startPlaces,
} from "../support/read-model-place.ts";
import { type TitlesDb, titlesProjection } from "../support/titles-projection.ts";
import { describeReadModel } from "./read-model.contract.ts";

describeReadModel("PostgreSQL");

const titlesIn = (model: WritableReadModel<TitlesDb>): Promise<Array<{ title: string }>> =>
  model.db.selectFrom("titles").select("title").orderBy("seq").execute();

const isPossible = available("nats-server", findNatsServer()) && hasStore("PostgreSQL");

describe.skipIf(!isPossible)("a database of read models", () => {
  let cloud: CloudHub;
  let places: Places;
  let store: EventStore;
  beforeAll(async () => {
    cloud = await startCloudHub("cloud-api");
    places = await startPlaces("PostgreSQL");
    store = await openJsEventStore({ nc: cloud.nc });
  });
  afterAll(async () => {
    await places[Symbol.asyncDispose]();
    await cloud[Symbol.asyncDispose]();
  });

  const append = async (tenant: string, jobTitle: string): Promise<number> => {
    const address = { domain: "employee", tenant, aggregateId: randomUUID() } as const;
    const events = [
      { type: "employee.employee.updated", data: person(address.aggregateId, jobTitle) },
    ];
    const cause = {
      source: "test",
      atMs: 1,
      correlationId: null,
      causationId: null,
      traceparent: undefined,
    };
    const seqs = await store.append([{ address, expectedSeq: 0, events }], cause);
    return seqs.get(eventSubject(address)) ?? 0;
  };
  const start = async (
    words: PlaceInWords,
    how: { readonly tenant: string; readonly isApplied: boolean },
  ): Promise<{ model: WritableReadModel<TitlesDb>; runner: ProjectionRunner }> => {
    const model = await openReadModel(places.open(words, how), titlesProjection(how.tenant));
    const runner = createProjectionRunner({ nc: cloud.nc, model, log: silentLog() });
    runner.start();
    return { model, runner };
  };
  test("lets a process read, and wait for, what another one applies", async () => {
    const tenant = `t-${randomUUID()}`;
    const words = places.fresh();
    const reading = await start(words, { tenant, isApplied: false });
    const seq = await append(tenant, "first");
    expect(await reading.runner.waitFor(seq, 100)).toBe(false);
    const working = await start(words, { tenant, isApplied: true });
    expect(await reading.runner.waitFor(seq, 10_000)).toBe(true);
    expect(await titlesIn(reading.model)).toEqual([{ title: "first" }]);
    expect(reading.runner.status()).toMatchObject({ isRunning: true, position: seq });
    await reading.runner.rebuild();
    await eventually(() => working.runner.status().rebuildsTotal === 1);
    expect(await reading.runner.waitFor(await append(tenant, "second"), 10_000)).toBe(true);
    expect(await titlesIn(reading.model)).toHaveLength(2);
    await reading.runner.close();
    await working.runner.close();
  });

  test("that crashes is gone on with where it stood, and queries meanwhile say that it is away", async () => {
    const tenant = `t-${randomUUID()}`;
    const { model, runner } = await start(places.fresh(), { tenant, isApplied: true });
    expect(await runner.waitFor(await append(tenant, "before"), 10_000)).toBe(true);
    await places.server?.kill();
    const seq = await append(tenant, "meanwhile");
    await expect(titlesIn(model)).rejects.toMatchObject({ code: "read-model.unavailable" });
    await places.server?.start();
    expect(await runner.waitFor(seq, 20_000)).toBe(true);
    expect(await titlesIn(model)).toEqual([{ title: "before" }, { title: "meanwhile" }]);
    await runner.close();
  });
});

import { randomUUID } from "node:crypto";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { eventSubject } from "@clockleaf/shared/subjects.ts";
import { encode } from "@clockleaf/shared/wire/codec.ts";
import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import { headers } from "nats";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { ConsumerRunner } from "../../cloud/eventing/consumer-runner.ts";
import { publishDeadLetter, readDeadLetters } from "../../cloud/eventing/dead-letter.ts";
import type { StoredEvent } from "../../cloud/eventing/event-store.ts";
import { openJsEventStore } from "../../cloud/eventing/js-event-store.ts";
import { heldHere } from "../../cloud/eventing/leases.ts";
import { createReaction } from "../../cloud/eventing/reaction.ts";
import { runCloud, startCloudProcess, writeCloudConfig } from "../support/cloud.ts";
import { type CloudHub, startCloudHub } from "../support/cloud-hub.ts";
import { eventually } from "../support/eventually.ts";
import { findNatsServer } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import { person } from "../support/people.ts";
import { type TempDir, tempDir } from "../support/temp.ts";

const TENANT = "acme";
const CREATED = "employee.employee.created";

const idOf = (stored: StoredEvent): string =>
  (stored.event.data as { employeeId: string }).employeeId;

interface Listed {
  readonly letter: number;
  readonly consumer: string;
  readonly stream: string;
  readonly seq: number;
  readonly code: string;
}

describe.skipIf(!available("nats-server", findNatsServer()))("dead letters", () => {
  let cloud: CloudHub;
  let dir: TempDir;
  let config: string;
  const running: ConsumerRunner[] = [];
  beforeAll(async () => {
    cloud = await startCloudHub("cloud-consumers");
    dir = tempDir("dlq");
    config = fileFor("cloud-api");
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((runner) => runner.close()));
  });
  afterAll(async () => {
    await cloud[Symbol.asyncDispose]();
    dir.remove();
  });

  const fileFor = (role: "cloud-api" | "cloud-consumers"): string =>
    writeCloudConfig({
      dir: dir.path,
      servers: [cloud.site.hub.url],
      seedFile: cloud.site.deployment.seedFile(role),
      name: `${role}.yaml`,
    }).file;
  const dlq = (...args: string[]) => runCloud(["dlq", ...args, "--config", config]);
  const listed = async (consumer: string): Promise<Listed[]> =>
    JSON.parse((await dlq("list", "--json", "--consumer", consumer)).stdout) as Listed[];

  /** Once there is one. */
  const firstOf = (consumer: string): Promise<Listed> =>
    eventually(async () => (await listed(consumer))[0], { timeoutMs: 20_000 });

  const hire = async (employeeId: string): Promise<void> => {
    const address = { domain: "employee", tenant: TENANT, aggregateId: employeeId } as const;
    const events = [{ type: CREATED, data: person(employeeId) }] as const;
    const store = await openJsEventStore({ nc: cloud.nc });
    await store.append([{ address, expectedSeq: 0, events }], {
      source: "cloud/test",
      atMs: Date.now(),
      correlationId: null,
      causationId: randomUUID(),
      traceparent: undefined,
    });
  };
  const react = (name: string, handle: (stored: StoredEvent) => Promise<void>): ConsumerRunner => {
    const runner = createReaction(
      { nc: cloud.nc, tenant: TENANT, log: silentLog(), context: "test", leases: heldHere() },
      { name, domain: "employee", types: [CREATED], handle },
    );
    running.push(runner);
    runner.start();
    return runner;
  };

  test("are listed and shown without personal data, and handled again once their cause is gone", async () => {
    const name = `fixable-${randomUUID().slice(0, 8)}`;
    const [bad, good] = [`bad-${randomUUID()}`, `good-${randomUUID()}`];
    const handled: string[] = [];
    let isFixed = false;
    react(name, async (stored) => {
      if (idOf(stored) === bad && !isFixed) throw new PlatformError("event.invalid", "no site");
      handled.push(idOf(stored));
    });
    await hire(bad);
    await hire(good);
    await eventually(() => handled.includes(good));
    const letter = await firstOf(`test-${name}`);
    expect(letter).toMatchObject({ code: "event.invalid", stream: "EMPLOYEE" });
    expect(letter.consumer).toMatch(new RegExp(`^test-${name}-[0-7]$`));
    const seq = String(letter.letter);

    const text = await dlq("list");
    expect(text.stdout).toMatch(/^SEQ +AGE +CONSUMER +MESSAGE +CODE +REASON$/m);
    expect(text.stdout).toContain("no site");
    const shown = await dlq("show", seq);
    expect(shown.stdout).toContain(`ce-type: ${CREATED}`);
    expect(shown.stdout).toContain(bad);
    const { firstName, lastName, email } = person(bad);
    for (const secret of [firstName, lastName, email]) expect(shown.stdout).not.toContain(secret);

    const early = await dlq("retry", seq);
    expect(early).toMatchObject({ code: 1 });
    expect(early.stdout).toContain("failed again: event.invalid: no site");
    expect(handled).not.toContain(bad);

    isFixed = true;
    const late = await dlq("retry", "--all", "--consumer", `test-${name}`);
    expect(late).toMatchObject({ code: 0, stdout: `${seq}\twent through\n` });
    expect(handled.filter((id) => id === bad)).toHaveLength(1);
    expect(await listed(`test-${name}`)).toEqual([]);
    expect((await dlq("retry", seq)).stderr).toContain("no dead letter");
    expect(handled.filter((id) => id === bad)).toHaveLength(1);
  });

  test("are handled in turn with other messages of their share, never beside one", async () => {
    const name = `turn-${randomUUID().slice(0, 8)}`;
    const id = `t-${randomUUID()}`;
    let atOnce = 0;
    let isFixed = false;
    const gate = Promise.withResolvers<void>();
    let waiting = 0;
    const handled: string[] = [];
    react(name, async (stored) => {
      if (idOf(stored) === id && !isFixed) throw new PlatformError("event.invalid", "not yet");
      atOnce += 1;
      if (isFixed && waiting === 0) {
        waiting += 1;
        await gate.promise;
      }
      expect(atOnce).toBe(1);
      handled.push(stored.subject);
      atOnce -= 1;
    });
    await hire(id);
    const letter = await firstOf(`test-${name}`);
    isFixed = true;
    const subject = eventSubject({ domain: "employee", tenant: TENANT, aggregateId: id });
    const jsm = await jetstreamManager(cloud.nc, { checkAPI: false });
    const first = await jsm.direct.getMessage("EMPLOYEE", { seq: letter.seq });
    // The same event once more, as a second message of this aggregate: it holds the turn while the retry waits.
    const again = headers();
    for (const key of first?.header.keys() ?? []) {
      if (!key.startsWith("Nats-")) again.set(key, first?.header.get(key) ?? "");
    }
    await jetstream(cloud.nc).publish(subject, first?.data ?? new Uint8Array(), { headers: again });
    await eventually(() => waiting === 1);
    const retrying = dlq("retry", String(letter.letter));
    await eventually(async () => (await listed(`test-${name}`)).length === 1);
    gate.resolve();
    expect(await retrying).toMatchObject({ code: 0 });
    expect(handled.filter((each) => each === subject)).toHaveLength(2);
  });

  test("are not made where all that failed was the hub, however often and long it is away", async () => {
    const name = `away-${randomUUID().slice(0, 8)}`;
    const id = `w-${randomUUID()}`;
    const { hub } = cloud.site;
    const jsm = await jetstreamManager(cloud.nc, { checkAPI: false, timeout: 200 });
    const begun = Promise.withResolvers<void>();
    const killed = Promise.withResolvers<void>();
    let tries = 0;
    const handled: string[] = [];
    react(name, async (stored) => {
      if (idOf(stored) !== id) return;
      tries += 1;
      begun.resolve();
      await killed.promise;
      await jsm.streams.info("EMPLOYEE");
      handled.push(id);
    });
    await hire(id);
    await begun.promise;
    await hub.kill();
    killed.resolve();
    const moreThanAFaultGets = 6;
    await eventually(() => tries > moreThanAFaultGets, { timeoutMs: 60_000 });
    await hub.start();
    await eventually(() => handled.includes(id), { timeoutMs: 60_000 });
    expect(await listed(`test-${name}`)).toEqual([]);
  });

  test("of a consumer from before there were shares go to its share; where nobody runs it, they stay", async () => {
    const name = `old-${randomUUID().slice(0, 8)}`;
    const id = `o-${randomUUID()}`;
    const subject = eventSubject({ domain: "employee", tenant: TENANT, aggregateId: id });
    await hire(id);
    const jsm = await jetstreamManager(cloud.nc, { checkAPI: false });
    const original = await jsm.direct.getMessage("EMPLOYEE", { last_by_subj: subject });
    await publishDeadLetter(cloud.nc, {
      consumer: `test-${name}`,
      stream: "EMPLOYEE",
      seq: original?.seq ?? 0,
      subject,
      data: original?.data ?? new Uint8Array(),
      headers: original?.header,
      error: new PlatformError("event.invalid", "of old"),
    });
    const letter = await firstOf(`test-${name}`);
    const nobody = await dlq("retry", String(letter.letter));
    expect(nobody).toMatchObject({ code: 1 });
    expect(nobody.stdout).toContain("nobody runs its consumer");
    const handled: string[] = [];
    const runner = react(name, async (stored) => void handled.push(idOf(stored)));
    await eventually(() => runner.stats().isRunning && handled.includes(id));
    expect(await dlq("retry", String(letter.letter))).toMatchObject({ code: 0 });
    expect(handled.filter((each) => each === id)).toHaveLength(2);
  });

  test("made by a real process from bytes that are no event can be seen, and fail again with their reason", async () => {
    const process = await startCloudProcess({ file: fileFor("cloud-consumers"), key: "" }, [
      "--role",
      "consumers",
    ]);
    try {
      const aggregateId = `p-${randomUUID()}`;
      const poison = headers();
      poison.set("ce-type", "employee.badge.assigned");
      const subject = eventSubject({ domain: "employee", tenant: TENANT, aggregateId });
      const body = encode({ metadata: { eventType: "unheard.of.it" }, data: { name: "Ada" } });
      await jetstream(cloud.nc).publish(subject, body, { headers: poison });
      const letter = await firstOf("attendance-badges");
      const seq = String(letter.letter);
      const shown = await dlq("show", seq, "--json");
      expect(shown.stdout).toContain('"fields":["name"]');
      expect(shown.stdout).not.toContain("Ada");
      const again = await dlq("retry", seq, "--json");
      expect(again.code).toBe(1);
      expect(JSON.parse(again.stdout)).toMatchObject([
        { outcome: { kind: "failed", code: letter.code } },
      ]);
      expect(await listed("attendance-badges")).toHaveLength(1);
    } finally {
      await process[Symbol.asyncDispose]();
    }
  });

  test("wrong words are told with what would be right", async () => {
    for (const words of [["retry"], ["show"], ["show", "x"], ["list", "3"], ["forget", "3"]]) {
      expect((await dlq(...words)).code).toBe(2);
    }
    expect(await dlq("show", "999999")).toMatchObject({ code: 1 });
  });

  test("a letter that is written twice under one id lies there once, and the second time is a success", async () => {
    const letter = {
      consumer: "bridge-test-twice",
      stream: "EMPLOYEE",
      seq: 7,
      subject: "x",
      data: new Uint8Array([1]),
      headers: undefined,
      error: new PlatformError("bridge.poison", "for the test"),
      id: randomUUID(),
    };
    await publishDeadLetter(cloud.nc, letter);
    await publishDeadLetter(cloud.nc, letter);
    const jsm = await jetstreamManager(cloud.nc, { checkAPI: false });
    const found = [];
    for await (const each of readDeadLetters(cloud.nc, jsm)) {
      if (each.consumer === letter.consumer) found.push(each.seq);
    }
    expect(found).toEqual([7]);
  });
});

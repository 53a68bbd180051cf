import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import {
  terminalAnswerSubject,
  terminalInbox,
  terminalPunchSubject,
} from "@clockleaf/shared/subjects.ts";
import { encode } from "@clockleaf/shared/wire/codec.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { seededFraction } from "../../../test/support/seeded.ts";
import { GREEN, type RecordedDeps, recordedDeps } from "../driver.contract.ts";
import type { Feedback } from "../driver.ts";
import { natsPushConfigSchema } from "./config.ts";
import { MAX_IN_FLIGHT } from "./counter.ts";
import { createDesk, type Desk } from "./desk.ts";
import { type Bytes, mutated, noise } from "./mangled.ts";

const config = natsPushConfigSchema.parse({
  servers: ["nats://127.0.0.1:4222"],
  seedFile: "reader.nk",
  readers: [
    { id: "desk", quietMinutes: 5 },
    { id: "gate", hint: "in" },
  ],
});
/** What recordedDeps says. */
const NOW = "2026-11-24T12:00:00";
const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const punch = (id: string, some: object = {}): Uint8Array => json({ id, badge: "42", ...some });

describe("where terminals hand over", () => {
  let deps: RecordedDeps;
  let desk: Desk;
  let nowMs: number;
  let answers: Array<readonly [subject: string, answer: Record<string, unknown>]>;
  let isConnected: boolean;

  beforeEach(() => {
    nowMs = 0;
    answers = [];
    isConnected = true;
    deps = Object.assign(recordedDeps("unused"), { now: () => nowMs });
    desk = createDesk(config, deps, (subject, bytes) => {
      if (!isConnected) throw new Error("closed");
      answers.push([subject, JSON.parse(new TextDecoder().decode(bytes))]);
    });
  });
  afterEach(() => desk.end());

  const take = (data: Uint8Array, reader = "desk", reply?: string): void =>
    desk.take({ subject: terminalPunchSubject(reader), reply, data });
  const counters = (reader = "desk") => deps.health.get(reader)?.counters;

  it("answers only after the commit, with what the person may be shown", async () => {
    const commit = Promise.withResolvers<Feedback>();
    deps.answer = () => commit.promise;
    take(punch("1", { at: "2026-11-24T08:00:00" }));
    await new Promise((resolve) => setImmediate(resolve));
    expect(answers).toEqual([]);
    commit.resolve({ light: "amber", text: "Hello" });
    await desk.idle();
    expect(answers).toEqual([
      [
        terminalAnswerSubject("desk"),
        { ok: true, id: "1", light: "amber", text: "Hello", time: NOW },
      ],
    ]);
    expect(deps.readings).toMatchObject([
      {
        reader: "desk",
        credential: { kind: "number", value: "42" },
        hint: null,
        deviceLocal: "2026-11-24T08:00:00",
        deviceSeq: null,
        recordKey: expect.stringMatching(/^1:[0-9a-f]{16}$/),
      },
    ]);
  });

  it("says that a refused punch is not stored, and to come again", async () => {
    deps.answer = () => Promise.reject(new PlatformError("journal.full", "no room"));
    take(punch("1"));
    await desk.idle();
    expect(answers.map(([, answer]) => answer)).toEqual([
      { ok: false, id: "1", reason: "not-stored", retry: true },
    ]);
    expect(counters()).toEqual({ received: 1, stored: 0, undated: 1, not_stored: 1 });
  });

  it("hands over how long ago a punch was made where the terminal counts", async () => {
    take(punch("1", { ago: 7.5 }));
    take(punch("2"));
    await desk.idle();
    expect(deps.readings[0]).toMatchObject({ deviceLocal: null, agoMs: 7_500 });
    expect(deps.readings[1]).not.toHaveProperty("agoMs");
    expect(counters()).toMatchObject({ undated: 1 });
  });

  it("takes the configured meaning where the terminal says none, or one that nobody knows", async () => {
    for (const hint of [undefined, "overtime", "out"]) take(punch("1", { hint }), "gate");
    await desk.idle();
    expect(deps.readings.map(({ hint }) => hint)).toEqual(["in", "in", "out"]);
    expect(counters("gate")).toMatchObject({ unknown_hint: 1 });
  });

  it("keeps a punch whose date is none, and counts it", async () => {
    take(punch("1", { at: "2026-02-30T08:00:00" }));
    await desk.idle();
    expect(deps.readings).toMatchObject([{ deviceLocal: null }]);
    expect(counters()).toEqual({ received: 1, stored: 1, impossible_date: 1, undated: 1 });
  });

  it("answers where it is asked to within the terminal's own inbox, and never in another's name", async () => {
    const own = `${terminalInbox("desk")}.x.1`;
    const others = [
      terminalAnswerSubject("gate"),
      `${terminalInbox("gate")}.x`,
      terminalPunchSubject("gate"),
      terminalInbox("desk"),
      `${terminalInbox("desk")}.>`,
      `${own}.${"x".repeat(200)}`,
      "_INBOX.x",
    ];
    for (const [index, reply] of [own, ...others].entries()) take(punch(`${index}`), "desk", reply);
    await desk.idle();
    expect(answers.map(([subject]) => subject)).toEqual([
      own,
      ...others.map(() => terminalAnswerSubject("desk")),
    ]);
    expect(counters()).toMatchObject({ foreign_reply: others.length });
  });

  it("says why it does not take a message, and counts it by reason", () => {
    take(json({ id: "1" }));
    take(punch("2", { more: "x".repeat(3000) }));
    take(encode({ id: "3", badge: "" }));
    expect(answers[0]?.[1]).toMatchObject({
      ok: false,
      id: "1",
      reason: "malformed",
      retry: false,
    });
    expect(answers[1]?.[1]).toMatchObject({ ok: false, id: null, reason: "too-large" });
    expect(counters()).toMatchObject({ received: 3, malformed: 2, too_large: 1 });
    expect(deps.readings).toEqual([]);
  });

  it("tells a terminal that nobody has configured, and counts it", () => {
    take(punch("1"), "stranger");
    desk.take({ subject: "terminal.v1.ä.punch", reply: undefined, data: punch("1") });
    expect(answers).toEqual([
      [
        terminalAnswerSubject("stranger"),
        { ok: false, id: "1", reason: "unknown-reader", retry: true },
      ],
    ]);
    expect(counters()).toMatchObject({ unknown_reader: 2, received: 0 });
    expect(deps.readings).toEqual([]);
  });

  it("has so many punches of one terminal under way and no more, answers a flood now and then, and serves others", async () => {
    const commit = Promise.withResolvers<Feedback>();
    deps.answer = () => commit.promise;
    for (let n = 0; n < 10_000; n += 1) take(punch(`${n}`));
    take(punch("1"), "gate");
    expect(deps.readings).toHaveLength(MAX_IN_FLIGHT + 1);
    expect(answers.every(([, { reason, retry }]) => reason === "busy" && retry === true)).toBe(
      true,
    );
    expect(answers).toHaveLength(16);
    expect(counters()).toMatchObject({
      received: 10_000,
      busy: 10_000 - MAX_IN_FLIGHT,
      unanswered: 10_000 - MAX_IN_FLIGHT - answers.length,
    });
    commit.resolve(GREEN);
    await desk.idle();
    nowMs += 1000;
    take(punch("9999"));
    await desk.idle();
    expect(answers.at(-1)?.[1]).toMatchObject({ ok: true, id: "9999" });
  });

  it("does not fall over an answer that cannot be sent any more", async () => {
    isConnected = false;
    take(punch("1"));
    await desk.idle();
    expect(counters()).toMatchObject({ stored: 1, answers_lost: 1 });
  });

  it("reports a terminal online once it speaks, and offline when it is silent for longer than configured", () => {
    expect(deps.health.get("desk")?.state).toBe("starting");
    take(json({ alive: true }));
    expect(answers).toEqual([[terminalAnswerSubject("desk"), { ok: true, id: null, time: NOW }]]);
    expect(deps.progressed).toBe(1);
    nowMs += 5 * 60_000 - 1;
    desk.look();
    expect(deps.health.get("desk")?.state).toBe("online");
    nowMs += 1;
    desk.look();
    expect(deps.health.get("desk")).toMatchObject({
      state: "offline",
      fault: { code: "device.no-reply" },
    });
    take(json({ alive: true }));
    desk.look();
    expect(counters()).toMatchObject({ alive: 2 });
    desk.end();
    expect(deps.statuses).toEqual(
      ["online", "offline", "online", "offline"].map((what) => ["desk", what]),
    );
    // The other one has never said a word and nobody asked to be told.
    expect(deps.health.get("gate")?.state).toBe("starting");
  });

  it("takes any bytes: each is stored or counted, nothing throws and nothing piles up", async () => {
    const frames = Number(process.env["FUZZ_FRAMES"] ?? 20_000);
    const random = seededFraction(Number(process.env["FUZZ_SEED"] ?? 7));
    const valid: Bytes[] = [
      punch("1", { at: "2026-11-24T08:00:00", hint: "in" }),
      json({ id: "2", card: { bits: 26, hex: "bdd93740" } }),
      encode({ id: "3", badge: "42", at: "2026-11-24T08:00:00", hint: "out" }),
      encode({ id: "4", card: { bits: 26, hex: "bdd93740" } }),
      json({ alive: true }),
    ];
    const unnamed: unknown[] = [];
    deps.accept = ({ recordKey }) => {
      if (!/^[A-Za-z0-9._:-]{1,64}$/.test(recordKey ?? "")) unnamed.push(recordKey);
      return Promise.resolve(GREEN);
    };
    for (let n = 1; n <= frames; n += 1) {
      take(random() < 0.2 ? noise(random) : mutated(valid, random));
      if (n % MAX_IN_FLIGHT === 0) await desk.idle();
      // One bad frame hides nothing of the next.
      if (n % 100 === 0) {
        await desk.idle();
        const before = counters()?.["stored"] ?? 0;
        take(valid[n % 4] ?? punch("x"));
        await desk.idle();
        expect(counters()?.["stored"]).toBe(before + 1);
      }
    }
    await desk.idle();
    expect(unnamed).toEqual([]);
    const seen = { received: 0, stored: 0, malformed: 0, too_large: 0, alive: 0, ...counters() };
    expect(seen.stored + seen.malformed + seen.too_large + seen.alive).toBe(seen.received);
    expect(seen.malformed).toBeGreaterThan(frames / 10);
    expect(seen.stored).toBeGreaterThan(frames / 100);
  }, 1_800_000);
});

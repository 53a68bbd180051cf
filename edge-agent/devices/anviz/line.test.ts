import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { eventually } from "../../../test/support/eventually.ts";
import { createMemoryPair, type MemoryPair } from "../../ports/memory.ts";
import type { Port } from "../../ports/port.ts";
import { createFramer, encodeFrame, type Frame } from "./frame.ts";
import { Line, type LineMember, type LineOptions } from "./line.ts";
import type { Request } from "./messages.ts";

const OLDEST: Request = { ask: "new-records", from: "oldest", count: 25 };
const NEXT: Request = { ask: "new-records", from: "next", count: 25 };
const INFO: Request = { ask: "info" };
const CLOCK: Request = { ask: "clock" };

interface Member extends LineMember {
  readonly counters: Record<string, number>;
}

function memberOf(device: number): Member {
  const counters: Record<string, number> = {};
  return {
    device,
    counters,
    count: (name, by = 1) => void (counters[name] = (counters[name] ?? 0) + by),
    alive: () => undefined,
  };
}

describe("a line of terminals", () => {
  let pair: MemoryPair;
  let members: Member[];
  let heard: Frame[];
  let stop: AbortController;
  let running: Promise<void>;
  let line: Line;

  beforeEach(() => {
    pair = createMemoryPair();
    members = [memberOf(1), memberOf(2)];
    heard = [];
    stop = new AbortController();
    const framer = createFramer();
    pair.terminal.onData((chunk) => void heard.push(...framer.push(chunk)));
  });
  afterEach(async () => {
    stop.abort();
    await running.catch(() => undefined);
  });

  const start = (options: Partial<LineOptions> = {}, port: Port = pair.agent): void => {
    line = new Line(port, members, {
      replyTimeoutMs: 30,
      turnaroundMs: 0,
      frameGapMs: 0,
      now: () => performance.now(),
      ...options,
    });
    running = line.run(stop.signal);
    running.catch(() => undefined);
  };
  const ask = (request: Request, at = 0): Promise<unknown> => {
    const [member] = members.slice(at);
    if (member === undefined) throw new Error("no such member");
    const answer = line.ask(member, request).then(
      ({ data }) => data[0],
      (error: unknown) => (error as { code?: string }).code,
    );
    return answer;
  };
  /** The terminal says this; `data` tells the answers apart. */
  const answer = (command: number, data: number, device = 1): void =>
    void pair.terminal.write(
      encodeFrame({ kind: "reply", device, command, ret: 0, data: Uint8Array.of(data) }),
    );
  const askedTimes = (count: number): Promise<unknown> => eventually(() => heard.length === count);

  test("does not take the late answer to a question for that to the same question asked again", async () => {
    start();
    expect(await ask(OLDEST)).toBe("device.no-reply");
    const again = ask(NEXT);
    answer(0x40, 1);
    await askedTimes(2);
    answer(0x40, 2);
    expect(await again).toBe(2);
    expect(members[0]?.counters["discarded_late"]).toBe(1);
  });

  test("asks the same again only once the older question cannot be answered any more; another question settles that", async () => {
    start();
    expect(await ask(OLDEST)).toBe("device.no-reply");
    const again = ask(OLDEST);
    const info = ask(INFO);
    await askedTimes(2);
    expect(heard.map(({ command }) => command)).toEqual([0x40, 0x3c]);
    answer(0x3c, 2);
    expect(await info).toBe(2);
    await askedTimes(3);
    answer(0x40, 3);
    expect(await again).toBe(3);
  });

  test("takes an answer that has not come for long for lost, and the next one for what it is", async () => {
    start();
    expect(await ask(OLDEST)).toBe("device.no-reply");
    const again = ask(OLDEST);
    await askedTimes(2);
    answer(0x40, 2);
    expect(await again).toBe(2);
  });

  test("takes any answer to a question that may be asked again and again", async () => {
    start();
    expect(await ask(INFO)).toBe("device.no-reply");
    const again = ask(INFO);
    await askedTimes(2);
    answer(0x3c, 1);
    expect(await again).toBe(1);
    const clock = ask(CLOCK);
    await askedTimes(3);
    // The second answer to the same question: nobody waits for it.
    answer(0x3c, 2);
    answer(0x38, 3);
    expect(await clock).toBe(3);
  });

  test("does not take another terminal's answer", async () => {
    start();
    const one = ask(INFO);
    await askedTimes(1);
    answer(0x3c, 2, 2);
    answer(0x3c, 1, 1);
    expect(await one).toBe(1);
    expect(members[1]?.counters["discarded_unasked"]).toBe(1);
  });

  test("asks somebody else while a terminal has its pause", async () => {
    start({ frameGapMs: 60 });
    const first = ask(INFO);
    const second = ask(CLOCK);
    const other = ask(INFO, 1);
    await askedTimes(1);
    answer(0x3c, 1);
    await askedTimes(2);
    answer(0x3c, 2, 2);
    await askedTimes(3);
    answer(0x38, 3);
    expect(await Promise.all([first, other, second])).toEqual([1, 2, 3]);
    expect(heard.map(({ device }) => device)).toEqual([1, 2, 1]);
  });

  test("is not stopped by a port that takes no bytes", async () => {
    start({}, { ...pair.agent, write: () => Promise.withResolvers<void>().promise });
    expect(await ask(INFO)).toBe("device.no-reply");
    expect(await ask(INFO, 1)).toBe("device.no-reply");
  });

  test("sends nothing that cannot be said", async () => {
    start();
    expect(await ask({ ask: "put-users", users: [], layout: "40" })).toBe("config.invalid");
    const info = ask(INFO);
    await askedTimes(1);
    answer(0x3c, 1);
    expect(await info).toBe(1);
  });

  test("tells everybody who waits that it is lost, and whoever asks then", async () => {
    start();
    const waiting = [ask(INFO), ask(CLOCK), ask(INFO, 1)];
    await askedTimes(1);
    pair.lose("pulled out");
    await expect(running).rejects.toMatchObject({ code: "port.lost" });
    expect((await Promise.all(waiting)).slice(1)).toEqual(["port.lost", "port.lost"]);
    expect(await ask(INFO)).toBe("port.lost");
  });
});

import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { systemdWishes } from "../config.ts";
import { startWatchdog } from "./watchdog.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A watchdog whose words are collected, over an agent that answers as `answers` says. */
function watched(answers: () => Promise<void>): readonly string[] {
  const said: string[] = [];
  const notify = (state: string): Promise<void> => Promise.resolve(void said.push(state));
  startWatchdog(60_000, { answers, notify, log: silentLog() });
  return said;
}

it("is fed several times within systemd's patience while the agent answers", async () => {
  const said = watched(() => Promise.resolve());
  await vi.advanceTimersByTimeAsync(60_000);
  expect(said).toEqual(["WATCHDOG=1", "WATCHDOG=1", "WATCHDOG=1"]);
});

it("is not fed while an answer is owed, and is again after it came", async () => {
  const hung = Promise.withResolvers<void>();
  const said = watched(() => hung.promise);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(said).toEqual([]);
  hung.resolve();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(said.length).toBeGreaterThan(0);
});

it("is not fed when the journal's thread is gone", async () => {
  const said = watched(() => Promise.reject(new Error("the journal's thread died")));
  await vi.advanceTimersByTimeAsync(600_000);
  expect(said).toEqual([]);
});

it("is wanted by whom systemd started, and by no child of that", () => {
  const env = { NOTIFY_SOCKET: "/run/systemd/notify", WATCHDOG_USEC: "180000000" };
  expect(systemdWishes({})).toBeUndefined();
  expect(systemdWishes({ ...env, WATCHDOG_PID: String(process.pid) })).toEqual({
    watchdogMs: 180_000,
  });
  expect(systemdWishes({ ...env, WATCHDOG_PID: "1" })).toEqual({ watchdogMs: undefined });
  expect(systemdWishes({ NOTIFY_SOCKET: env.NOTIFY_SOCKET })).toEqual({ watchdogMs: undefined });
});

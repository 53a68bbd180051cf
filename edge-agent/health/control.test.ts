import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CONTROL_SOCKET, type Control, openControl } from "./control.ts";
import { askAnyStatus, followTaps } from "./control-client.ts";

let runtimeDir: string;
let control: Control | undefined;

beforeEach(() => {
  runtimeDir = mkdtempSync(join(tmpdir(), "clockleaf-control-"));
});
afterEach(async () => {
  await control?.close();
  control = undefined;
  rmSync(runtimeDir, { recursive: true, force: true });
});

async function start(): Promise<Control> {
  control = await openControl({
    runtimeDir,
    status: () => ({ state: "ok" }),
    raw: () => "nothing to see",
  });
  return control;
}

describe("the agent's local door", () => {
  it("answers status to its own user only", async () => {
    await start();
    await expect(askAnyStatus(runtimeDir)).resolves.toEqual({ state: "ok" });
    expect(statSync(join(runtimeDir, CONTROL_SOCKET)).mode & 0o777).toBe(0o600);
  });

  it("says what to type when no agent runs", async () => {
    await expect(askAnyStatus(runtimeDir)).rejects.toMatchObject({
      code: "agent.not-running",
    });
    await expect(askAnyStatus(runtimeDir)).rejects.toThrow(/clockleaf-edge run/);
  });

  it("takes over the socket that a killed agent left behind", async () => {
    const first = await start();
    await openControl({ runtimeDir, status: () => 1, raw: () => "" }).then((second) =>
      second.close(),
    );
    await first.close();
    control = undefined;
    await start();
    await expect(askAnyStatus(runtimeDir)).resolves.toEqual({ state: "ok" });
  });

  it("streams accepted punches to a follower in order", async () => {
    const door = await start();
    const taps = followTaps(runtimeDir);
    const first = taps.next();
    // The follower is registered once its request was answered; publish until it hears one.
    const timer = setInterval(() => door.publish({ row: 1 }), 5);
    await expect(first).resolves.toEqual({ done: false, value: { row: 1 } });
    clearInterval(timer);
    door.publish({ row: 2 });
    let value: unknown;
    do value = (await taps.next()).value;
    while ((value as { row: number }).row === 1);
    expect(value).toEqual({ row: 2 });
    await taps.return(undefined);
  });
});

import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { osdpLine, osdpReader } from "../support/doctor-lines.ts";
import { createDoctorRig, type DoctorRig, natsOf } from "../support/doctor-rig.ts";
import { eventually } from "../support/eventually.ts";
import { findNatsServer } from "../support/nats.ts";
import { available } from "../support/parts.ts";

const KEY = "8f3c19a77e0254d1b6e80f9ac4517d23";
const hasNats = available("nats-server", findNatsServer());

let rig: DoctorRig;
beforeEach(() => {
  rig = createDoctorRig("doctor");
});
afterEach(() => rig[Symbol.asyncDispose]());

describe("clockleaf-edge doctor beside a running agent", () => {
  it.skipIf(!hasNats)("finds nothing failed, and leaves readers and punches alone", async () => {
    const site = await rig.startHubAndLeaf();
    const bus = rig.pty("ttyS7");
    const reader = osdpReader(bus, KEY);
    rig.configure({ nats: natsOf(site), lines: [osdpLine(rig, bus.slavePath, KEY)] });
    await rig.startAgent();
    await eventually(async () => {
      const { readers, uplink } = await rig.status();
      return readers[0]?.state === "online" && uplink.state.kind === "idle";
    });
    const before = (await rig.status()).readers[0]?.counters ?? {};
    const visit = await rig.doctor();
    expect(visit.failures()).toEqual([]);
    expect([0, 6]).toContain(visit.code);
    for (const about of [
      `configuration ${rig.config}`,
      "configuration in use",
      "agent",
      "library serialport",
      `serial port ${bus.slavePath}`,
      "reader gate-in",
      "hub",
      "clock against the hub's",
      "uplink of the agent",
      "backlog",
    ]) {
      expect(visit.about(about)).toMatchObject({ severity: "ok" });
    }
    reader.tap({ bits: 26, bytes: Uint8Array.of(0x4d, 0x2c, 0x1a, 0x40) }, "t1");
    await eventually(async () => {
      const { readers, journal } = await rig.status();
      return (readers[0]?.counters["cards"] ?? 0) === 1 && journal.waiting === 0;
    });
    const after = (await rig.status()).readers[0]?.counters ?? {};
    expect(after["link-starts"]).toBe(before["link-starts"]);
    expect(after["timeouts"] ?? 0).toBe(before["timeouts"] ?? 0);
  });

  it("says when the file is not the one it started with", async () => {
    rig.configure({ feedback: { unknownBadge: "amber" } });
    await rig.startAgent();
    await eventually(() => existsSync(join(rig.dir, "journal.db.last-good.yaml")));
    rig.configure({ feedback: { unknownBadge: "red" } });
    const said = (await rig.doctor()).about("configuration in use");
    expect(said).toMatchObject({
      severity: "warn",
      says: expect.stringContaining("feedback.unknownBadge"),
      cure: expect.stringMatching(/clockleaf-edge config diff .*sudo systemctl restart/),
    });
  });
});

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type HidReader, listenHidReader } from "@clockleaf/hardware-sim/hid/socket.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { askStatus } from "../../edge-agent/health/control-client.ts";
import { hubOffsetOf } from "../../edge-agent/health/hub-time.ts";
import type { AgentStatus } from "../../edge-agent/health/status.ts";
import type { HubOffset } from "../../edge-agent/uplink/hub-clock.ts";
import { type Child, createChild } from "../demo/child.ts";
import { applyTestTopology } from "../support/cloud-hub.ts";
import { createDoctorRig, type DoctorRig, type Said } from "../support/doctor-rig.ts";
import { EDGE_MAIN } from "../support/edge-cli.ts";
import { eventually } from "../support/eventually.ts";
import { createFakeClock, type FakeClock, findFaketime } from "../support/faketime.ts";
import { findNatsServer, type Site, startSite } from "../support/nats.ts";
import { available } from "../support/parts.ts";

const GATEWAY = { tenant: "acme", site: "hq", gateway: "gw1" };
const TEN_MINUTES = 600;
const AGAINST_HUB = "clock against the hub's";
const isHere =
  available("nats-server", findNatsServer()) && available("libfaketime", findFaketime());

// A real agent with a clock of its own, a real hub behind a leaf server with the true time.
describe.skipIf(!isHere)("a gateway whose clock is not the hub's", () => {
  let rig: DoctorRig;
  let site: Site;
  let desk: HidReader;
  let clock: FakeClock;
  let agent: Child;

  beforeEach(async () => {
    rig = createDoctorRig("hub-clock");
    site = await startSite();
    await applyTestTopology(site);
    desk = await listenHidReader(join(rig.dir, "desk.sock"));
    clock = createFakeClock(rig.dir);
    agent = createChild({
      args: [EDGE_MAIN, "run", "-c", rig.config],
      logFile: join(rig.dir, "agent.log"),
      env: clock.env,
    });
    configure("ignore");
  });
  afterEach(async () => {
    await agent.kill();
    await desk.close();
    await site.stop();
    await rig[Symbol.asyncDispose]();
  });

  function configure(ntp: "watch" | "ignore"): void {
    rig.configure({
      nats: {
        servers: [site.leaf().server.url],
        seedFile: site.deployment.gateway(GATEWAY).seedFile,
      },
      clock: { source: "system", ntp },
      lines: [
        {
          driver: "hid-keyboard",
          port: { hidSocket: { path: desk.path } },
          settings: { reader: "desk" },
        },
      ],
    });
  }
  const status = (): Promise<AgentStatus> => askStatus(join(rig.dir, "run"));
  async function start(): Promise<void> {
    agent.start();
    await eventually(() => desk.connected(), { what: "the agent at its reader" });
    await eventually(status, { what: "the agent's local door" });
  }
  /** The first measurement that `fits`; a badge is presented until there is one, for the clocks are compared when a row is sent. */
  async function offset(fits: (offset: HubOffset) => boolean): Promise<HubOffset> {
    let found: HubOffset | undefined;
    const knocking = setInterval(() => desk.tap("10001"), 1_000);
    try {
      await eventually(
        async () => {
          const seen = hubOffsetOf((await status()).uplink);
          if (seen === null || !fits(seen)) return false;
          found = seen;
          return true;
        },
        { what: "the hub's time", timeoutMs: 30_000 },
      );
    } catch (cause) {
      throw new Error(`${JSON.stringify(await status())}\n${agent.tail()}`, { cause });
    } finally {
      clearInterval(knocking);
    }
    if (found === undefined) throw new Error("no offset");
    return found;
  }
  const seenBy = async (env = clock.env): Promise<Said> =>
    (await rig.doctor({ env })).about(AGAINST_HUB);

  it.each([
    [TEN_MINUTES, "600.0 s ahead of the hub's"],
    [-TEN_MINUTES, "600.0 s behind the hub's"],
  ])("says so, by %s s, and that it is over once it was set", async (seconds, words) => {
    clock.setAhead(seconds);
    await start();
    const { aheadMs, withinMs } = await offset(() => true);
    expect(Math.abs(aheadMs - seconds * 1_000)).toBeLessThanOrEqual(withinMs);
    const { problems } = await status();
    expect(problems).toEqual(
      expect.arrayContaining([expect.stringMatching(/^clock \d+\.\d s .*dated wrongly/)]),
    );
    const shown = await rig.run(["status"], { env: clock.env });
    expect(shown.out).toMatch(/clock +.*no time service to ask, (599\.\d|600\.\d) s /);
    const said = await seenBy();
    expect(said).toMatchObject({
      severity: "fail",
      says: expect.stringMatching(new RegExp(words.replace("600.0", "(599\\.9|600\\.[01])"))),
      cure: expect.stringContaining("sudo timedatectl set-ntp true"),
    });

    clock.setRight();
    await offset((now) => Math.abs(now.aheadMs) <= now.withinMs);
    expect((await status()).problems.filter((each) => each.startsWith("clock"))).toEqual([]);
    expect((await seenBy()).severity).toBe("ok");
  });

  it("is not told to set the clock that a time service keeps", async () => {
    const bin = join(rig.dir, "bin");
    mkdirSync(bin);
    const setAtS = Date.now() / 1_000 + TEN_MINUTES;
    const tracking = `C0000207,192.0.2.7,3,${setAtS},0,0,0,0,0,0,0,0,64,Normal`;
    writeFileSync(join(bin, "chronyc"), `#!/bin/sh\necho ${tracking}\n`, { mode: 0o755 });
    configure("watch");
    agent = createChild({
      args: [EDGE_MAIN, "run", "-c", rig.config],
      logFile: join(rig.dir, "agent.log"),
      env: { ...clock.env, PATH: `${bin}:${process.env["PATH"]}` },
    });
    clock.setAhead(TEN_MINUTES);
    await start();
    await offset(() => true);
    expect((await status()).clock.sync).toBe("synchronised");
    expect((await status()).problems.join()).toContain("although a time service keeps it");
    expect(await seenBy()).toMatchObject({
      severity: "warn",
      says: expect.stringContaining("although a time service keeps it"),
      cure: expect.stringContaining("chronyc sources"),
    });
  });

  it("is compared once, whatever is punched", async () => {
    await start();
    const { measuredAtMs } = await offset(() => true);
    const rows = async (): Promise<number> => (await status()).journal.deliveredRow;
    const before = await rows();
    const knocking = setInterval(() => desk.tap("10001"), 50);
    await eventually(async () => (await rows()) >= before + 20, { what: "20 punches" });
    clearInterval(knocking);
    expect(hubOffsetOf((await status()).uplink)?.measuredAtMs).toBe(measuredAtMs);
  });
});

import { setTimeout as sleep } from "node:timers/promises";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { parseEvery, parseNumber } from "../cli.ts";
import { needed, type SimCommand, textOf } from "../command.ts";
import { startFleet } from "./fleet.ts";
import { enrolledGateways } from "./keys.ts";

export const fleetCommand: SimCommand = {
  name: "fleet",
  help: `fleet --gateways N --hub URL --keys DIR [options]    hundreds of gateways in this process
    --hub URL          nats://HOST:PORT of the hub, without leaf servers between
    --keys DIR         written by \`node deploy/nats/main.ts init\`: the gateways enrolled there
    --rate N           punches a second of all together; default 10
    --punches N        made in all; then it drains and ends
    --for EVERY        or so long: 60s, 10m; default until stopped
    --people N         at each gateway, with badge numbers GATEWAY-1 and on; default 20
    --heartbeat EVERY  default 5s
    --cut EVERY        one gateway after another loses its link so often; default never
    --cut-for EVERY    and has it back after so long; default 5s
    --report EVERY     how often the counts are told; default 5s
    --drain EVERY      how long the hub has at the end to take what waits; default 60s`,
  options: {
    gateways: { type: "string" },
    hub: { type: "string" },
    keys: { type: "string" },
    rate: { type: "string" },
    punches: { type: "string" },
    for: { type: "string" },
    people: { type: "string" },
    heartbeat: { type: "string" },
    cut: { type: "string" },
    "cut-for": { type: "string" },
    report: { type: "string" },
    drain: { type: "string" },
  },
  async run(values, { random, stopped, say, fact }) {
    const number = (name: string, otherwise: string, max: number): number =>
      parseNumber(name, textOf(values, name) ?? otherwise, { min: 1, max });
    const every = (name: string, otherwise: string): number =>
      parseEvery(textOf(values, name) ?? otherwise);
    const count = parseNumber("gateways", needed(values, "gateways"), { min: 1, max: 2_000 });
    const hub = needed(values, "hub");
    const [cut, punches, duration] = [
      textOf(values, "cut"),
      textOf(values, "punches"),
      textOf(values, "for"),
    ];
    const fleet = startFleet({
      gateways: enrolledGateways(needed(values, "keys"), count),
      hub,
      random,
      punchesPerSecond: number("rate", "10", 100_000),
      punches: punches === undefined ? null : number("punches", "", 100_000_000),
      people: number("people", "20", 100_000),
      heartbeatMs: every("heartbeat", "5s"),
      cuts: cut === undefined ? null : { everyMs: parseEvery(cut), forMs: every("cut-for", "5s") },
      onTrouble: (gateway, what) => fact({ kind: "trouble", gateway, what }),
    });
    say(`${count} gateways at ${hub}`);
    const startedMs = performance.now();
    let last = { atMs: startedMs, acknowledged: 0 };
    const report = (kind: string): void => {
      const counts = fleet.counts();
      const atMs = performance.now();
      const perSecond = (counts.acknowledged - last.acknowledged) / ((atMs - last.atMs) / 1_000);
      last = { atMs, acknowledged: counts.acknowledged };
      const elapsedMs = Math.round(atMs - startedMs);
      fact({ kind, elapsedMs, ...counts, acknowledgedPerSecond: Math.round(perSecond * 10) / 10 });
    };
    const reports = setInterval(() => report("fleet"), every("report", "5s"));
    const ends = [stopped, fleet.made];
    if (duration !== undefined) ends.push(sleep(parseEvery(duration)));
    await Promise.race(ends);
    const isDrained = await fleet.drain(every("drain", "60s"));
    clearInterval(reports);
    report("fleet-ended");
    await fleet.stop();
    if (!isDrained) {
      throw new PlatformError("uplink.ambiguous", "the hub did not take everything in time");
    }
  },
};

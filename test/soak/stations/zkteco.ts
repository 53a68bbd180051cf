import { setTimeout as sleep } from "node:timers/promises";
import { startAdmsDevice } from "@clockleaf/hardware-sim/zkteco/adms-device.ts";
import { createZkClock } from "@clockleaf/hardware-sim/zkteco/clock.ts";
import { serveTcp } from "@clockleaf/hardware-sim/zkteco/serve.ts";
import { createZkTerminal } from "@clockleaf/hardware-sim/zkteco/terminal.ts";
import type { Station, StationDeps } from "./station.ts";

const READER = "zk-1";
const SHARE = 1.5;
/** Somebody who is not sure comes again in the same second: two records that look the same. */
const TWICE = 0.03;

/** A terminal whose log is read over TCP; it keeps everything, always. */
export async function zktecoStation({ ledger, random }: StationDeps): Promise<Station> {
  const own = random.fork(READER);
  const terminal = createZkTerminal({ clock: createZkClock(() => Date.now()) });
  const server = await serveTcp(terminal, { port: 0 });
  let user = 0;
  const punch = (): void => {
    ledger.kept(ledger.add(READER, `number-${READER}-${user}`));
    terminal.punch(String(user));
  };
  let disorders = 0;
  return {
    lines: [
      {
        driver: "zkteco",
        port: { tcp: { host: "127.0.0.1", port: server.port } },
        settings: { reader: READER, pollMs: 2_000 },
      },
    ],
    places: [
      {
        reader: READER,
        share: SHARE,
        tap() {
          user += 1;
          punch();
          if (own.chance(TWICE)) punch();
        },
      },
    ],
    mishaps: [
      {
        name: "connection torn",
        readers: [READER],
        async strike() {
          server.hangUp();
        },
      },
      {
        name: "terminal without power",
        readers: [READER],
        async strike(forMs) {
          terminal.powerCut();
          server.hangUp();
          await sleep(forMs);
        },
      },
      {
        name: "terminal out of order",
        readers: [READER],
        async strike() {
          const how = own.pick(["short-piece", "wrong-announcement", "wrong-count"] as const);
          terminal.misbehave(how, 2);
          disorders += 1;
        },
      },
    ],
    pending: () => 0, // it never forgets: what the agent has of it only the journal tells
    faults: () => ({ disorder: disorders }),
    close: () => server.close(),
  };
}

const ADMS = "adms-1";
const SERIAL = "SOAK0000001";

/** A terminal that pushes over HTTP, and keeps what nobody said OK for. */
export function admsStation({ ledger }: StationDeps, port: number): Station {
  const device = startAdmsDevice({
    serial: SERIAL,
    server: () => ({ host: "127.0.0.1", port }),
    retryMs: 500,
    idleMs: 1_000,
  });
  let user = 0;
  return {
    lines: [
      {
        driver: "adms",
        settings: { listen: { port }, terminals: [{ serial: SERIAL, reader: ADMS }] },
      },
    ],
    places: [
      {
        reader: ADMS,
        share: 1.8,
        tap() {
          user += 1;
          ledger.kept(ledger.add(ADMS, `number-${ADMS}-${user}`));
          device.punch(String(user), new Date());
        },
      },
    ],
    mishaps: [
      {
        name: "terminal without power",
        readers: [ADMS],
        async strike() {
          device.powerCut();
        },
      },
    ],
    pending: () => device.pending(),
    faults: () => ({ "sent again": device.counters()["sent_again"] ?? 0 }),
    close: () => device.stop(),
  };
}

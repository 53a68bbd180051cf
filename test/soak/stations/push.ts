import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { mqttWay } from "@clockleaf/hardware-sim/nats-push/mqtt-way.ts";
import { natsWay } from "@clockleaf/hardware-sim/nats-push/nats-way.ts";
import {
  startPushTerminal,
  type TerminalEvent,
} from "@clockleaf/hardware-sim/nats-push/terminal.ts";
import type { OpenWay } from "@clockleaf/hardware-sim/nats-push/way.ts";
import type { Station, StationDeps } from "./station.ts";

export const PUSH_READERS = ["push-nats", "push-mqtt"] as const;

/** Where terminals that publish find the leaf server, and with what they log in. */
export interface PushAddress {
  readonly server: string;
  readonly mqttPort: number;
  readonly seedFile: string;
  readonly passwordFile: string;
  /** The driver's own. */
  readonly readerSeedFile: string;
}

const SHARE = 1.8;
const RESEND_MS = 1_000;
/** A terminal that nobody answers does not dial without a pause. */
const REDIAL_MS = 300;

/** One terminal that publishes over NATS and one over MQTT; each keeps a punch until it is told that it is stored. */
export function pushStation({ ledger }: StationDeps, address: PushAddress): Station {
  const password = readFileSync(address.passwordFile, "utf8").trim();
  const { server, mqttPort: port, seedFile } = address;
  const ways: Readonly<Record<(typeof PUSH_READERS)[number], OpenWay>> = {
    "push-nats": natsWay({ server, reader: "push-nats", seedFile }),
    "push-mqtt": mqttWay({ host: "127.0.0.1", port, reader: "push-mqtt", password }),
  };
  const terminals = PUSH_READERS.map((reader) => {
    let again = 0;
    const onEvent = (event: TerminalEvent): void => {
      if (event.kind === "offered" && event.time > 1) again += 1;
      if (event.kind === "acknowledged") ledger.acknowledged(Number(event.id));
      if (event.kind === "dropped") ledger.gone(Number(event.id), event.reason);
    };
    const terminal = startPushTerminal({
      open: patient(ways[reader]),
      format: reader === "push-nats" ? "msgpack" : "json",
      memory: 5_000,
      resendMs: RESEND_MS,
      onEvent,
    });
    return { reader, terminal, again: () => again };
  });
  return {
    lines: [
      {
        driver: "nats-push",
        settings: {
          servers: [server],
          seedFile: address.readerSeedFile,
          readers: PUSH_READERS.map((id) => ({ id })),
        },
      },
    ],
    places: terminals.map(({ reader, terminal }) => ({
      reader,
      share: SHARE,
      tap() {
        const badge = `P${ledger.count() + 1}`;
        const id = ledger.add(reader, `number-${badge}`);
        const at = new Date().toISOString().slice(0, 19);
        if (terminal.tap({ id: String(id), badge, at })) ledger.kept(id);
      },
    })),
    mishaps: terminals.map(({ reader, terminal }) => ({
      name: "terminal without power",
      readers: [reader],
      strike: () => terminal.powerCut(),
    })),
    pending: () => terminals.reduce((sum, { terminal }) => sum + terminal.pending(), 0),
    faults: () => ({ "sent again": terminals.reduce((sum, { again }) => sum + again(), 0) }),
    async close() {
      await Promise.all(terminals.map(({ terminal }) => terminal.stop()));
    },
  };
}

const patient =
  (open: OpenWay): OpenWay =>
  async (events) => {
    try {
      return await open(events);
    } catch (error) {
      await sleep(REDIAL_MS);
      throw error;
    }
  };

import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { parseEvery, parseNumber } from "../cli.ts";
import { needed, textOf, type Values } from "../command.ts";
import type { TerminalKind } from "../sim-terminal.ts";
import { CLOCK_ACTS, createWallTime } from "../wall-time.ts";
import { mqttWay } from "./mqtt-way.ts";
import { natsWay } from "./nats-way.ts";
import { startPushTerminal } from "./terminal.ts";
import type { OpenWay } from "./way.ts";

export const pushKind: TerminalKind = {
  name: "push-terminal",
  help: `push-terminal --server URL --reader ID --secret FILE [options]    publishes by itself until it is acknowledged
    --server URL       nats://HOST:PORT or mqtt://HOST:PORT of the gateway's leaf server
    --secret FILE      its NKey seed (NATS) or its password (MQTT)
    --badge TEXT       what is shown to it; default 0012345678
    --resend EVERY     how long it waits for an answer; default 2s
    --memory N         punches it can keep; default 1000
    --msgpack          speaks msgpack instead of JSON`,
  options: {
    server: { type: "string" },
    reader: { type: "string" },
    secret: { type: "string" },
    badge: { type: "string" },
    resend: { type: "string" },
    memory: { type: "string" },
    msgpack: { type: "boolean" },
  },
  paths: ["secret"],
  can: ["tap", "power-cut", "memory-full", "memory-free", ...CLOCK_ACTS],
  async open(values, { fact }) {
    const memory = textOf(values, "memory") ?? "1000";
    const badge = textOf(values, "badge") ?? "0012345678";
    const counts = { taps: 0, acknowledged: 0, lost: 0 };
    const wall = createWallTime();
    const terminal = startPushTerminal({
      open: wayOf(values),
      format: values["msgpack"] === true ? "msgpack" : "json",
      memory: parseNumber("memory", memory, { min: 1, max: 100_000 }),
      resendMs: parseEvery(textOf(values, "resend") ?? "2s"),
      onEvent(event) {
        if (event.kind === "acknowledged") counts.acknowledged += 1;
        if (event.kind === "dropped") counts.lost += 1;
        fact({ seenAt: new Date().toISOString(), ...event });
      },
    });
    // Not from the seed: an id that comes again is a punch that is known already.
    const power = randomUUID().slice(0, 8);
    const tap = (shown: string): void => {
      counts.taps += 1;
      terminal.tap({ id: `${power}-${counts.taps}`, badge: shown, at: wall.text() });
    };
    return {
      name: `terminal ${needed(values, "reader")} publishes to ${needed(values, "server")}`,
      acts: {
        ...wall.acts,
        tap,
        "power-cut": () => terminal.powerCut(),
        "memory-full": () => terminal.fill(true),
        "memory-free": () => terminal.fill(false),
      },
      comes: () => tap(badge),
      ledger: () => ({ ...counts, waiting: terminal.pending() }),
      counters: () => ({}),
      close: () => terminal.stop(),
    };
  },
};

function wayOf(values: Values): OpenWay {
  const [server, reader] = [needed(values, "server"), needed(values, "reader")];
  const secret = needed(values, "secret");
  const { protocol, hostname, port } = URL.parse(server) ?? {};
  if (protocol === "nats:") return natsWay({ server, reader, seedFile: secret });
  if (protocol === "mqtt:" && hostname !== undefined) {
    const password = readFileSync(secret, "utf8").trim();
    return mqttWay({ host: hostname, port: Number(port || 1883), reader, password });
  }
  throw new PlatformError("config.invalid", `--server ${server}: write nats://… or mqtt://…`);
}

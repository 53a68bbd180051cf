import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { parseEvery, parseNumber, repeat } from "../cli.ts";
import { needed, type SimCommand, textOf, type Values } from "../command.ts";
import { mqttWay } from "./mqtt-way.ts";
import { natsWay } from "./nats-way.ts";
import { startPushTerminal } from "./terminal.ts";
import type { OpenWay } from "./way.ts";

export const pushCommand: SimCommand = {
  name: "push-terminal",
  help: `push-terminal --server URL --reader ID --secret FILE [options]    publishes by itself until it is acknowledged
    --server URL       nats://HOST:PORT or mqtt://HOST:PORT of the gateway's leaf server
    --secret FILE      its NKey seed (NATS) or its password (MQTT)
    --badge TEXT       what is shown to it; default 0012345678
    --tap EVERY        default never
    --resend EVERY     how long it waits for an answer; default 2s
    --memory N         punches it can keep; default 1000
    --msgpack          speaks msgpack instead of JSON`,
  options: {
    server: { type: "string" },
    reader: { type: "string" },
    secret: { type: "string" },
    badge: { type: "string" },
    tap: { type: "string" },
    resend: { type: "string" },
    memory: { type: "string" },
    msgpack: { type: "boolean" },
  },
  async run(values, { stopped, say, fact }) {
    const memory = textOf(values, "memory") ?? "1000";
    const terminal = startPushTerminal({
      open: wayOf(values),
      format: values["msgpack"] === true ? "msgpack" : "json",
      memory: parseNumber("memory", memory, { min: 1, max: 100_000 }),
      resendMs: parseEvery(textOf(values, "resend") ?? "2s"),
      onEvent: (event) => fact({ seenAt: new Date().toISOString(), ...event }),
    });
    // Not from the seed: an id that comes again is a punch that is known already.
    const power = randomUUID().slice(0, 8);
    const badge = textOf(values, "badge") ?? "0012345678";
    const stopTaps = repeat(textOf(values, "tap"), (tap) => {
      terminal.tap({ id: `${power}-${tap}`, badge, at: localNow() });
    });
    say(`terminal ${needed(values, "reader")} publishes to ${needed(values, "server")}`);
    await stopped;
    stopTaps();
    await terminal.stop();
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

/** This machine's local time, as a terminal's clock shows it. */
function localNow(): string {
  const now = new Date();
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}

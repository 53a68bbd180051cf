import { once } from "node:events";
import { connect } from "node:net";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import {
  mqttTopic,
  terminalAnswerSubject,
  terminalPunchSubject,
} from "@clockleaf/shared/subjects.ts";
import {
  connectPacket,
  createPacketReader,
  disconnectPacket,
  pingPacket,
  publishPacket,
  type Received,
  subscribePacket,
} from "./mqtt-packets.ts";
import type { OpenWay } from "./way.ts";

export interface MqttOptions {
  readonly host: string;
  readonly port: number;
  readonly reader: string;
  readonly password: string;
}

const KEEP_ALIVE_S = 30;
const CONNECT_MS = 5_000;
const SUBSCRIBE_ID = 1;

/** Publishes with QoS 1 and takes no notice of the server's PUBACK: it comes before anything is stored. */
export function mqttWay({ host, port, reader, password }: MqttOptions): OpenWay {
  const topic = mqttTopic(terminalPunchSubject(reader));
  const answers = mqttTopic(terminalAnswerSubject(reader));
  return async (events) => {
    const socket = connect({ host, port, noDelay: true });
    const read = createPacketReader();
    const ready = Promise.withResolvers<void>();
    let packetId = SUBSCRIBE_ID;
    let isOpen = false;

    const take = (packet: Received): void => {
      if (packet.kind === "publish") events.answered(packet.payload);
      else if (packet.kind === "connack" && packet.code === 0) {
        socket.write(subscribePacket(SUBSCRIBE_ID, answers));
      } else if (packet.kind === "suback" && packet.code === 0) ready.resolve();
      else if (packet.kind !== "other") {
        ready.reject(new PlatformError("device.refused", `MQTT ${packet.kind} ${packet.code}`));
      }
    };
    socket.on("data", (chunk) => {
      try {
        for (const packet of read(chunk)) take(packet);
      } catch (error) {
        socket.destroy(error instanceof Error ? error : undefined);
      }
    });
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      clearInterval(pinging);
      ready.reject(new PlatformError("port.lost", `${host}:${port} is gone`, { retriable: true }));
      if (isOpen) events.lost();
    });
    socket.setTimeout(CONNECT_MS, () => {
      if (!isOpen) socket.destroy();
    });
    socket.write(
      connectPacket({ clientId: reader, user: reader, password, keepAliveS: KEEP_ALIVE_S }),
    );
    const pinging = setInterval(() => socket.write(pingPacket()), (KEEP_ALIVE_S / 2) * 1000);
    await ready.promise;
    isOpen = true;
    return {
      send(message) {
        packetId = (packetId % 0xffff) + 1;
        socket.write(publishPacket(packetId, topic, message));
      },
      async close(abruptly = false) {
        isOpen = false;
        if (socket.destroyed) return;
        const closed = once(socket, "close");
        if (abruptly) socket.destroy();
        else socket.end(disconnectPacket());
        await closed;
      },
    };
  };
}

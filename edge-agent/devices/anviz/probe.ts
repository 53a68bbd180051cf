import type { Port } from "../../ports/port.ts";
import { hear, type Probe } from "../probe.ts";
import { createFramer, encodeFrame, type Reply } from "./frame.ts";
import { COMMAND, decodeInfo, encodeRequest, RET } from "./messages.ts";

/** Every terminal answers this with its own number; several on one line do so all at once, then the first is asked alone. */
const DEVICES = [0, 1];
const REPLY_MS = 600;

/** Asks how many users and records a terminal holds, which changes nothing there. */
export const anvizProbe: Probe = {
  baudRates: [9_600, 115_200, 57_600, 38_400, 19_200],
  tcpPort: 5010,
  longestMs: DEVICES.length * REPLY_MS,
  meanwhile: null,
  async ask(port, signal) {
    for (const device of DEVICES) {
      const reply = await askInfo(port, device, signal);
      if (reply === null) continue;
      const info = reply.ret === RET.ok ? decodeInfo(reply.data) : undefined;
      const deviceNumber = Math.max(1, reply.device);
      return {
        address: reply.device,
        model: null,
        says:
          info === undefined
            ? "does not say what it holds"
            : `${info.users} users, ${info.records} records, ${info.newRecords} of them new`,
        settings: (reader) => ({ readers: [{ id: reader, deviceNumber }] }),
      };
    }
    return null;
  },
};

function askInfo(port: Port, device: number, signal: AbortSignal): Promise<Reply | null> {
  const framer = createFramer();
  return hear(
    port,
    {
      say: encodeFrame({ kind: "call", device, ...encodeRequest({ ask: "info" }) }),
      read: (chunk) =>
        framer
          .push(chunk)
          .find(
            (frame): frame is Reply => frame.kind === "reply" && frame.command === COMMAND.info,
          ),
      withinMs: REPLY_MS,
    },
    signal,
  );
}

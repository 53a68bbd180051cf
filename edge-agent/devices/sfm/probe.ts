import type { Port } from "../../ports/port.ts";
import { hear, type Probe } from "../probe.ts";
import { createFramer, encodePacket, type Packet } from "./frame.ts";
import { outcomeName, packetOf, type Request, SUCCESS } from "./requests.ts";

const REPLY_MS = 500;

/** Asks how the module is. One in network mode (`terminalId`) hears other packets: it is not found. */
export const sfmProbe: Probe = {
  baudRates: [115_200, 9_600, 57_600, 38_400, 19_200],
  tcpPort: null,
  longestMs: REPLY_MS,
  meanwhile: null,
  async ask(port, signal) {
    const status = await say(port, { kind: "status" }, signal);
    if (status === null) return null;
    const serial = await say(port, { kind: "read-parameter", parameter: "serialNumber" }, signal);
    const isTold = serial?.flag === SUCCESS;
    return {
      address: null,
      model: null,
      says: `status ${outcomeName(status.flag)}${isTold ? `, serial number ${serial.size}` : ""}`,
      settings: (reader) => ({ reader }),
    };
  },
};

function say(port: Port, request: Request, signal: AbortSignal): Promise<Packet | null> {
  const framer = createFramer(null);
  const question = packetOf(request, null);
  const said = JSON.stringify(question);
  return hear(
    port,
    {
      say: encodePacket(question),
      // On two wires some adapters hear themselves.
      read: (chunk) =>
        framer
          .push(chunk)
          .find((packet) => packet.command === question.command && JSON.stringify(packet) !== said),
      withinMs: REPLY_MS,
    },
    signal,
  );
}

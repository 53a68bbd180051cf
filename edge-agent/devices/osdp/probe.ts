import type { Port } from "../../ports/port.ts";
import { hear, type Probe, type ProbeAnswer } from "../probe.ts";
import { createFramer, encodeFrame, type Frame, withMark } from "./frame.ts";
import { decodeReply, encodeCommand, type Reply } from "./messages.ts";

/** Every reader answers this, whatever its own address is (SIA OSDP v2.2, 5.7); several on one line do so all at once. */
const ANYBODY = 0x7f;
const HIGHEST_ADDRESS = 0x7e;
/** Where readers come from the factory, for those that do not answer the address of all. */
const USUAL_ADDRESSES = [0, 1, 2, 3];
/** How long a reader may take to begin its answer (5.9), and the answer at 9600 bit/s. */
const REPLY_MS = 240;
/** One that has answered already is quick: looking for its address need not wait as long. */
const SEARCH_MS = 80;

/** Asks for identification, which readers with a key give in clear, and whose answer is all they do about it. */
export const osdpProbe: Probe = {
  baudRates: [9_600, 115_200, 38_400, 57_600, 19_200, 230_400],
  tcpPort: null,
  longestMs: (1 + USUAL_ADDRESSES.length) * REPLY_MS,
  meanwhile: null,
  async ask(port, signal) {
    const startedAt = performance.now();
    const anybody = await identify(port, { address: ANYBODY, withinMs: REPLY_MS }, signal);
    const tookMs = performance.now() - startedAt;
    const search =
      anybody === null
        ? { addresses: USUAL_ADDRESSES, withinMs: REPLY_MS }
        : { addresses: ALL_ADDRESSES, withinMs: Math.max(SEARCH_MS, 3 * tookMs) };
    for (const address of search.addresses) {
      const reply = await identify(port, { address, withinMs: search.withinMs }, signal);
      if (reply !== null) return answer(address, reply);
    }
    return anybody === null ? null : answer(null, anybody);
  },
};

const ALL_ADDRESSES = Array.from({ length: HIGHEST_ADDRESS + 1 }, (_, address) => address);

interface Called {
  readonly address: number;
  readonly withinMs: number;
}

function identify(
  port: Port,
  { address, withinMs }: Called,
  signal: AbortSignal,
): Promise<Reply | null> {
  const framer = createFramer();
  const isAnswer = (frame: Frame): boolean => frame.isReply && frame.address === address;
  const parts = { address, isReply: false, sqn: 0, check: "crc", security: null } as const;
  return hear(
    port,
    {
      say: withMark(encodeFrame({ ...parts, ...encodeCommand({ type: "ID" }) })),
      read(chunk) {
        const frame = framer.push(chunk).find(isAnswer);
        return frame === undefined ? undefined : decodeReply(frame);
      },
      withinMs,
    },
    signal,
  );
}

function answer(address: number | null, reply: Reply): ProbeAnswer {
  const identity = reply.type === "PDID" ? reply : undefined;
  return {
    address,
    model:
      identity === undefined
        ? null
        : `vendor ${identity.vendor} model ${identity.model}.${identity.version}`,
    says:
      identity === undefined
        ? `answers ${reply.type}`
        : `serial number ${identity.serial}, firmware ${identity.firmware}`,
    settings: (reader) => ({
      readers: [
        { id: reader, address: address ?? 0, keyFile: `/etc/clockleaf/keys/${reader}.key` },
      ],
    }),
  };
}

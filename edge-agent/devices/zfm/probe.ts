import type { Port } from "../../ports/port.ts";
import { hear, type Probe } from "../probe.ts";
import { CODE, type Command, encodeCommand, isAnswerTo, readParameters } from "./commands.ts";
import { zfmConfigSchema } from "./config.ts";
import { createFramer, DEFAULT_ADDRESS, encodeFrame, PID } from "./frame.ts";

const REPLY_MS = 500;
const FACTORY_PASSWORD = 0;

/**
 * Shows the factory's password, which is how every conversation with a module begins, and asks what it is. A module with
 * a password of its own says no, and is found by that. One whose address was changed answers nobody: it is not found.
 */
export const zfmProbe: Probe = {
  baudRates: zfmConfigSchema.parse({ reader: "any" }).baudRates,
  tcpPort: null,
  longestMs: REPLY_MS,
  meanwhile: null,
  async ask(port, signal) {
    const verdict = await say(
      port,
      { kind: "verify-password", password: FACTORY_PASSWORD },
      signal,
    );
    if (verdict === null) return null;
    const isOpen = verdict[0] === CODE.ok;
    const told = isOpen ? await say(port, { kind: "read-parameters" }, signal) : null;
    const parameters = told === null ? undefined : readParameters(told);
    return {
      address: null,
      model: parameters === undefined ? null : `system ${parameters.systemId}`,
      says: isOpen
        ? `${parameters?.capacity ?? "an untold number of"} slots`
        : "has a password of its own: write it into the passwordFile",
      settings: (reader) => ({
        reader,
        ...(isOpen ? {} : { passwordFile: `/etc/clockleaf/keys/${reader}.password` }),
      }),
    };
  },
};

function say(port: Port, command: Command, signal: AbortSignal): Promise<Uint8Array | null> {
  const framer = createFramer(DEFAULT_ADDRESS);
  const payload = encodeCommand(command);
  return hear(
    port,
    {
      say: encodeFrame({ address: DEFAULT_ADDRESS, pid: PID.command, payload }),
      read: (chunk) =>
        framer
          .push(chunk)
          .flatMap((heard) => (heard.kind === "answer" ? [heard.payload] : []))
          .find((answer) => isAnswerTo(command, answer)),
      withinMs: REPLY_MS,
    },
    signal,
  );
}

import { hasCode, PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Probe, ProbeAnswer } from "../probe.ts";
import { Link } from "./link.ts";
import { type Identity, signOn } from "./sign-on.ts";

const REPLY_MS = 3_000;
const FACTORY_KEY = 0;

/** Begins a session as every program does, asks who is there, and ends it. */
export const zktecoProbe: Probe = {
  baudRates: [],
  tcpPort: 4370,
  longestMs: REPLY_MS,
  meanwhile: null,
  async ask(port, signal) {
    const link = new Link(port, {
      replyTimeoutMs: REPLY_MS,
      now: () => performance.now(),
      onEvent: () => undefined,
      count: () => undefined,
      progress: () => undefined,
    });
    const stop = (): void => link.end(new PlatformError("port.lost", "the probe stops"));
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
    try {
      return known(await signOn(link, FACTORY_KEY));
    } catch (error) {
      if (hasCode(error, "device.key")) return locked();
      if (signal.aborted || hasCode(error, "device.no-reply")) return null;
      if (hasCode(error, "device.refused")) return busy();
      throw error;
    } finally {
      signal.removeEventListener("abort", stop);
      link.tell("exit");
      stop();
    }
  },
};

const known = ({ firmware, serial }: Identity): ProbeAnswer => ({
  address: null,
  model: firmware ?? null,
  says: `serial number ${serial ?? "not told"}`,
  settings: (reader) => ({ reader }),
});

const locked = (): ProbeAnswer => ({
  address: null,
  model: null,
  says: "has a communication key: write it into the commKeyFile",
  settings: (reader) => ({ reader, commKeyFile: `/etc/clockleaf/keys/${reader}.comm` }),
});

const busy = (): ProbeAnswer => ({
  address: null,
  model: null,
  says: "gives no session: another program may have it",
  settings: (reader) => ({ reader }),
});

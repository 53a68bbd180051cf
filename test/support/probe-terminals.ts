import { randomBytes } from "node:crypto";
import { attachTerminals } from "@clockleaf/hardware-sim/anviz/bus.ts";
import { type AnvizTerminal, createAnvizTerminal } from "@clockleaf/hardware-sim/anviz/terminal.ts";
import { makeCard } from "@clockleaf/hardware-sim/cards.ts";
import type { Line } from "@clockleaf/hardware-sim/line.ts";
import { attachBus } from "@clockleaf/hardware-sim/osdp/bus.ts";
import { createReader } from "@clockleaf/hardware-sim/osdp/reader.ts";
import { createTagReader } from "@clockleaf/hardware-sim/serial-badge/reader.ts";
import { createModule as createSfm } from "@clockleaf/hardware-sim/sfm/module.ts";
import { listenTcp } from "@clockleaf/hardware-sim/tcp.ts";
import { createModule as createZfm } from "@clockleaf/hardware-sim/zfm/module.ts";
import { serveTcp } from "@clockleaf/hardware-sim/zkteco/serve.ts";
import { createZkTerminal } from "@clockleaf/hardware-sim/zkteco/terminal.ts";

/** A simulated terminal that somebody may stand in front of. */
export interface Simulated {
  /** Somebody taps again and again, or lays fingers on it, until the result is called. */
  use(): () => void;
  /** What was said to it beyond questions, as far as the simulator knows. */
  harm(): readonly string[];
}

interface Wanted {
  readonly address?: number;
}

const nothing = (): readonly string[] => [];
const now = (): number => performance.now();

const random = (length: number): Uint8Array => randomBytes(length);

function again(act: () => unknown): () => void {
  act();
  const timer = setInterval(act, 40);
  return () => clearInterval(timer);
}

function anvizTerminal(ch: number): AnvizTerminal {
  const terminal = createAnvizTerminal({ ch, wallMs: () => Date.now() });
  terminal.punch({ user: 7 });
  return terminal;
}

/** By the driver that reads it: one of every kind that hangs on a serial line. */
export const serialTerminals: Readonly<Record<string, (line: Line, wanted?: Wanted) => Simulated>> =
  {
    anviz(line) {
      const terminal = anvizTerminal(5);
      attachTerminals(line, { terminals: [terminal], now });
      return {
        use: () => again(() => terminal.heartbeat()),
        harm: () => [...terminal.heard().keys()].filter((command) => command !== 0x3c).map(String),
      };
    },
    osdp(line, { address = 2 } = {}) {
      // With a key, as from the factory: it says who it is to everybody, and no more.
      const reader = createReader({ address, scbk: random(16), now, random });
      attachBus(line, { readers: [reader], now, echo: true });
      let taps = 0;
      return {
        use: () => again(() => reader.tap(makeCard(26, 7, 4_711), `${(taps += 1)}`)),
        harm: nothing,
      };
    },
    "serial-badge"(line) {
      const reader = createTagReader({ style: "rdm6300" });
      reader.attach(line);
      return { use: () => reader.hold("0400123ABC"), harm: nothing };
    },
    sfm(line) {
      const module = createSfm({ serialNumber: 4_711 });
      module.attach(line);
      module.teach(7, 7);
      return { use: () => again(() => module.press(7)), harm: nothing };
    },
    zfm(line) {
      const module = createZfm();
      module.attach(line);
      module.teach(0, 7);
      // Says 55 each time it has power again.
      return {
        use: () => again(() => module.powerOn()),
        harm: () => (module.slots().get(0) === 7 ? [] : ["a template is gone"]),
      };
    },
  };

/** One that listens on loopback. */
export interface WithTcp {
  readonly port: number;
  close(): Promise<void>;
}

/** By the driver that reads it: one of every kind that is called on the network. */
export const tcpTerminals: Readonly<Record<string, () => Promise<WithTcp>>> = {
  anviz: () =>
    listenTcp(0, (line) => {
      attachTerminals(line, { terminals: [anvizTerminal(5)], now });
    }),
  zkteco: () => serveTcp(createZkTerminal(), { port: 0 }),
};

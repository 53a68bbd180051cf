import { osdpConfigSchema } from "@clockleaf/edge-agent/devices/osdp/config.ts";
import { osdpDriver } from "@clockleaf/edge-agent/devices/osdp/driver.ts";
import { cardCredential, makeCard } from "@clockleaf/hardware-sim/cards.ts";
import { attachBus } from "@clockleaf/hardware-sim/osdp/bus.ts";
import { createReader } from "@clockleaf/hardware-sim/osdp/reader.ts";
import { describeCuts } from "./cuts.contract.ts";

// A reader without power forgets what it had; over the rest the sequence numbers keep what was read. A killed agent
// asks the old question again.
describeCuts(
  "OSDP",
  () => {
    const reader = createReader({
      address: 5,
      now: () => performance.now(),
      random: (length) => new Uint8Array(length),
    });
    return {
      driver: osdpDriver,
      config: osdpConfigSchema.parse({
        pollMs: 1,
        replyTimeoutMs: 30,
        readers: [{ id: "door", address: 5, secureChannel: "off" }],
      }),
      credentialOf: (badge) => cardCredential(makeCard(26, 1, badge)),
      present: (badge) => void reader.tap(makeCard(26, 1, badge), String(badge)),
      attach: (line) => void attachBus(line, { readers: [reader], now: () => performance.now() }),
      powerCut: () => reader.powerCut({ keepMemory: false }),
    };
  },
  { keepsOver: ["line", "agent"] },
);

import { type OsdpConfig, osdpConfigSchema } from "@clockleaf/edge-agent/devices/osdp/config.ts";
import { osdpDriver } from "@clockleaf/edge-agent/devices/osdp/driver.ts";
import { cardCredential, makeCard } from "@clockleaf/hardware-sim/cards.ts";
import { attachBus } from "@clockleaf/hardware-sim/osdp/bus.ts";
import { createReader } from "@clockleaf/hardware-sim/osdp/reader.ts";
import { type CutTerminal, describeCuts } from "./cuts.contract.ts";

function reader(options: { readonly keepMemory: boolean }): CutTerminal<OsdpConfig> {
  const door = createReader({
    address: 5,
    afterReset: options.keepMemory ? "offer-again" : "drop",
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
    present: (badge) => void door.tap(makeCard(26, 1, badge), String(badge)),
    attach: (line) => void attachBus(line, { readers: [door], now: () => performance.now() }),
    powerCut: () => door.powerCut(options),
  };
}

// A reader without power forgets what it had; over the rest the sequence numbers keep what was read. A killed agent
// asks the old question again.
describeCuts("OSDP", () => reader({ keepMemory: false }), { keepsOver: ["line", "agent"] });

// One that keeps its cards offers the last one again: it is told by its place, the first on the new link.
describeCuts("OSDP with a memory", () => reader({ keepMemory: true }), {
  keepsOver: ["line", "agent", "power"],
});

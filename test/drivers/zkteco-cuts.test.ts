import { zktecoConfigSchema } from "@clockleaf/edge-agent/devices/zkteco/config.ts";
import { zktecoDriver } from "@clockleaf/edge-agent/devices/zkteco/driver.ts";
import { ZkMemory } from "@clockleaf/hardware-sim/zkteco/memory.ts";
import { attachZk } from "@clockleaf/hardware-sim/zkteco/serve.ts";
import { createZkTerminal } from "@clockleaf/hardware-sim/zkteco/terminal.ts";
import { describeCuts } from "./cuts.contract.ts";

// The log survives everything and is never cleared; a torn reading is thrown away and read again.
for (const recordBytes of [40, 8] as const) {
  describeCuts(
    `ZKTeco with records of ${recordBytes} bytes`,
    () => {
      // Nothing is sent at once, so that every byte of a reading in pieces is torn as well.
      const terminal = createZkTerminal({
        memory: new ZkMemory({ recordBytes }),
        inlineBytes: recordBytes === 40 ? 0 : 1024,
      });
      for (let badge = 1; badge <= 4; badge += 1) terminal.memory.enrol(String(badge), "");
      return {
        driver: zktecoDriver,
        config: zktecoConfigSchema.parse({ reader: "hall", pollMs: 10, replyTimeoutMs: 50 }),
        credentialOf: (badge) => ({ kind: "number", value: `hall-${badge}` }),
        present: (badge) => void terminal.punch(String(badge)),
        attach: (line) => attachZk(line, terminal),
        powerCut: () => terminal.powerCut(),
      };
    },
    { keepsOver: ["line", "agent", "power"] },
  );
}

import { pcproxConfigSchema } from "@clockleaf/edge-agent/devices/pcprox/config.ts";
import { pcproxDriver } from "@clockleaf/edge-agent/devices/pcprox/driver.ts";
import { hidOverStream } from "@clockleaf/edge-agent/ports/hid-stream.ts";
import { cardCredential, makeCard } from "@clockleaf/hardware-sim/cards.ts";
import { attachHid } from "@clockleaf/hardware-sim/hid/feature-frames.ts";
import { PcproxReader } from "@clockleaf/hardware-sim/hid/pcprox.ts";
import { describeCuts } from "./cuts.contract.ts";

// The reader keeps no log: a card that lies there when something is torn is stored or lost, and its owner saw no green.
// A card that lies there when the agent is back is no second punch.
const cardOf = (badge: number) => makeCard(26, 12, badge);

for (const buffer of ["while-present", "once"] as const) {
  describeCuts(
    `pcProx, buffer filled ${buffer}`,
    () => {
      const reader = new PcproxReader({ buffer });
      return {
        driver: {
          ...pcproxDriver,
          run: (port, ...rest) => pcproxDriver.run(hidOverStream(port), ...rest),
        },
        config: pcproxConfigSchema.parse({ reader: "door", pollMs: 1 }),
        credentialOf: (badge) => cardCredential(cardOf(badge)),
        present: (badge) => reader.place(cardOf(badge)),
        attach: (line) => void attachHid(line, reader),
        powerCut: () => reader.powerCut(),
      };
    },
    { keepsOver: [] },
  );
}

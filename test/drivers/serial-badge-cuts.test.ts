import { serialBadgeConfigSchema } from "@clockleaf/edge-agent/devices/serial-badge/config.ts";
import { serialBadgeDriver } from "@clockleaf/edge-agent/devices/serial-badge/driver.ts";
import { createTagReader, type Style } from "@clockleaf/hardware-sim/serial-badge/reader.ts";
import { describeCuts } from "./cuts.contract.ts";

// The reader keeps nothing and is told nothing: what is under way in any cut is gone, and nothing else.
const describeStyle = (
  style: Style,
  spell: (badge: number) => { readonly tag: string; readonly value: string },
): void =>
  describeCuts(
    `serial badge reader, ${style}`,
    () => {
      const reader = createTagReader({ style });
      return {
        driver: serialBadgeDriver,
        config: serialBadgeConfigSchema.parse({ reader: "gate", preset: style }),
        credentialOf: (badge) => ({ kind: "number", value: spell(badge).value }),
        present: (badge) => void reader.tap(spell(badge).tag),
        attach: (line) => reader.attach(line),
        powerCut() {
          reader.powerOff();
          reader.powerOn();
        },
      };
    },
    { keepsOver: [] },
  );

const em4100 = (badge: number) => ({
  tag: `100000000${badge}`,
  value: String(badge).padStart(10, "0"),
});
describeStyle("rdm6300", em4100);
describeStyle("id-12", em4100);
describeStyle("ascii-line", (badge) => ({ tag: `1004${badge}`, value: `1004${badge}` }));

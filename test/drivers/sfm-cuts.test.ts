import { sfmConfigSchema } from "@clockleaf/edge-agent/devices/sfm/config.ts";
import { sfmDriver } from "@clockleaf/edge-agent/devices/sfm/driver.ts";
import { createModule } from "@clockleaf/hardware-sim/sfm/module.ts";
import { createPeople } from "@clockleaf/hardware-sim/sfm/queue.ts";
import { describeCuts } from "./cuts.contract.ts";

// No log is read: a finger that is on the module when something is torn is lost or stored.
for (const mode of ["identify", "free-scan"] as const) {
  describeCuts(
    `SFM, ${mode}`,
    () => {
      const module = createModule();
      for (let finger = 1; finger <= 9; finger += 1) module.teach(finger, finger);
      const people = createPeople(module);
      return {
        driver: sfmDriver,
        config: sfmConfigSchema.parse({
          reader: "door",
          mode,
          pauseMs: 1,
          scanMs: 40,
          replyTimeoutMs: 30,
        }),
        credentialOf: (badge) => ({ kind: "number", value: `door-${badge}` }),
        present: (badge) => people.join(badge),
        attach: (line) => {
          people.giveUp();
          module.attach(line);
        },
        powerCut: () => {
          module.powerOff();
          module.powerOn();
        },
      };
    },
    { keepsOver: [] },
  );
}

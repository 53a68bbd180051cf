import { zfmConfigSchema } from "@clockleaf/edge-agent/devices/zfm/config.ts";
import { zfmDriver } from "@clockleaf/edge-agent/devices/zfm/driver.ts";
import { createModule } from "@clockleaf/hardware-sim/zfm/module.ts";
import { createPeople } from "@clockleaf/hardware-sim/zfm/queue.ts";
import { describeCuts } from "./cuts.contract.ts";

// The module keeps no log: a finger that is on it when something is torn is lost or stored, and its owner saw no green.
describeCuts(
  "ZFM",
  () => {
    const module = createModule();
    for (let finger = 1; finger <= 9; finger += 1) module.teach(finger, finger);
    const people = createPeople(module);
    return {
      driver: zfmDriver,
      config: zfmConfigSchema.parse({ reader: "door", pollMs: 1, replyTimeoutMs: 30 }),
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

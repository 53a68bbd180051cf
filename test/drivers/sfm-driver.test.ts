import { describeDriver } from "@clockleaf/edge-agent/devices/driver.contract.ts";
import { sfmConfigSchema } from "@clockleaf/edge-agent/devices/sfm/config.ts";
import { sfmDriver } from "@clockleaf/edge-agent/devices/sfm/driver.ts";
import { createMemoryPair } from "@clockleaf/edge-agent/ports/memory.ts";
import { createModule } from "@clockleaf/hardware-sim/sfm/module.ts";
import { createPeople } from "@clockleaf/hardware-sim/sfm/queue.ts";

// No light of ours, and nothing that the module is told to forget: the rig leaves both out.
for (const [mode, terminalId] of [
  ["identify", undefined],
  ["free-scan", undefined],
  ["identify", 258],
] as const) {
  const packets = terminalId === undefined ? "" : " in network packets";
  describeDriver(`the SFM driver, ${mode}${packets}`, () => {
    const pair = createMemoryPair();
    const module = createModule(terminalId === undefined ? {} : { terminal: terminalId });
    for (let finger = 1; finger <= 9; finger += 1) module.teach(finger, finger);
    const people = createPeople(module);
    module.attach(pair.terminal);
    return {
      driver: sfmDriver,
      config: sfmConfigSchema.parse({
        reader: "door",
        mode,
        terminalId,
        pauseMs: 1,
        scanMs: 60,
        replyTimeoutMs: 500,
      }),
      port: pair.agent,
      credentialOf: (badge) => ({ kind: "number", value: `door-${badge}` }),
      present: (badge) => people.join(badge),
      inject: (bytes) => void pair.terminal.write(bytes),
      lose: () => pair.lose("pulled out"),
    };
  });
}

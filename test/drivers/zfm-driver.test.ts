import { describeDriver } from "@clockleaf/edge-agent/devices/driver.contract.ts";
import { zfmConfigSchema } from "@clockleaf/edge-agent/devices/zfm/config.ts";
import { zfmDriver } from "@clockleaf/edge-agent/devices/zfm/driver.ts";
import { createMemoryPair } from "@clockleaf/edge-agent/ports/memory.ts";
import { createModule } from "@clockleaf/hardware-sim/zfm/module.ts";
import { createPeople } from "@clockleaf/hardware-sim/zfm/queue.ts";

for (const search of ["normal", "hi-speed"] as const) {
  describeDriver(`the ZFM driver with ${search} search`, () => {
    const pair = createMemoryPair();
    const module = createModule();
    for (let finger = 1; finger <= 9; finger += 1) module.teach(finger, finger);
    const people = createPeople(module);
    let greens = 0;
    module.onEvent((event) => {
      if (event.kind === "light" && event.colour === "green") greens += 1;
    });
    module.attach(pair.terminal);
    return {
      driver: zfmDriver,
      config: zfmConfigSchema.parse({ reader: "door", search, pollMs: 1, replyTimeoutMs: 500 }),
      port: pair.agent,
      credentialOf: (badge) => ({ kind: "number", value: `door-${badge}` }),
      present: (badge) => people.join(badge),
      inject: (bytes) => void pair.terminal.write(bytes),
      lose: () => pair.lose("pulled out"),
      greens: () => greens,
    };
  });
}

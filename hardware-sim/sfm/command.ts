import { fingerKind } from "../fingers.ts";
import { createModule } from "./module.ts";
import { createPeople } from "./queue.ts";

export const sfmKind = fingerKind({
  name: "sfm",
  help: `sfm --link PATH [options]      one Suprema SFM fingerprint module on a pseudo-terminal, linked to PATH
    --users N          users it knows, with ids 1 to N; default 10
    --terminal N       Module ID, for network packets; default: alone on its line`,
  options: { users: { type: "string" }, terminal: { type: "string" } },
  rig(number, fact) {
    const known = number("users", "10", 9_000);
    const terminal = number("terminal", "0", 65_535);
    const module = createModule(terminal === 0 ? {} : { terminal });
    module.onEvent((event) => {
      if (event.kind === "scanned") fact({ at: new Date().toISOString(), ...event });
    });
    return {
      module,
      people: createPeople(module),
      // It beeps whatever the outcome.
      stored: () => null,
      known,
      what: `SFM module with ${known} users`,
    };
  },
});

import { fingerKind } from "../fingers.ts";
import { createModule } from "./module.ts";
import { createPeople } from "./queue.ts";

const MAX_CAPACITY = 3_000;

export const zfmKind = fingerKind({
  name: "zfm",
  help: `zfm --link PATH [options]      one ZFM / R503 fingerprint module on a pseudo-terminal, linked to PATH
    --fingers N        fingers it knows, in slots 1 to N; default 10
    --capacity N       slots; default 200`,
  options: { fingers: { type: "string" }, capacity: { type: "string" } },
  rig(number, fact) {
    const capacity = number("capacity", "200", MAX_CAPACITY);
    const known = number("fingers", "10", capacity - 1);
    const module = createModule({ capacity });
    let stored = 0;
    let isMatched = false;
    module.onEvent((event) => {
      // Red may mean that nothing was stored; any other light right after a match says that it is.
      if (event.kind === "light" && isMatched) stored += Number(event.colour !== "red");
      if (event.kind !== "looked") isMatched = event.kind === "matched";
      if (event.kind !== "looked") fact({ at: new Date().toISOString(), ...event });
    });
    return {
      module,
      people: createPeople(module),
      stored: () => stored,
      known,
      what: `ZFM module with ${known} fingers`,
    };
  },
});

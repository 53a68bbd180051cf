import type { DriverDeps } from "../driver.ts";
import type { NatsPushConfig, PushReader } from "./config.ts";

/** How one terminal is doing: counters, and whether it was heard of lately. */
export interface Standing {
  count(name: string): void;
  /** It said something that makes sense. */
  heard(): void;
  /** Looks whether it has been silent for too long. */
  look(): void;
  /** It cannot be heard any more. */
  end(): void;
}

const MINUTE_MS = 60_000;

/** A terminal is `starting` until it says something: what never spoke may as well not be there. */
export function createStanding(
  reader: PushReader,
  config: NatsPushConfig,
  deps: Pick<DriverDeps, "report" | "statusChanged" | "now">,
): Standing {
  const counters: Record<string, number> = { received: 0, stored: 0 };
  const since = deps.now();
  let heardAtMs: number | undefined;
  let state: "starting" | "online" | "offline" = "starting";

  const report = (): void =>
    deps.report({
      reader: reader.id,
      state,
      fault:
        state === "offline"
          ? {
              code: "device.no-reply",
              message: `nothing heard for ${reader.quietMinutes} min: is it on, does it reach ${config.servers[0]}, is its password right?`,
            }
          : null,
      counters: { ...counters },
      facts: {},
    });
  const become = (next: "online" | "offline"): void => {
    if (state === next) return;
    state = next;
    deps.statusChanged(reader.id, next);
    report();
  };
  report();
  return {
    count(name) {
      counters[name] = (counters[name] ?? 0) + 1;
      report();
    },
    heard() {
      heardAtMs = deps.now();
      become("online");
    },
    look() {
      if (reader.quietMinutes === null || state === "offline") return;
      if (deps.now() - (heardAtMs ?? since) < reader.quietMinutes * MINUTE_MS) return;
      become("offline");
    },
    end() {
      if (state === "online") deps.statusChanged(reader.id, "offline");
    },
  };
}

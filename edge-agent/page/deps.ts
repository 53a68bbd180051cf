import type { Log } from "@clockleaf/shared/lib/log.ts";
import type { Backlog } from "../health/backlog.ts";
import type { AgentStatus, IdleStatus } from "../health/status.ts";
import type { TapView } from "../health/tap-view.ts";
import type { Found } from "./found.ts";
import type { JsonSchema } from "./json-schema.ts";

/** What the page shows and does, all of it somebody else's; `hosted-service.ts` hands it over. */
export interface PageDeps {
  /** The configuration file. */
  readonly file: string;
  status(): AgentStatus | IdleStatus;
  /** Undefined when no journal is open. Rejects with `journal.*`. */
  backlog(): Promise<Backlog | undefined>;
  /** Calls `listener` for every punch once it is durable. Returns how to stop that. */
  follow(listener: (tap: TapView) => void): () => void;
  /** Looks for what readers may hang on; opens nothing. Never rejects. */
  scan(): Promise<Found>;
  readonly drivers: readonly DriverChoice[];
  schema(): JsonSchema;
  /** Throws `config.invalid` with everything that is wrong with this text as the configuration. */
  check(text: string): void;
  /** Reads the file again and starts anew with it; resolves when that is done, also in safe mode. */
  reload(reason: string): Promise<void>;
  readonly log: Log;
}

export interface DriverChoice {
  readonly name: string;
  readonly summary: string;
  /** False where terminals call us. */
  readonly hasPort: boolean;
}

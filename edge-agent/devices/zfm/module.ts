import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import {
  CODE,
  type Command,
  codeName,
  type Light,
  type Match,
  type Parameters,
  readCount,
  readIndexTable,
  readMatch,
  readParameters,
  SLOTS_PER_PAGE,
} from "./commands.ts";
import type { ZfmConfig } from "./config.ts";
import type { Exchange } from "./exchange.ts";

/** What a module said besides yes, for counters: `messy`, `no-finger` … */
export type Outcome = string;
export const OK: Outcome = "ok";
export const NO_FINGER = codeName(CODE.noFinger);
export const IMAGING_FAILED = codeName(CODE.imagingFailed);
export const NOT_FOUND = codeName(CODE.notFound);

/** A late refusal of what was asked before looks like a refusal of this: so many of them are passed over. */
const MEET_TURNS = 3;

/** One module by its commands. Every call rejects with `device.no-reply` when it does not answer. */
export interface Module {
  /**
   * Shows the password and reads what the module is. Whatever came late is behind us afterwards: see `exchange.ts`.
   * Rejects with `device.key` for a wrong password, `device.refused` when the module will not say what it is.
   */
  meet(password: number): Promise<Parameters>;
  /** Fingers it knows; undefined on modules that do not count. */
  count(): Promise<number | undefined>;
  image(): Promise<Outcome>;
  features(buffer: 1 | 2): Promise<Outcome>;
  /** Who the features in buffer 1 are. */
  search(capacity: number): Promise<Match | Outcome>;
  /** Joins buffers 1 and 2. */
  model(): Promise<Outcome>;
  store(slot: number): Promise<Outcome>;
  remove(slot: number): Promise<Outcome>;
  /** Slots in use; rejects with `device.refused` on modules without an index table. */
  taken(capacity: number): Promise<readonly number[]>;
  /** Does nothing on modules without a light, or once one has refused. */
  light(light: Light | undefined): Promise<void>;
}

export function createModule(
  exchange: Exchange,
  config: Pick<ZfmConfig, "search" | "light">,
  count: (name: string) => void,
): Module {
  let hasLight = config.light !== "none";
  const ask = (command: Command): Promise<Answer> => answerOf(exchange, command);
  const outcomeOf = async (command: Command): Promise<Outcome> => (await ask(command)).outcome;

  return {
    meet: (password) => meet(exchange, password),
    async count() {
      const { outcome, payload } = await ask({ kind: "count-models" });
      return outcome === OK ? readCount(payload) : undefined;
    },
    image: () => outcomeOf({ kind: "get-image" }),
    features: (buffer) => outcomeOf({ kind: "image-to-features", buffer }),
    async search(capacity) {
      const kind = config.search === "hi-speed" ? "hi-speed-search" : "search";
      const { outcome, payload } = await ask({ kind, capacity });
      return outcome === OK ? (readMatch(payload) ?? "code-00") : outcome;
    },
    model: () => outcomeOf({ kind: "make-model" }),
    store: (slot) => outcomeOf({ kind: "store-model", slot }),
    remove: (slot) => outcomeOf({ kind: "delete-model", slot }),
    async taken(capacity) {
      const slots: number[] = [];
      for (let page = 0; page * SLOTS_PER_PAGE < capacity; page += 1) {
        const { outcome, payload } = await ask({ kind: "index-table", page });
        if (outcome !== OK) {
          throw new PlatformError(
            "device.refused",
            `the module does not list its slots: ${outcome}`,
          );
        }
        slots.push(...readIndexTable(payload, page));
      }
      return slots.filter((slot) => slot < capacity);
    },
    async light(light) {
      if (!hasLight || light === undefined) return;
      if ((await outcomeOf({ kind: "light", ...light })) === OK) return;
      // A module without this command: asking again at every punch would only slow it down.
      hasLight = false;
      count("light_refused");
    },
  };
}

interface Answer {
  readonly outcome: Outcome;
  readonly payload: Uint8Array;
}

async function answerOf(exchange: Exchange, command: Command): Promise<Answer> {
  const payload = await exchange.ask(command);
  const code = payload[0] ?? CODE.ok;
  refuseWithoutPassword(code);
  return { outcome: code === CODE.ok ? OK : codeName(code), payload };
}

async function meet(exchange: Exchange, password: number): Promise<Parameters> {
  const [code] = await exchange.ask({ kind: "verify-password", password });
  if (code === CODE.wrongPassword) throw wrongPassword();
  let said: Outcome = OK;
  for (let turn = 0; turn < MEET_TURNS; turn += 1) {
    const { outcome, payload } = await answerOf(exchange, { kind: "read-parameters" });
    const parameters = outcome === OK ? readParameters(payload) : undefined;
    if (parameters !== undefined) return parameters;
    said = outcome;
  }
  throw new PlatformError("device.refused", `the module does not say what it is: ${said}`, {
    retriable: true,
  });
}

/** After a power cut that we did not hear of, a module with a password answers this to everything. */
function refuseWithoutPassword(code: number): void {
  if (code !== CODE.passwordWanted && code !== CODE.wrongPassword) return;
  throw new PlatformError("device.no-reply", "the module wants its password again", {
    retriable: true,
  });
}

const wrongPassword = (): PlatformError =>
  new PlatformError(
    "device.key",
    "the module has another password: name the right one in passwordFile",
    { retriable: true },
  );

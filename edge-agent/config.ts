import { dirname, isAbsolute, join } from "node:path";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { parseOverriddenConfig, readConfigText } from "@clockleaf/shared/lib/yaml-config.ts";
import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import { cardFormatSchema } from "@clockleaf/shared/wire/card-format.ts";
import { z } from "zod";
import { clockConfigSchema } from "./clock/clock.ts";
import { terminalClocksConfigSchema, timeZoneSchema } from "./clock/terminal-clocks.ts";
import { ENV_PREFIX, type Environment, overridesFrom } from "./config-env.ts";
import { migrated } from "./config-versions.ts";
import { type DriverName, driverOf, drivers } from "./devices/catalogue.ts";
import { journalConfigSchema } from "./journal/config.ts";
import { pageConfigSchema } from "./page/config.ts";
import { type PortConfig, portConfigSchema } from "./ports/open-port.ts";
import { feedbackConfigSchema } from "./verdict.ts";

/** One line of terminals: the protocol spoken on it, what it hangs on, and the protocol's own settings. */
export type LineConfig = {
  [Name in DriverName]: {
    readonly driver: Name;
    /** Undefined where terminals call us (`PushDriver`). */
    readonly port?: PortConfig | undefined;
    readonly settings: z.output<(typeof drivers)[Name]["config"]>;
  };
}[DriverName];

const lineSchemas = Object.entries(drivers).map(([name, driver]) =>
  z.strictObject({
    driver: z.literal(name).describe(driver.summary),
    ...("serve" in driver ? {} : { port: portConfigSchema }),
    settings: driver.config,
  }),
);
const [firstLineSchema, ...otherLineSchemas] = lineSchemas;
if (firstLineSchema === undefined) throw new Error("the catalogue of drivers is empty");
// What the catalogue lists is only known by its keys at run time; the type above says the same for each of them.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const lineSchema = z.discriminatedUnion("driver", [
  firstLineSchema,
  ...otherLineSchemas,
]) as unknown as z.ZodType<LineConfig>;

const testHooksSchema = z
  .strictObject({
    confirmBeforeCommit: z
      .boolean()
      .default(false)
      .describe("Lights before the disk has the punch"),
    commitDelayMs: z
      .int()
      .min(0)
      .max(5_000)
      .default(0)
      .describe("Holds every commit back, milliseconds"),
  })
  .describe("Planted faults for tests; refused unless CLOCKLEAF_TEST_HOOKS=1 is set");

export const configSchema = z.strictObject({
  configVersion: z.literal(1).describe("Version of this file's format"),
  tenant: tokenSchema.describe("The company, as in the cloud's configuration"),
  site: tokenSchema.describe("The place this gateway stands in"),
  gateway: tokenSchema.describe("Name of this gateway, unique at its site"),
  runtimeDir: z
    .string()
    .min(1)
    .max(80)
    .describe("Folder for the control socket and reader state; on tmpfs, such as /run/clockleaf"),
  directoryFile: z
    .string()
    .min(1)
    .describe("The site's badges as last heard from the cloud; may be deleted, it is loaded again"),
  nats: z.strictObject({
    servers: z
      .array(
        z.string().regex(/^(nats|tls|wss?):\/\/\S+$/, "use nats://, tls:// or wss://host:port"),
      )
      .min(1)
      .describe("The leaf server on this gateway"),
    seedFile: z.string().min(1).describe("File with the gateway's NKey seed (SU…), mode 0600"),
  }),
  journal: journalConfigSchema,
  clock: clockConfigSchema.prefault({ source: "system" }),
  timeZone: timeZoneSchema.optional(),
  terminalClocks: terminalClocksConfigSchema.prefault({}),
  feedback: feedbackConfigSchema.prefault({}),
  cardFormats: z
    .array(cardFormatSchema)
    .max(32)
    .default([])
    .describe("Card formats of one's own, for what `tap` prints beside the published ones"),
  lines: z
    .array(lineSchema)
    .max(32)
    .describe("The readers, line by line; empty before the first one was found"),
  page: pageConfigSchema.prefault({}),
  logLevel: z.enum(["error", "warn", "info", "debug", "trace"]).default("info"),
  testHooks: testHooksSchema.optional(),
});
export type EdgeConfig = z.output<typeof configSchema>;

/**
 * Reads and checks the file, and what variables say instead of it (see config-env.ts); paths in it come back absolute, from the folder of `home` (the file itself unless told: a copy
 * of it lies elsewhere). Throws `config.unreadable` or `config.invalid`.
 */
export function loadEdgeConfig(file: string, home: string = file): EdgeConfig {
  return parseEdgeConfig(readConfigText(file), file, home);
}

/** The same for text already in memory; `file` is what the problems are reported under. Throws `config.invalid`. */
export function parseEdgeConfig(written: string, file: string, home: string = file): EdgeConfig {
  const { text } = migrated(written, file);
  const config = parseOverriddenConfig(text, configSchema, {
    file,
    overrides: (fromFile) => overridesFrom(process.env, configSchema, fromFile),
  });
  refuseDoubleReaders(config, file);
  const needingZone = config.lines.find(({ driver }) => driverOf(driver).hasClock === true);
  refuseUnknownZone(config.timeZone, needingZone?.driver, file);
  if (config.testHooks !== undefined && process.env["CLOCKLEAF_TEST_HOOKS"] !== "1") {
    throw new PlatformError(
      "config.invalid",
      `${file}: testHooks break the promises of this product; remove them (tests set CLOCKLEAF_TEST_HOOKS=1)`,
    );
  }
  const absolute = (path: string): string => (isAbsolute(path) ? path : join(dirname(home), path));
  return {
    ...config,
    runtimeDir: absolute(config.runtimeDir),
    directoryFile: absolute(config.directoryFile),
    nats: { ...config.nats, seedFile: absolute(config.nats.seedFile) },
    journal: { ...config.journal, path: absolute(config.journal.path) },
    lines: config.lines.map((line) => withAbsolutePaths(line, absolute)),
  };
}

/** The keys that come from the environment and not from the file, as variables, in the order of their names. */
export function variablesInUse(env: Environment = process.env): readonly string[] {
  return Object.keys(env)
    .filter((name) => name.startsWith(ENV_PREFIX))
    .toSorted();
}
/** Where systemd lets this service keep things (`StateDirectory=`); undefined when something else started it. */
export const stateDirectory = (): string | undefined =>
  process.env["STATE_DIRECTORY"]?.split(":")[0];

/** What systemd wants to hear of this process (sd_notify(3)); undefined when it wants nothing, or something else started it. */
export interface SystemdWishes {
  /** After so long without a word it is taken for hung (`WatchdogSec=`), milliseconds; undefined = it may be silent. */
  readonly watchdogMs: number | undefined;
}

export function systemdWishes(env: Environment = process.env): SystemdWishes | undefined {
  if (env["NOTIFY_SOCKET"] === undefined) return undefined;
  const isMeant = env["WATCHDOG_PID"] === undefined || Number(env["WATCHDOG_PID"]) === process.pid;
  const watchdogUs = Number(env["WATCHDOG_USEC"]);
  return { watchdogMs: isMeant && watchdogUs > 0 ? watchdogUs / 1_000 : undefined };
}

/** Ids of the readers of one line, whatever its driver. */
export function readersOf(line: LineConfig): readonly string[] {
  return driverOf(line.driver).readers(line.settings);
}

function withAbsolutePaths(line: LineConfig, absolute: (path: string) => string): LineConfig {
  const settings: unknown = driverOf(line.driver).withAbsolutePaths?.(line.settings, absolute);
  // A driver hands back settings of its own kind.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return settings === undefined ? line : ({ ...line, settings } as LineConfig);
}

/** `driver`: one whose terminals tell the time of the place they stand in. Throws `config.invalid`. */
export function refuseUnknownZone(
  timeZone: string | undefined,
  driver: string | undefined,
  file: string,
): void {
  if (timeZone !== undefined || driver === undefined) return;
  throw new PlatformError(
    "config.invalid",
    `${file}: timeZone: terminals on a line of ${driver} have a clock; say in which zone, such as Europe/Berlin`,
  );
}

/** Two readers of one name would share one exchange counter, and one would swallow the other's punches. */
function refuseDoubleReaders(config: EdgeConfig, file: string): void {
  const ids = config.lines.flatMap(readersOf);
  const double = ids.find((id, index) => ids.indexOf(id) !== index);
  if (double === undefined) return;
  throw new PlatformError("config.invalid", `${file}: lines: two readers are named "${double}"`);
}

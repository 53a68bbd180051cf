import { existsSync } from "node:fs";
import { hasCode } from "@clockleaf/shared/lib/errors.ts";
import { readConfigText } from "@clockleaf/shared/lib/yaml-config.ts";
import { differences } from "../cli/config-text.ts";
import { readersOf, variablesInUse } from "../config.ts";
import { migrated } from "../config-versions.ts";
import { lastGoodFile } from "../last-good-config.ts";
import { type Finding, fail, ok, quoted, RESTART, skip, warn } from "./finding.ts";
import type { Setup } from "./setup.ts";

/** What is said of a file that cannot be used, with the mistakes as `config check` shows them. */
export const badConfiguration = (file: string, error: unknown): Finding =>
  fail(`configuration ${file}`, {
    says: error instanceof Error ? error.message : String(error),
    cure: existsSync(file)
      ? `sudoedit ${quoted(file)}, then: clockleaf-edge config check --config ${quoted(file)}`
      : `clockleaf-edge config init --out ${quoted(file)}`,
    kind: "configuration",
  });

export function checkConfiguration({ config, configFile }: Setup): readonly Finding[] {
  const about = `configuration ${configFile}`;
  const readers = config.lines.flatMap(readersOf);
  const variables = variablesInUse();
  const extra = variables.length === 0 ? "" : `, ${variables.join(", ")} from the environment`;
  const { from, to } = migrated(readConfigText(configFile), configFile);
  const version =
    from === to
      ? ok(about, `version ${to}, ${readers.length} readers${extra}`)
      : warn(about, {
          says: `has the format of an older release (${from}); it is read all the same`,
          cure: `clockleaf-edge config migrate --config ${quoted(configFile)}`,
          fix: { kind: "migrate", file: configFile },
        });
  return [version];
}

/** Whether the running agent works with what the file says now. */
export async function checkLastGood(
  { config, configFile, agent }: Setup,
  load: (file: string, home: string) => Promise<Setup["config"]>,
): Promise<readonly Finding[]> {
  if (agent.kind !== "running") return [];
  const about = "configuration in use";
  let changed: readonly string[];
  try {
    const before = await load(lastGoodFile(config), configFile);
    changed = differences(before, config).map(({ path }) => path);
  } catch (error) {
    if (!hasCode(error, "config.unreadable", "config.invalid")) throw error;
    return [skip(about, "there is no readable copy of what the agent started with")];
  }
  if (changed.length === 0) return [ok(about, "the file as the agent started with it")];
  return [
    warn(about, {
      says: `the file was changed after the agent started: ${changed.slice(0, 5).join(", ")}`,
      cure: `clockleaf-edge config diff --config ${quoted(configFile)}, then: ${RESTART}`,
    }),
  ];
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { ENDLESS } from "./operations.ts";

export const SCHEMATHESIS = "schemathesis==4.32.5";

export interface Fuzzing {
  readonly url: string;
  readonly key: string;
  /** For its reports. */
  readonly dir: string;
  readonly seed: number;
  readonly examples: number;
  readonly only: readonly string[];
}

/** Runs it to its end, whatever it finds. */
export async function runSchemathesis(
  python: string,
  { url, key, dir, seed, examples, only }: Fuzzing,
): Promise<{ readonly output: string; readonly eventsFile: string }> {
  const eventsFile = join(dir, "events.ndjson");
  const chosen = only.flatMap((id) => ["--include-operation-id", id]);
  const args = [
    "-m",
    "schemathesis.cli",
    `--config-file=${join(import.meta.dirname, "schemathesis.toml")}`,
    "run",
    `${url}/openapi.json`,
    "--checks=all",
    "--phases=examples,coverage,fuzzing,stateful",
    `--header=Authorization: Bearer ${key}`,
    `--seed=${seed}`,
    `--max-examples=${examples}`,
    "--continue-on-failure",
    "--request-timeout=30",
    "--suppress-health-check=all",
    "--generation-database=none",
    "--warnings=off",
    "--no-color",
    `--report-ndjson-path=${eventsFile}`,
    ...(chosen.length > 0 ? chosen : ENDLESS.flatMap((id) => ["--exclude-operation-id", id])),
  ];
  const env = { ...process.env, SCHEMATHESIS_HOOKS: "hooks", PYTHONPATH: import.meta.dirname };
  const child = spawn(python, args, { cwd: dir, env, stdio: ["ignore", "pipe", "pipe"] });
  const killLast = (): void => void child.kill("SIGKILL");
  process.once("exit", killLast);
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (output += text));
  await once(child, "close");
  process.off("exit", killLast);
  return { output, eventsFile };
}

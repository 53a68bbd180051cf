import { execFile } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { edge, writeEdgeConfig } from "../support/edge-cli.ts";
import { hidLine } from "../support/edge-process.ts";
import { type TempDir, tempDir } from "../support/temp.ts";

const ROOT = join(import.meta.dirname, "../..");
const PASSWORD = "hunter2hunter2";

/** What a bash offers after these words. */
async function typed(...words: readonly string[]): Promise<string[]> {
  const script = `
    clockleaf-edge() { "${process.execPath}" "${ROOT}/edge-agent/main.ts" "$@"; }
    # What the bash-completion package has for the words of the line.
    _get_comp_words_by_ref() {
      words=("\${COMP_WORDS[@]}") cword=$COMP_CWORD cur="\${COMP_WORDS[COMP_CWORD]}"
    }
    source <(clockleaf-edge completion bash)
    COMP_WORDS=(${words.map((word) => `"${word}"`).join(" ")})
    COMP_CWORD=${words.length - 1} COMP_LINE="\${COMP_WORDS[*]}" COMP_POINT=\${#COMP_LINE} COMPREPLY=()
    "$(complete -p clockleaf-edge | sed 's/.*-F \\([^ ]*\\).*/\\1/')"
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = await promisify(execFile)("bash", ["-c", script]);
  return stdout.trim().split(/\s*\n/);
}

describe("help for people who help", () => {
  let temp: TempDir;
  let config: string;
  beforeAll(() => {
    temp = tempDir("support");
    config = writeEdgeConfig(temp.path, [hidLine("desk.sock", "desk-1")]);
    // Something for doctor to find.
    rmSync(join(temp.path, "gateway.nk"));
  });
  afterAll(() => temp.remove());

  it("gathers what can be had without an agent, and says of the rest why not", async () => {
    const { code, out } = await edge("support", "-c", config);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      agentVersion: expect.any(String),
      machine: { node: process.versions.node },
      configuration: { gateway: "gw1" },
      terminalsFound: { serial: expect.any(Array) },
      status: { missing: "agent.not-running", why: expect.stringContaining("clockleaf-edge run") },
      journal: { missing: "journal.unavailable" },
      doctor: expect.arrayContaining([
        expect.objectContaining({ about: "Node", severity: "ok" }),
        expect.objectContaining({ severity: "fail", cure: expect.stringContaining("gateway.nk") }),
      ]),
    });
  });

  it("goes into a file that only its owner reads, and never over one that is there", async () => {
    const file = join(temp.path, "support.json");
    expect(await edge("support", "-c", config, "--out", file)).toMatchObject({ code: 0, out: "" });
    expect(JSON.parse(readFileSync(file, "utf8"))).toHaveProperty("madeAt");
    expect(await edge("support", "-c", config, "--out", file)).toMatchObject({ code: 1 });
  });

  it("repeats no line of a file that does not parse: a password may stand there", async () => {
    const broken = join(temp.path, "broken.yaml");
    writeFileSync(broken, `configVersion: 1\npasword: ${PASSWORD}\n`);
    const { code, out } = await edge("support", "-c", broken);
    expect(code).toBe(0);
    expect(JSON.parse(out).configuration.why).toMatch(/broken\.yaml:2:1: /);
    expect(out).not.toContain(PASSWORD);
  });

  it("completes commands, and reader ids out of the configuration, in a real bash", async () => {
    expect(await typed("clockleaf-edge", "stat")).toEqual([expect.stringMatching(/^status/)]);
    expect(await typed("clockleaf-edge", "readers", "locate", "-c", config, "")).toEqual([
      expect.stringMatching(/^desk-1/),
    ]);
  });
});

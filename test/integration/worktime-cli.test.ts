import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { tempDir } from "../support/temp.ts";

const ROOT = join(import.meta.dirname, "../..");
const EXAMPLES = "shared/worktime/examples";
const temp = tempDir("worktime-cli");
afterAll(() => temp.remove());

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function clockleaf(...args: readonly string[]): Promise<Ended> {
  return await new Promise((resolve) => {
    const command = [join(ROOT, "cloud/main.ts"), "worktime", ...args];
    execFile(process.execPath, command, { cwd: ROOT, timeout: 30_000 }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), out, err });
    });
  });
}

const night = (...more: readonly string[]): string[] => [
  "explain",
  "--facts",
  `${EXAMPLES}/dst-night.facts.yaml`,
  "--rules",
  `${EXAMPLES}/dst-night.rules.yaml`,
  ...more,
];

describe("clockleaf worktime", () => {
  it("explains a day as text and as JSON", async () => {
    const text = await clockleaf(...night("--person", "mara", "--date", "2026-10-24"));
    expect(text).toMatchObject({ code: 0, err: "" });
    expect(text.out).toContain("Mara Lind (mara), Sat 2026-10-24, Europe/Berlin");
    expect(text.out).toContain("overtime: over 8 h on the day, rule 'Daily'");
    const json = await clockleaf(...night("--person", "mara", "--date", "2026-10-24", "--json"));
    expect(JSON.parse(json.out)).toMatchObject({ workday: { workedSeconds: 29_700 } });
  });

  it("ends with 2 for wrong words, and says which", async () => {
    const stranger = await clockleaf(...night("--person", "otto", "--date", "2026-10-24"));
    expect(stranger).toMatchObject({ code: 2, out: "" });
    expect(stranger.err).toContain('knows nobody "otto"; it has: mara, tomas');
    expect(await clockleaf(...night("--person", "mara"))).toMatchObject({ code: 2 });
    expect(await clockleaf("explian")).toMatchObject({ code: 2 });
  });

  it("ends with 3 for a file that does not fit, and points at the place", async () => {
    const facts = join(temp.path, "facts.yaml");
    writeFileSync(
      facts,
      "people:\n  mara:\n    facts:\n      - { kind: punch, punchId: p, at: 2026-10-24T22:00, site: hq }\n",
    );
    const options = night("--person", "mara", "--date", "2026-10-24").with(2, facts);
    const { code, out, err } = await clockleaf(...options);
    expect({ code, out }).toEqual({ code: 3, out: "" });
    expect(err).toMatch(/facts\.yaml:4:\d+: .*no offset/);
    const missing = await clockleaf("check", "--rules", join(temp.path, "none.yaml"));
    expect(missing).toMatchObject({ code: 3, out: "" });
  });

  it("checks a rule book, and lists rules and presets", async () => {
    const rules = `${EXAMPLES}/overtime-tiers.rules.yaml`;
    expect(await clockleaf("check", "--rules", rules)).toMatchObject({ code: 0, err: "" });
    const [listed, presets] = await Promise.all([clockleaf("rules"), clockleaf("presets")]);
    expect(listed.code).toBe(0);
    expect(listed.out).toContain("| `shifts.dayStart` |");
    expect(presets.code).toBe(0);
    expect(presets.out).toContain("california (on us-federal)");
  });
});

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CompanyApi, startCompanyApi } from "../fuzz/company-api.ts";
import { findNatsServer } from "../support/nats.ts";
import { available } from "../support/parts.ts";

/** The commands of the README's tour, one a line, without the line that is for the reader to fill in. */
function tourLines(): string[] {
  const text = readFileSync(join(import.meta.dirname, "../../README.md"), "utf8");
  const block = /## A tour of the API\n[^]*?```sh\n([^]*?)```/u.exec(text)?.[1] ?? "";
  return block
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#") && !line.startsWith("export "));
}

const DONE = "line done";

describe.skipIf(!available("nats-server", findNatsServer()))("the README's tour of the API", () => {
  let company: CompanyApi;
  beforeAll(async () => {
    company = await startCompanyApi();
  });
  afterAll(() => company?.[Symbol.asyncDispose]());

  test("runs line by line", () => {
    const lines = tourLines();
    expect(lines.length).toBeGreaterThan(12);
    // One shell, for a line may use what another has set; it stops at the first that fails.
    const script = lines.map((line) => `${line}\necho; echo "${DONE}"`).join("\n");
    const { status, stdout, stderr } = spawnSync("sh", ["-eu", "-c", script], {
      encoding: "utf8",
      env: { ...process.env, URL: company.url, KEY: company.key },
    });
    const answers = stdout.split(`${DONE}\n`);
    expect({ status, stderr, failed: lines[answers.length - 1] ?? null }).toEqual({
      status: 0,
      stderr: "",
      failed: null,
    });
    expect(stdout).toContain('"jobTitle":"Foreman"');
    expect(stdout).toContain('"code":"command.not-found"');
    expect(stdout).not.toContain('"errors":[{"message"');
  });
});

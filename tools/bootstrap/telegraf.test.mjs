import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { provideTelegraf } from "./telegraf.mjs";

// With a stand-in for go on a PATH that leads nowhere else.
let root;
let tools;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "clockleaf-telegraf-"));
  tools = join(root, "tools");
  mkdirSync(tools);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe("telegraf", () => {
  it("is built once, by the Go that is there, and again when the pins change", async () => {
    const env = machine('echo "$GOTOOLCHAIN $@" >> calls.txt; echo binary > "$GOBIN/telegraf"');
    await provideTelegraf({ tools, pins: pins("a@v1"), env });
    await provideTelegraf({ tools, pins: pins("a@v1"), env });
    const calls = join(tools, "telegraf", "calls.txt");
    expect(readFileSync(calls, "utf8")).toBe("local install -tags custom,inputs.x a@v1\n");
    await provideTelegraf({ tools, pins: pins("a@v2"), env });
    expect(readFileSync(calls, "utf8")).toBe("local install -tags custom,inputs.x a@v2\n");
  });

  it("that could not be built leaves Go's last words behind", async () => {
    const env = machine("echo downloading >&2; echo no such host >&2; exit 1");
    await provideTelegraf({ tools, pins: pins("a@v1"), env });
    expect(reason()).toBe("go install: no such host");
    expect(existsSync(join(tools, "telegraf"))).toBe(false);
  });

  it("is asked for again once there is a Go", async () => {
    await provideTelegraf({ tools, pins: pins("a@v1"), env: { PATH: root } });
    expect(reason()).toBe("needs Go 1.2: https://go.dev/dl/");
    const env = machine('echo binary > "$GOBIN/telegraf"');
    await provideTelegraf({ tools, pins: pins("a@v1"), env });
    expect(existsSync(join(tools, "telegraf", "telegraf"))).toBe(true);
  });
});

const pins = (module) => ({ module, tags: ["inputs.x"], go: "1.2" });

/** What the benchmark says about the peer that it could not get. */
const reason = () => JSON.parse(readFileSync(join(tools, "telegraf-missing"), "utf8")).reason;

function machine(install) {
  const bin = join(root, "machine");
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, "go"), `#!/bin/sh\n[ "$1" = version ] && exit 0\n${install}\n`);
  chmodSync(join(bin, "go"), 0o755);
  return { PATH: bin };
}

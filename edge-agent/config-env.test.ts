import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type EdgeConfig, loadEdgeConfig, variablesInUse } from "./config.ts";

const SAMPLE = join(import.meta.dirname, "../deploy/edge/gateway.sample.yaml");
let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "clockleaf-env-"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(dir, { recursive: true, force: true });
});

/** The sample with these variables set; names without the prefix. */
function load(variables: Readonly<Record<string, string>>, file = SAMPLE): EdgeConfig {
  for (const [name, value] of Object.entries(variables)) {
    vi.stubEnv(`CLOCKLEAF_EDGE__${name}`, value);
  }
  return loadEdgeConfig(file);
}

function refusal(variables: Readonly<Record<string, string>>): string {
  try {
    load(variables);
  } catch (error) {
    expect(error).toMatchObject({ code: "config.invalid" });
    return error instanceof Error ? error.message : "";
  }
  throw new Error("the variables were accepted");
}

describe("a variable of the environment", () => {
  it("wins over the file, at any depth, by the type of its key", () => {
    const config = load({
      RUNTIME_DIR: "/run/elsewhere",
      TENANT: "123",
      NATS__SERVERS: '["tls://leaf:4222","nats://127.0.0.1:4222"]',
      JOURNAL__MAX_BYTES: "2097152",
      FEEDBACK: '{"unknownBadge":"amber"}',
      LINES__0__PORT__SERIAL__BAUD_RATE: "19200",
      LINES__0__SETTINGS__READERS__1__DIRECTION: "none",
      LINES__1__PORT__HID__VENDOR_ID: "0416",
    });
    expect(config).toMatchObject({
      runtimeDir: "/run/elsewhere",
      tenant: "123",
      nats: { servers: ["tls://leaf:4222", "nats://127.0.0.1:4222"] },
      journal: { path: "/var/lib/clockleaf/journal.db", maxBytes: 2_097_152 },
      feedback: { unknownBadge: "amber" },
      lines: [
        { port: { serial: { baudRate: 19_200 } } },
        { port: { hid: { vendorId: "0416", productId: "3bfa" } } },
      ],
    });
    expect(config.lines[0]?.settings).toMatchObject({ readers: [{}, { direction: "none" }] });
  });

  it("is a path from the folder of the file, as in the file", () => {
    const file = join(dir, "gateway.yaml");
    writeFileSync(file, readFileSync(SAMPLE));
    expect(load({ NATS__SEED_FILE: "mine.nk" }, file).nats.seedFile).toBe(join(dir, "mine.nk"));
  });

  it("makes what the file leaves out, and adds to lists at their end", () => {
    const line = {
      driver: "serial-badge",
      port: { serial: { path: "/dev/ttyS0" } },
      settings: { reader: "gate-3", preset: "rdm6300" },
    };
    const config = load({
      TIME_ZONE: "Europe/Berlin",
      TERMINAL_CLOCKS__SET__WHEN_BEYOND_SECONDS: "30",
      LINES__2: JSON.stringify(line),
      LINES__2__SETTINGS__MAX_LENGTH: "20",
      NATS__SERVERS__1: "nats://127.0.0.1:4333",
    });
    expect(config.timeZone).toBe("Europe/Berlin");
    expect(config.terminalClocks).toMatchObject({ set: { whenBeyondSeconds: 30 } });
    expect(config.lines[2]).toMatchObject({ settings: { reader: "gate-3", maxLength: 20 } });
    expect(config.nats.servers).toEqual(["nats://127.0.0.1:4222", "nats://127.0.0.1:4333"]);
  });

  it.each([
    ["NATS__SERVER", "x", 'did you mean "CLOCKLEAF_EDGE__NATS__SERVERS"?'],
    ["RUNTIMEDIRR", "x", 'did you mean "CLOCKLEAF_EDGE__RUNTIME_DIR"?'],
    ["TENANT__NAME", "x", "CLOCKLEAF_EDGE__TENANT has no keys of its own"],
    ["JOURNAL__MAX_BYTES", "much", "journal.maxBytes: expected number"],
    ["NATS__SERVERS", '["http://leaf"]', "nats.servers[0]: use nats://"],
    ["NATS__SERVERS", "nats://leaf", "not JSON"],
    ["LOG_LEVEL", "loud", "logLevel"],
    ["LINES__7__DRIVER", "osdp", "the list has 2 entries; the next one is number 2"],
    ["LINES__0__SETTINGS__READERS__0__ADDRESS", "200", "lines[0].settings.readers[0].address"],
    ["NATS__", "x", "unknown variable"],
  ])("%s=%s is refused by its name", (name, value, words) => {
    const message = refusal({ [name]: value });
    expect(message).toContain(`CLOCKLEAF_EDGE__${name}: `);
    expect(message).toContain(words);
  });

  it("leaves the file's own mistakes where they are", () => {
    const file = join(dir, "gateway.yaml");
    writeFileSync(file, readFileSync(SAMPLE, "utf8").replace("baudRate: 9600", "baudRate: fast"));
    expect(() => load({ TENANT: "other" }, file)).toThrowError(/gateway\.yaml:\d+:\d+: .*baudRate/);
  });

  it("is one of two that say the same, and then neither is guessed", () => {
    expect(refusal({ RUNTIME_DIR: "/a", RUNTIMEDIR: "/b" })).toContain("says the same as");
  });

  it("is named among those in use; others of ours are not its kind", () => {
    const env = { CLOCKLEAF_EDGE__TENANT: "x", CLOCKLEAF_TEST_HOOKS: "1", HOME: "/" };
    expect(variablesInUse(env)).toEqual(["CLOCKLEAF_EDGE__TENANT"]);
  });
});

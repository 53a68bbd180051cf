import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { loadEdgeConfig, readersOf, refuseUnknownZone } from "./config.ts";

const SAMPLE = join(import.meta.dirname, "../deploy/edge/gateway.sample.yaml");
let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "clockleaf-config-"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(dir, { recursive: true, force: true });
});

function edited(edit: (text: string) => string): string {
  const file = join(dir, "gateway.yaml");
  writeFileSync(file, edit(readFileSync(SAMPLE, "utf8")));
  return file;
}

const withZone = (zone: string): string => edited((text) => `${text}\ntimeZone: ${zone}\n`);

describe("the gateway's configuration", () => {
  it("takes the sample that ships", () => {
    const config = loadEdgeConfig(SAMPLE);
    expect(config.lines.flatMap(readersOf)).toEqual(["gate-in", "gate-out", "desk-1"]);
    expect(config.clock.source).toBe("system");
  });

  it("points at the line of a misspelt key and names the right one", () => {
    const file = edited((text) => text.replace("baudRate: 9600", "baudrate: 9600"));
    expect(() => loadEdgeConfig(file)).toThrowError(/gateway\.yaml:\d+:\d+: .*baudrate/);
    expect(() => loadEdgeConfig(file)).toThrowError(/baudRate/);
    expect(() => loadEdgeConfig(file)).toThrowError(/\^/);
  });

  it("names a driver it does not know, and the ones it does", () => {
    const file = edited((text) => text.replace("driver: osdp", "driver: osdb"));
    expect(() => loadEdgeConfig(file)).toThrowError(/osdp/);
  });

  it("refuses two readers of one name on different lines", () => {
    const file = edited((text) => text.replace("reader: desk-1", "reader: gate-in"));
    expect(() => loadEdgeConfig(file)).toThrowError(/two readers are named "gate-in"/);
  });

  it("takes paths relative to the file", () => {
    const file = edited((text) => text.replace("/etc/clockleaf/gateway.nk", "gateway.nk"));
    expect(loadEdgeConfig(file).nats.seedFile).toBe(join(dir, "gateway.nk"));
  });

  it("asks for the site's zone where terminals have a clock, and takes real ones only", () => {
    expect(() => refuseUnknownZone(undefined, "wall-terminal", "gateway.yaml")).toThrowError(
      /gateway\.yaml: timeZone: .*wall-terminal.*Europe\/Berlin/,
    );
    refuseUnknownZone("Europe/Berlin", "wall-terminal", "gateway.yaml");
    refuseUnknownZone(undefined, undefined, "gateway.yaml");
    expect(loadEdgeConfig(withZone("Australia/Lord_Howe")).timeZone).toBe("Australia/Lord_Howe");
    expect(() => loadEdgeConfig(withZone("Berlin"))).toThrowError(/timeZone.*IANA/);
    expect(loadEdgeConfig(SAMPLE).terminalClocks).toEqual({
      set: { whenBeyondSeconds: 10 },
      maxAheadSeconds: 60,
    });
  });

  it("refuses planted faults outside tests", () => {
    const file = edited((text) => `${text}\ntestHooks:\n  confirmBeforeCommit: true\n`);
    expect(() => loadEdgeConfig(file)).toThrowError(/testHooks/);
    vi.stubEnv("CLOCKLEAF_TEST_HOOKS", "1");
    expect(loadEdgeConfig(file).testHooks?.confirmBeforeCommit).toBe(true);
  });
});

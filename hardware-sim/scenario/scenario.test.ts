import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Surroundings, surroundings } from "../command.ts";
import { kinds } from "../kinds.ts";
import { runScenario } from "./run.ts";
import { loadScenario } from "./schema.ts";

const SAMPLES = join(import.meta.dirname, "../scenarios");

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "scenario-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function write(...lines: readonly string[]): string {
  const file = join(dir, "day.yaml");
  const head = [
    "scenarioVersion: 1",
    "terminals:",
    "  gate: { kind: serial-badge, options: { link: gate } }",
    "  desk: { kind: hid, options: { socket: desk } }",
    "people:",
    "  anna: { gate: 100086F444, desk: 12 }",
    "timeline:",
  ];
  writeFileSync(file, [...head, ...lines].join("\n"));
  return file;
}

/** What it is refused with. */
function refusal(...lines: readonly string[]): string {
  try {
    loadScenario(write(...lines));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return "not refused";
}

const around = (facts: Record<string, unknown>[] = []): Surroundings => ({
  ...surroundings({}, new Promise(() => undefined)),
  say: () => undefined,
  fact: (value) => void facts.push(value),
});

describe("a scenario file", () => {
  it("becomes acts in the order of their times, repeated ones one by one", () => {
    const { steps } = loadScenario(
      write(
        "  - { at: 1s, terminal: desk, do: unplug }",
        "  - { at: 500ms, every: 400ms, times: 3, terminal: gate, tap: anna }",
        '  - { at: 1m30s, terminal: gate, faults: "noise=5%" }',
      ),
    );
    expect(steps.map(({ atMs, act, value }) => [atMs, act, value])).toEqual([
      [500, "tap", "100086F444"],
      [900, "tap", "100086F444"],
      [1_000, "unplug", ""],
      [1_300, "tap", "100086F444"],
      [90_000, "faults", "noise=5%"],
    ]);
  });

  it("is refused at line and column for what a terminal does not have", () => {
    expect(refusal("  - { at: 0s, terminal: desk, do: clock-stuck }")).toMatch(
      /day\.yaml:8:35: .*kind hid has no "clock-stuck"; it has: tap, unplug, replug/,
    );
    expect(refusal("  - { at: 0s, terminal: gaet, tap: anna }")).toMatch(
      /:8:25: .*no such terminal; known here: gate, desk/,
    );
    expect(refusal("  - { at: 0s, terminal: gate, tap: ben }")).toMatch(/nobody of that name/);
    expect(refusal('  - { at: 0s, terminal: gate, faults: "melt=1%" }')).toMatch(
      /:8:39: .*drop=1%/,
    );
    expect(refusal("  - { at: soon, terminal: gate, tap: anna }")).toMatch(/:8:11: .*90s/);
    expect(refusal("  - { at: 0s, terminal: gate, tap: anna, do: unplug }")).toMatch(
      /say one thing/,
    );
    expect(refusal("  - { at: 0s, terminal: gate, tip: anna }")).toMatch(/did you mean "tap"/);
  });

  it("names the nearest option of a kind, and the kinds there are", () => {
    const file = write("  - { at: 0s, terminal: gate, tap: anna }");
    const wrong = (terminal: string): (() => unknown) => {
      const text = `scenarioVersion: 1\nterminals:\n  gate: ${terminal}\ntimeline: [{at: 0s, terminal: gate, do: unplug}]\n`;
      writeFileSync(file, text);
      return () => loadScenario(file);
    };
    expect(wrong("{ kind: serial-badge, options: { linc: x } }")).toThrow(/:3:\d+: .*"link"/);
    expect(wrong("{ kind: serial-bagde }")).toThrow(/:3:\d+: /);
  });

  it("is shipped only if it can be read", () => {
    const samples = readdirSync(SAMPLES);
    expect(samples.length).toBeGreaterThan(0);
    for (const each of samples) expect(loadScenario(join(SAMPLES, each)).steps).not.toEqual([]);
  });
});

describe("every kind of terminal", () => {
  /** What each needs to be opened without anybody at its other end. */
  const options: Readonly<Record<string, () => Record<string, string>>> = {
    hid: () => ({ socket: join(dir, "s") }),
    pcprox: () => ({ socket: join(dir, "s") }),
    zkteco: () => ({ port: "0" }),
    adms: () => ({ server: "127.0.0.1:9" }),
    "push-terminal": () => ({
      server: "mqtt://127.0.0.1:9",
      reader: "canteen",
      secret: join(dir, "secret"),
    }),
  };

  it.each(kinds.map((kind) => [kind.name, kind] as const))(
    "%s has every act that it says it has, and no other",
    async (name, kind) => {
      writeFileSync(join(dir, "secret"), "x");
      const values = options[name]?.() ?? { link: join(dir, "link") };
      const terminal = await kind.open(values, around());
      try {
        expect(Object.keys(terminal.acts).toSorted()).toEqual([...kind.can].toSorted());
        for (const act of kind.can.filter((each) => each !== "tap")) {
          const value = act === "faults" ? "noise=1%" : act === "zone" ? "Asia/Tokyo" : "60";
          await terminal.acts[act]?.(value);
        }
        expect(terminal.ledger()).toMatchObject({ taps: 0 });
      } finally {
        await terminal.close();
      }
    },
  );
});

describe("a scenario that runs", () => {
  it("does what it says at each terminal, tells it, and keeps the ledger", async () => {
    const facts: Record<string, unknown>[] = [];
    const file = write(
      "  - { at: 0s, every: 10ms, times: 3, terminal: gate, tap: anna }",
      "  - { at: 20ms, terminal: desk, tap: anna }",
      "settle: 1s",
    );
    const ledger = await runScenario(loadScenario(file), {
      file,
      speed: 10,
      around: around(facts),
    });
    expect(ledger.terminals).toEqual({
      gate: { taps: 3, acknowledged: null, waiting: null, lost: null },
      // Nobody listens at the desk.
      desk: { taps: 1, acknowledged: null, waiting: null, lost: 1 },
    });
    expect(ledger.total).toEqual({ taps: 4, acknowledged: null, waiting: null, lost: 1 });
    const acts = facts.filter(({ kind }) => kind === "act");
    expect(acts).toHaveLength(4);
    expect(acts[0]).toMatchObject({ terminal: "gate", act: "tap", person: "anna", atMs: 0 });
  });
});

import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { RULES } from "./architecture/rules.ts";
import {
  type Import,
  importsOf,
  ROOMS,
  readSources,
  type SourceFile,
} from "./architecture/source.ts";

/** The rules of ARCHITECTURE.md about who may know whom, on the tree as it is. */
describe("the tree", () => {
  const files = readSources(fileURLToPath(new URL("..", import.meta.url)));

  it("sees the imports it is meant to judge", () => {
    const edges = files.flatMap(importsOf).filter((edge) => edge.ours);
    const edgesOf = (room: string): Import[] => edges.filter((e) => e.from.startsWith(`${room}/`));
    expect(ROOMS.filter((room) => edgesOf(room).length > 0)).toEqual(ROOMS);
    expect(edges).toContainEqual({
      from: "cloud/eventing/event-store.ts",
      to: "shared/subjects.ts",
      ours: true,
      typeOnly: true,
    });
    const known = new Set(files.map(({ path }) => path));
    const isThere = ({ to }: Import): boolean => known.has(to) || to.startsWith("cloud/rpc/gen/");
    expect(ROOMS.flatMap(edgesOf).filter((edge) => !isThere(edge))).toEqual([]);
  });

  it.each(RULES)("$name", ({ offences }) => {
    expect(offences(files)).toEqual([]);
  });
});

/** For each rule, files that break it and, beside them, files that it must leave alone. */
const PLANTED: Readonly<
  Record<string, { readonly forbidden: SourceFile[]; readonly allowed: SourceFile[] }>
> = {
  "a room imports only the rooms open to it": {
    forbidden: [
      importing("cloud/a/x.ts", "@clockleaf/edge-agent/agent.ts"),
      importing("cloud/a/x.ts", "../../edge-agent/agent.ts"),
      importing("hardware-sim/osdp/x.ts", "@clockleaf/edge-agent/devices/osdp/frame.ts"),
      importing("edge-agent/x.test.ts", "@clockleaf/hardware-sim/line.ts"),
      importing("shared/lib/x.ts", "../../cloud/main.ts"),
      importing("cloud/a/x.ts", "../../tools/x.ts"),
    ],
    allowed: [
      importing("cloud/a/x.ts", "@clockleaf/shared/subjects.ts"),
      importing("test/demo/main.ts", "../../cloud/main.ts"),
    ],
  },
  "only tests import from test/, and only its support and vectors": {
    forbidden: [
      importing("cloud/x.ts", "../test/support/eventually.ts"),
      importing("cloud/x.test.ts", "../test/demo/site.ts"),
    ],
    allowed: [importing("cloud/x.test.ts", "../test/support/eventually.ts")],
  },
  "the parts of the edge agent meet only in agent.ts": {
    forbidden: [
      importing("edge-agent/uplink/x.ts", "../journal/journal.ts"),
      code("edge-agent/devices/osdp/x.ts", `import type { J } from "../../journal/journal.ts";`),
      importing("edge-agent/journal/x.ts", "../config.ts"),
      importing("edge-agent/ports/x.ts", "../devices/driver.ts"),
    ],
    allowed: [
      importing("edge-agent/devices/osdp/x.ts", "../../ports/port.ts"),
      importing("edge-agent/agent.ts", "./journal/journal.ts"),
    ],
  },
  "one device's driver knows no other device": {
    forbidden: [
      importing("edge-agent/devices/osdp/x.ts", "../hid-keyboard/driver.ts"),
      code("edge-agent/devices/osdp/x.ts", `await import("../hid-keyboard/driver.ts");`),
    ],
    allowed: [
      importing("edge-agent/devices/osdp/x.ts", "../driver.ts"),
      importing("edge-agent/devices/catalogue.ts", "./osdp/driver.ts"),
    ],
  },
  "cloud contexts meet only through events, and use api only from their routes": {
    forbidden: [
      importing("cloud/attendance/x.ts", "../employee/decider.ts"),
      importing("cloud/employee/commands.ts", "../api/router.ts"),
      importing("cloud/employee/routes.ts", "../api/app.ts"),
      importing("cloud/employee/x.ts", "../streams/topology.ts"),
      importing("cloud/api/app.ts", "../employee/decider.ts"),
      importing("cloud/eventing/x.ts", "../employee/decider.ts"),
      importing("cloud/employee/x.ts", "../main.ts"),
    ],
    allowed: [
      importing("cloud/employee/routes.ts", "../api/router.ts"),
      importing("cloud/employee/route-definitions.ts", "../api/router.ts"),
      importing("cloud/api/app.ts", "../employee/routes.ts"),
      importing("cloud/main.ts", "./employee/projection.ts"),
    ],
  },
  "a command of the cloud knows no context, least of all the one it verifies": {
    forbidden: [
      importing("cloud/cli/audit-check.ts", "../audit/entry.ts"),
      importing("cloud/cli/x.ts", "../employee/decider.ts"),
    ],
    allowed: [
      importing("cloud/cli/x.ts", "../eventing/dead-letter.ts"),
      importing("cloud/cli/x.ts", "../config.ts"),
      importing("cloud/cli/audit-check.test.ts", "../audit/entry.ts"),
    ],
  },
  "every folder of the cloud is under a rule": {
    forbidden: [code("cloud/somewhere/x.ts", "")],
    allowed: [code("cloud/payroll/x.ts", ""), code("cloud/cli/x.ts", ""), code("cloud/x.ts", "")],
  },
  "a decider and the working-time engine are pure": {
    forbidden: [
      importing("cloud/employee/decider.ts", "node:crypto"),
      importing("cloud/employee/decider.ts", "hono"),
      code("cloud/employee/decider.ts", "const at = Date.now();"),
      code("cloud/attendance/quarantine-decider.ts", "const id = Math.random();"),
      code("shared/worktime/x.ts", "const t = Temporal.Now.instant();"),
    ],
    allowed: [
      code("cloud/employee/decider.ts", `import type { Hono } from "hono";`),
      importing("shared/worktime/x.ts", "temporal-polyfill"),
    ],
  },
  "subjects are written in shared/subjects.ts only": {
    forbidden: [
      code("cloud/x.ts", "const s = `evt.v1.${domain}`;"),
      code("deploy/nats/x.ts", 'publish: ["clock.v1.a.b.c"]'),
      code("cloud/fleet/x.ts", "const s = `roster.v1.${tenant}.${site}.read`;"),
      code("hardware-sim/x.ts", 'const topic = "terminal/v1/desk/punch";'),
    ],
    allowed: [
      code("cloud/x.ts", "// as in `evt.v1.employee`"),
      code("shared/subjects.ts", 'const s = "evt.v1.x";'),
    ],
  },
  "only main.ts and config.ts read the environment": {
    forbidden: [
      code("cloud/x.ts", 'const h = process.env["HOME"];'),
      code("cloud/x.ts", 'import { env } from "node:process";'),
    ],
    allowed: [code("edge-agent/journal/config.ts", 'process.env["A"]')],
  },
  "only main.ts ends the process": {
    forbidden: [code("cloud/x.ts", "process.exit(1);")],
    allowed: [code("cloud/main.ts", "process.exit(1);")],
  },
  "what is imported is written out, so that these rules can see it": {
    forbidden: [
      code("cloud/x.ts", "await import(name);"),
      code("cloud/x.ts", "await import(`./${name}.ts`);"),
    ],
    allowed: [code("cloud/x.ts", 'await import("./a.ts");')],
  },
};

describe("the guard", () => {
  it("has a planted offence for every rule", () => {
    expect(Object.keys(PLANTED)).toEqual(RULES.map(({ name }) => name));
  });

  it.each(RULES)("catches what breaks it and nothing else: $name", ({ name, offences }) => {
    const planted = PLANTED[name];
    expect(planted?.forbidden.filter((file) => offences([file]).length !== 1)).toEqual([]);
    expect(planted?.allowed.filter((file) => offences([file]).length !== 0)).toEqual([]);
  });

  it("follows what a decider imports to the vendor behind it", () => {
    const planted = [
      importing("cloud/employee/decider.ts", "./rules.ts"),
      importing("cloud/employee/rules.ts", "@clockleaf/shared/wire/x.ts"),
      importing("shared/wire/x.ts", "node:crypto"),
    ];
    expect(RULES.flatMap(({ offences }) => offences(planted))).toEqual([
      "cloud/employee/decider.ts reaches node:crypto through shared/wire/x.ts",
    ]);
  });

  it("lets a part use a file at the room's root only while that file knows no part", () => {
    const used = importing("cloud/employee/x.ts", "../metrics.ts");
    const innocent = importing("cloud/metrics.ts", "prom-client");
    const knowing = importing("cloud/metrics.ts", "./attendance/intake.ts");
    expect(RULES.flatMap(({ offences }) => offences([used, innocent]))).toEqual([]);
    expect(RULES.flatMap(({ offences }) => offences([used, knowing]))).toEqual([
      "cloud/employee/x.ts → cloud/metrics.ts",
    ]);
  });

  it("reads every way to import", () => {
    const text = [
      'import "./a.ts";',
      'import { b } from "./b.ts";',
      "import {\n  c,\n  type C,\n} from './c.ts';",
      'import type { D } from "./d.ts";',
      'export { e } from "./e.ts";',
      'export * from "./f.ts";',
      'const g = await import("./g.ts");',
      'new Worker(new URL("./h.ts", import.meta.url));',
      'const i = require("./i.ts");',
      "/**\n * import { no } from './no.ts';\n */",
      '// import { no } from "./no.ts";',
      'const glob = ["**/*.ts", "x/*.ts"];',
      'import { j } from "./j.ts";',
    ].join("\n");
    const targets = importsOf({ path: "cloud/x.ts", text }).map(({ to }) => to);
    const expected = "abcdefghij".split("").map((name) => `cloud/${name}.ts`);
    expect(targets.toSorted()).toEqual(expected);
  });
});

function code(path: string, text: string): SourceFile {
  return { path, text };
}

function importing(path: string, target: string): SourceFile {
  return code(path, `import { x } from "${target}";\n`);
}

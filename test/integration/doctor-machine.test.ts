import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createDoctorRig, type DoctorRig, expectTrouble } from "../support/doctor-rig.ts";
import { createFakeClock, findFaketime } from "../support/faketime.ts";
import { available } from "../support/parts.ts";
import { mountSmallDisk } from "../support/small-disk.ts";

// The real command on a machine whose disk, clock or files are really wrong.

const root = process.getuid?.() === 0 ? "yes" : undefined;

let rig: DoctorRig;
beforeEach(() => {
  rig = createDoctorRig("doctor");
});
afterEach(() => rig[Symbol.asyncDispose]());

describe("clockleaf-edge doctor names what is broken, and the cure", () => {
  it.skipIf(!available("root, for a small disk", root))("disk nearly full", async () => {
    const disk = join(rig.dir, "disk");
    const small = mountSmallDisk(disk, { mebibytes: 40, inodes: 60 });
    rig.atEnd(() => small.unmount());
    rig.configure({ journal: { path: join(disk, "journal.db") } });
    writeFileSync(join(disk, "somebody-elses.log"), Buffer.alloc(30 * 1024 * 1024));
    const visit = await rig.doctor();
    expectTrouble(visit.about(`disk of ${disk}`), /nearly full, 10 MiB free/, /sudo du -xh/);
    expectTrouble(visit.about(`inodes of ${disk}`), /^5\d left/, /sudo du --inodes/);
    const cap = visit.about("journal.maxBytes");
    expect(cap).toMatchObject({ severity: "warn", says: expect.stringContaining("1024 MiB") });
    expect(cap.cure).toMatch(/journal: \{ maxBytes: \d+ \}/);
    expect(visit.code).toBe(1);
  });

  it.skipIf(!available("libfaketime", findFaketime()))("clock wrong", async () => {
    rig.configure({});
    const clock = createFakeClock(rig.dir);
    clock.bootAt("2000-01-01 00:00:00");
    const visit = await rig.doctor({ env: clock.env });
    expectTrouble(visit.about("clock"), /^shows 2000-01-01T/, /sudo timedatectl set-ntp true/);
    expect(visit.code).toBe(1);
    clock.setRight();
    expect((await rig.doctor({ env: clock.env })).about("clock").severity).toBe("ok");
  });

  it("a file nobody can read as a configuration: exit 3", async () => {
    writeFileSync(rig.config, "configVersion: 1\ntenat: acme\n");
    const visit = await rig.doctor();
    const said = visit.about(`configuration ${rig.config}`);
    expectTrouble(said, /gateway\.yaml:2:1: .*tenat/, /clockleaf-edge config check --config/);
    expect(visit.code).toBe(3);
  });

  it("a damaged journal", async () => {
    writeFileSync(join(rig.dir, "journal.db"), Buffer.alloc(8192, 7));
    rig.configure({});
    const said = (await rig.doctor()).about(/^journal \//);
    expectTrouble(said, /cannot be trusted/, /clockleaf-edge journal export --config/);
    expect(said.fixable).toBe(false); // nothing touches rows by itself
  });
});

describe("the environment", () => {
  it("overrides the file for every command, and config show says which keys", async () => {
    rig.configure({});
    const env = { CLOCKLEAF_EDGE__NATS__SERVERS: '["nats://127.0.0.1:4999"]' };
    const shown = await rig.run(["config", "show", "--json"], { env });
    expect(JSON.parse(shown.out)).toMatchObject({ nats: { servers: ["nats://127.0.0.1:4999"] } });
    expect(shown.err).toContain("from the environment: CLOCKLEAF_EDGE__NATS__SERVERS");
    const wrong = await rig.run(["config", "check"], {
      env: { CLOCKLEAF_EDGE__NATS__SERVER: "x" },
    });
    expect(wrong.code).toBe(3);
    expect(wrong.err).toContain('did you mean "CLOCKLEAF_EDGE__NATS__SERVERS"?');
    const visit = await rig.doctor({ env });
    expect(visit.about(/^configuration \//).says).toContain("CLOCKLEAF_EDGE__NATS__SERVERS");
    expect(visit.about("leaf server nats://127.0.0.1:4999").severity).toBe("fail");
  });
});

import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { initDeployment } from "../../deploy/nats/init.ts";
import { type Ended, edgeSettings } from "../support/edge-cli.ts";
import { eventually } from "../support/eventually.ts";
import { bootMachine, findBootableSystemd, type Machine } from "../support/machine.ts";
import { findNatsServer } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import { type TempDir, tempDir } from "../support/temp.ts";

// The units of deploy/edge under a real systemd that is process 1 of namespaces of its own, put there by the installer that
// people use. What a kernel would do about devices that are plugged in is not part of it: the reader is a pty.

const ROOT = join(import.meta.dirname, "../..");
const README = join(ROOT, "deploy/edge/README.md");
/** The machine here may have none, and root needs no password. */
const SUDO = `sudo() {
  if [ "$1" != -u ]; then "$@"; return; fi
  user=$2; shift 2
  setpriv --reuid="$user" --regid="$user" --init-groups "$@"
}`;
const AGENT = "clockleaf-edge.service";
const ready =
  available("systemd that can be booted in namespaces, as root", findBootableSystemd()) &&
  available("nats-server", findNatsServer());

// Every command that is run there starts a Node, some of them several.
describe.skipIf(!ready)("the services of a gateway, under systemd", { timeout: 300_000 }, () => {
  let temp: TempDir;
  let machine: Machine;
  /** What the README's commands printed at the first start. */
  let started: Ended;

  beforeAll(async () => {
    temp = tempDir("service");
    const files = join(temp.path, "files");
    const changes = join(temp.path, "changes");
    for (const folder of [files, changes]) mkdirSync(folder);
    writeGateway(files);
    machine = await bootMachine({ dir: changes, release: ROOT, files });
    await machine.sh("/opt/clockleaf-test/deploy/edge/install");
    await machine.sh("cp -L /mnt/test/nats-server /usr/local/bin/");
    await machine.sh(`cd /mnt/test && ${SUDO}\n${commandsUnder("Configure")}`);
    await machine.sh(
      "systemd-run --unit=simulator --uid=clockleaf --property=RuntimeDirectory=sim $(readlink -f /opt/clockleaf-test/node_modules/node-linux-*/bin/node) /opt/clockleaf-test/hardware-sim/main.ts serial-badge --link /run/sim/reader --tap 1s",
    );
    started = await machine.run(`${SUDO}\n${commandsUnder("Start")}`);
    await machine.sh("cp /mnt/test/gateway.yaml /etc/clockleaf/ && clockleaf-edge config reload");
  });
  afterAll(async () => {
    await machine?.[Symbol.asyncDispose]();
    temp?.remove();
  });

  const mainPid = async (): Promise<string> =>
    (await machine.sh(`systemctl show ${AGENT} --property=MainPID --value`)).trim();
  const taps = (count: number): Promise<string> =>
    machine.sh(`timeout 60 clockleaf-edge tap --wait --count ${count} --json`);
  /** Settings on top of the unit's, for this test. */
  async function changed(settings: string): Promise<void> {
    const folder = `/etc/systemd/system/${AGENT}.d`;
    await machine.sh(
      `mkdir -p ${folder} && printf '[Service]\n${settings}\n' > ${folder}/test.conf`,
    );
    await machine.sh(`systemctl daemon-reload && systemctl restart ${AGENT}`);
  }
  const undone = (): Promise<string> =>
    machine.sh(
      `rm /etc/systemd/system/${AGENT}.d/test.conf && systemctl daemon-reload && systemctl restart ${AGENT}`,
    );

  it("keep punches and reach the leaf server, each as a user that may do nothing else", async () => {
    // Its last command tells how the agent is: degraded, with no reader and no hub yet.
    expect(started).toMatchObject({ code: 6, out: expect.stringContaining("plant-1 / gw-1") });
    expect(rowsOf(await taps(2))).toHaveLength(2);
    const { findings } = JSON.parse((await machine.run("clockleaf-edge doctor --json")).out) as {
      findings: readonly { about: string; severity: string; says: string }[];
    };
    const of = (about: string) => findings.find((finding) => finding.about.startsWith(about));
    expect(of("service clockleaf-edge")).toMatchObject({ severity: "ok" });
    expect(of("agent")).toMatchObject({ severity: "ok" });
    expect(of("runtimeDir /run/clockleaf")).toMatchObject({ severity: "ok" });
    expect(of("leaf server")).toMatchObject({ severity: "ok" });
    const users = await machine.sh(
      `ps -o user= -p $(systemctl show ${AGENT} nats-server --property=MainPID --value | xargs)`,
    );
    expect(users.trim().split(/\s+/).toSorted()).toEqual(["clockleaf", "nats"]);
  });

  it("may write where they must and nowhere else, and reach no disk", async () => {
    const inAgent = `nsenter -t ${await mainPid()} -m setpriv --reuid=clockleaf --regid=clockleaf --init-groups sh -c`;
    const writes = (path: string) =>
      machine.run(`${inAgent} 'touch ${path}/tried && rm ${path}/tried'`);
    for (const path of [
      "/var/lib/clockleaf",
      "/run/clockleaf",
      "/var/cache/clockleaf",
      "/etc/clockleaf",
      "/etc/clockleaf/keys",
    ]) {
      expect([path, await writes(path)]).toEqual([path, { code: 0, out: "", err: "" }]);
    }
    expect((await writes("/opt/clockleaf/deploy")).code).not.toBe(0);
    expect((await writes("/etc/nats-server")).code).not.toBe(0);
    // As root in the service's control group: only its device policy is left to say no.
    await machine.sh("mknod /dev/disk-0 b 7 0 && mknod /dev/serial-0 c 4 64");
    const opens = (device: string) =>
      machine.run(`echo $$ > /sys/fs/cgroup/system.slice/${AGENT}/cgroup.procs && : < ${device}`);
    expect((await opens("/dev/disk-0")).err).toMatch(/not permitted/);
    expect((await opens("/dev/serial-0")).err).not.toMatch(/not permitted/);
  });

  it("begin anew after a kill, with what readers' exchanges left in /run", async () => {
    const before = await mainPid();
    const last = Math.max(...rowsOf(await taps(1)));
    await machine.sh(`touch /run/clockleaf/osdp-x.state && kill -9 ${before}`);
    await eventually(async () => !["0", before].includes(await mainPid()), {
      what: "another process",
      everyMs: 200,
    });
    expect(Math.min(...rowsOf(await taps(1)))).toBeGreaterThan(last);
    await machine.sh("ls /run/clockleaf/osdp-x.state");
  });

  it("begin anew when the event loop hangs", async () => {
    await changed("WatchdogSec=6");
    const hung = await mainPid();
    await machine.sh(`kill -STOP ${hung}`);
    await eventually(async () => !["0", hung].includes(await mainPid()), {
      what: "another process",
      everyMs: 200,
      timeoutMs: 60_000,
    });
    await undone();
    expect(rowsOf(await taps(1))).toHaveLength(1);
  });

  it("begin anew when the journal's thread does not come round, and not while it does", async () => {
    await machine.sh("cp /mnt/test/slow.yaml /etc/clockleaf/gateway.yaml");
    await changed("WatchdogSec=3\nEnvironment=CLOCKLEAF_TEST_HOOKS=1");
    const restarts = async (): Promise<number> =>
      Number(await machine.sh(`systemctl show ${AGENT} --property=NRestarts --value`));
    await eventually(async () => (await restarts()) > 0, {
      what: "a restart",
      everyMs: 500,
      timeoutMs: 90_000,
    });
    expect(await machine.sh(`journalctl -u ${AGENT} -o cat`)).toMatch(/Watchdog timeout/);
    await machine.sh("cp /mnt/test/gateway.yaml /etc/clockleaf/gateway.yaml");
    await undone();
    const pid = await mainPid();
    await taps(5);
    expect(await mainPid()).toBe(pid);
  });

  it("are upgraded by the installer of another release, and rolled back by that of the old one", async () => {
    const last = Math.max(...rowsOf(await taps(1)));
    await machine.sh(
      "mkdir /opt/clockleaf-next && mount --bind /opt/clockleaf-test /opt/clockleaf-next",
    );
    for (const release of ["next", "test"]) {
      await machine.sh(
        `/opt/clockleaf-${release}/deploy/edge/install && systemctl restart ${AGENT}`,
      );
      const command = await machine.sh(`tr '\\0' ' ' < /proc/${await mainPid()}/cmdline`);
      expect(command).toContain(
        `/opt/clockleaf-${release}/deploy/edge/../../edge-agent/main.ts run`,
      );
    }
    expect(Math.min(...rowsOf(await taps(1)))).toBeGreaterThan(last);
  });
});

/** Row numbers of what `tap --json` printed. */
const rowsOf = (said: string): readonly number[] =>
  said
    .trim()
    .split("\n")
    .map((line) => (JSON.parse(line) as { row: number }).row);

/** The commands of the first block under this heading of the README; the first that fails ends them. */
function commandsUnder(heading: string): string {
  const [, section = ""] = readFileSync(README, "utf8").split(`## ${heading}\n`);
  const [, block = ""] = /```sh\n([^`]*)```/.exec(section) ?? [];
  if (block === "") throw new Error(`no commands under ${heading}`);
  return `set -e\n${block}`;
}

/** What an installer brings to the gateway: the configuration, the enrolment's files, a nats-server. */
function writeGateway(dir: string): void {
  const identity = { tenant: "acme", site: "plant-1", gateway: "gw-1" };
  const deployment = initDeployment({
    dir: join(dir, "deployment"),
    hub: {
      serverName: "hub",
      clients: { host: "127.0.0.1", port: 5222 },
      leafs: { host: "127.0.0.1", port: 7422 },
      maxFileBytes: 1024 ** 3,
      maxMemoryBytes: 1024 ** 2,
    },
    gateways: [{ ...identity, port: 4222, hubUrls: ["nats://127.0.0.1:7422"] }],
  });
  const { leafConfig, seedFile } = deployment.gateway(identity);
  const folder = join(dir, "deployment/gateways/acme.plant-1.gw-1");
  for (const file of [leafConfig, seedFile, join(folder, "gateway-nkey.conf")]) {
    cpSync(file, join(dir, file.slice(folder.length)));
  }
  cpSync(findNatsServer() ?? "", join(dir, "nats-server"), { dereference: true });
  const line = {
    driver: "serial-badge",
    port: { serial: { path: "/run/sim/reader" } },
    settings: { reader: "gate", preset: "rdm6300" },
  };
  const settings = edgeSettings([line], {
    ...identity,
    runtimeDir: "/run/clockleaf",
    directoryFile: "/var/lib/clockleaf/directory.db",
    journal: { path: "/var/lib/clockleaf/journal.db" },
    nats: { servers: ["nats://127.0.0.1:4222"], seedFile: "/etc/clockleaf/gateway.nk" },
    page: { port: 8480 },
  });
  writeFileSync(join(dir, "gateway.yaml"), stringify(settings));
  const slow = { ...settings, testHooks: { commitDelayMs: 5_000 } };
  writeFileSync(join(dir, "slow.yaml"), stringify(slow));
}

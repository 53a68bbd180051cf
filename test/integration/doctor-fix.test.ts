import { chmodSync, existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hidLine } from "../support/doctor-lines.ts";
import { createDoctorRig, type DoctorRig, expectTrouble } from "../support/doctor-rig.ts";
import { available } from "../support/parts.ts";
import { canMakeViews, inPrivateView, type PrivateView } from "../support/private-view.ts";

const hasViews = available("root, for a view of the file system of one's own", canMakeViews());

let rig: DoctorRig;
beforeEach(() => {
  rig = createDoctorRig("doctor");
});
afterEach(() => rig[Symbol.asyncDispose]());

describe("clockleaf-edge doctor --fix", () => {
  it("repairs what needs no decision, says what it did, and then finds it right", async () => {
    rig.configure({});
    chmodSync(rig.seedFile, 0o644);
    const before = await rig.doctor();
    expectTrouble(before.about(/gateway\.nk$/), /read by others/, /^chmod 600 .*gateway\.nk/);
    expect(statSync(rig.seedFile).mode & 0o777).toBe(0o644); // looking changes nothing

    const visit = await rig.doctor({ args: ["--fix"] });
    expect(visit.fixed.map(({ did }) => did)).toEqual([
      `${join(rig.dir, "run")} made, mode 700`,
      `mode 600 set on ${rig.seedFile}`,
    ]);
    expect(statSync(rig.seedFile).mode & 0o777).toBe(0o600);
    expect(statSync(join(rig.dir, "run")).mode & 0o777).toBe(0o700);
    expect(visit.about(/gateway\.nk$/).severity).toBe("ok");
    expect(visit.about(/^runtimeDir /).severity).toBe("ok");
  });

  it("removes the socket of a killed agent, and never that of a running one", async () => {
    rig.configure({});
    const agent = await rig.startAgent();
    const socket = join(rig.dir, "run/agent.sock");
    await rig.doctor({ args: ["--fix"] });
    expect(existsSync(socket)).toBe(true);
    await agent.kill();
    const rows = await rig.run(["journal", "export"]);
    const visit = await rig.doctor({ args: ["--fix"] });
    expect(visit.fixed).toMatchObject([{ about: "agent", did: `${socket} removed` }]);
    expect(existsSync(socket)).toBe(false);
    expect((await rig.run(["journal", "export"])).out).toBe(rows.out);
  });
});

describe("the udev rule", () => {
  const machineWithUdev: PrivateView = {
    over: "/etc",
    change: "mkdir -p /etc/udev/rules.d && rm -f /etc/udev/rules.d/*clockleaf*",
  };

  it.skipIf(!hasViews)("is installed when told to, and not by --fix alone", async () => {
    rig.configure({ lines: [hidLine] });
    const through = inPrivateView(machineWithUdev, rig.dir);
    const about = "udev rule for HID readers";
    const looked = (await rig.doctor({ through, args: ["--fix"] })).about(about);
    expect(looked).toMatchObject({ severity: "warn", fixable: true });
    expect(looked.cure).toMatch(
      /ATTRS\{idVendor\}=="0c27".* sudo tee \/etc\/udev.* udevadm control/,
    );
    const visit = await rig.doctor({ through, args: ["--fix", "--install-udev-rule"] });
    expect(visit.fixed.map((each) => each.about)).toContain(about);
    expect(visit.about(about)).toMatchObject({ severity: "ok", says: "names 0c27" });
  });
});

describe("what doctor prints for people", () => {
  it("has marks and what to type, in ASCII where the terminal speaks nothing else", async () => {
    rig.configure({ nats: { servers: ["nats://127.0.0.1:9"], seedFile: rig.seedFile } });
    const utf8 = await rig.run(["doctor"], { env: { LC_ALL: "C.UTF-8" } });
    expect(utf8.out).toMatch(/^✔ Node: /m);
    expect(utf8.out).toMatch(/^✖ leaf server .*\n {4}→ sudo systemctl status nats-server/m);
    expect(utf8.out).toMatch(/\d+ well, \d+ to look at, 1 failed/);
    const plain = await rig.run(["doctor"], { env: { LC_ALL: "C" } });
    expect(plain.out).toMatch(/^\+ Node: /m);
    expect(plain.out).toMatch(/^X leaf server .*\n {4}-> sudo systemctl/m);
    expect(plain.out).toMatch(/^[\x20-\x7e\n]*$/);
    expect(plain.code).toBe(5);
  });

  it("lists in its help what --fix may do and every exit code", async () => {
    const { out } = await rig.run(["doctor", "--help"]);
    for (const word of ["--fix", "--install-udev-rule", "mode of key files", "4 the gateway's key"])
      expect(out).toContain(word);
  });
});

import { join } from "node:path";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createMemoryVault } from "../../cloud/eventing/vault.ts";
import { type RosterServer, serveRoster } from "../../cloud/fleet/roster.ts";
import { type Directory, openDirectory } from "../../edge-agent/directory/directory.ts";
import { followRoster, type RosterFollower } from "../../edge-agent/directory/roster-follower.ts";
import { applyTestTopology } from "../support/cloud-hub.ts";
import { type EmployeeProcess, startEmployeeProcess } from "../support/employee-process.ts";
import { eventually } from "../support/eventually.ts";
import { findNatsServer, type Site, startSite, TEST_GATEWAY } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import { person } from "../support/people.ts";
import { type TempDir, tempDir } from "../support/temp.ts";

const NOW = Date.parse("2026-11-24T08:00:00Z");
const SECONDS = { timeoutMs: 20_000 };

describe.skipIf(!available("nats-server", findNatsServer()))("what becomes of a person", () => {
  let site: Site;
  let dir: TempDir;
  let people: EmployeeProcess;
  let roster: RosterServer;
  let directory: Directory;
  let follower: RosterFollower;

  beforeEach(async () => {
    site = await startSite();
    dir = tempDir("employee-gateway");
    await applyTestTopology(site);
    const nc = await site.connectCloud("cloud-consumers");
    const vault = createMemoryVault();
    const at = { nc, dataDir: join(dir.path, "cloud"), vault, nowMs: () => NOW };
    people = await startEmployeeProcess(at);
    roster = await serveRoster({ nc, log: silentLog() });
    directory = openDirectory({
      path: join(dir.path, "directory.db"),
      identity: TEST_GATEWAY,
      log: silentLog(),
    });
    follower = followRoster({
      feed: directory.feed,
      connection: await site.connectGateway(),
      identity: TEST_GATEWAY,
      log: silentLog(),
      pollMs: 200,
      timeoutMs: 500,
    });
  });
  afterEach(async () => {
    await follower.close();
    directory.close();
    await roster.close();
    await people.close();
    await site.stop();
    dir.remove();
  });

  const post = async (path: string, body: object): Promise<void> => {
    const { status } = await people.call("POST", path, { body });
    expect([200, 201]).toContain(status);
  };
  const enter = async (id: string): Promise<void> => {
    const { status: _, managerId: __, ...somebody } = person(id);
    await post("/employees", somebody);
    await post(`/employees/${id}/badges`, { badge: `number-${id}` });
  };
  const found = (id: string): string => directory.lookup(`number-${id}`, NOW + 1).kind;
  const whileCut = async (act: () => Promise<void>): Promise<void> => {
    site.leaf().link.cut();
    await act();
    await people.settled();
  };

  test("while a gateway's link is cut, it knows within moments of being reached again", async () => {
    const ids = ["ada", "ben", "cleo", "dan"];
    for (const id of ids) await enter(id);
    await eventually(() => ids.every((id) => found(id) === "known"), { what: "all known" });
    await whileCut(async () => {
      await post("/employees/ada/suspend", { reason: "r" });
      await post("/employees/ben/terminate", { reason: "r", lastDayOn: "2026-11-23" });
      await post("/employees/cleo/erase", { reason: "r", force: true });
      await eventually(async () => {
        const { body } = await people.call("GET", "/employees/ben");
        return body.status === "inactive";
      });
    });
    expect(ids.map(found)).toEqual(["known", "known", "known", "known"]);
    site.leaf().link.resume();
    await eventually(() => found("ada") === "withdrawn", { what: "ada refused", ...SECONDS });
    await eventually(() => found("ben") === "withdrawn", { what: "ben refused", ...SECONDS });
    await eventually(() => found("cleo") === "unknown", { what: "cleo forgotten", ...SECONDS });
    expect(found("dan")).toBe("known");

    await whileCut(() => post("/employees/ada/reactivate", { reason: "r" }));
    expect(found("ada")).toBe("withdrawn");
    site.leaf().link.resume();
    await eventually(() => found("ada") === "known", { what: "ada known again", ...SECONDS });
  });
});

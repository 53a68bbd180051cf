import { existsSync } from "node:fs";
import { release } from "node:os";
import { join } from "node:path";
import { hasCode } from "@clockleaf/shared/lib/errors.ts";
import { machineProbe } from "../clock/time-sync.ts";
import { listHid } from "../ports/hid.ts";
import { loadSerialport } from "../ports/serial.ts";
import { AGENT_UNIT, type Finding, fail, ok, quoted, RESTART, skip, warn } from "./finding.ts";
import { type Setup, serialOf, usesHid } from "./setup.ts";

/** `engines` of the root manifest: below it something the agent uses is not there. */
const NODE_AT_LEAST = [24, 21] as const;

export function judgeNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [needMajor, needMinor] = NODE_AT_LEAST;
  if (major > needMajor || (major === needMajor && minor >= needMinor)) {
    return ok("Node", `${version} on Linux ${release()}`);
  }
  return fail("Node", {
    says: `${version} is too old; ${needMajor}.${needMinor} or newer is needed`,
    cure: "install it from https://nodejs.org/, or from a checkout: make setup",
  });
}

const SET_UP_AGAIN = "from a checkout: make setup; else install the package again";

/** Loads each native library that this set-up needs, the way the agent does. */
export async function checkSqlite(): Promise<readonly Finding[]> {
  const about = "library better-sqlite3";
  try {
    const { default: Database } = await import("better-sqlite3");
    new Database(":memory:").close();
    return [ok(about, "loads")];
  } catch (error) {
    return [fail(about, { says: `does not load: ${firstLine(error)}`, cure: SET_UP_AGAIN })];
  }
}

export async function checkLibraries({ config }: Setup): Promise<readonly Finding[]> {
  return [
    config.lines.some((line) => serialOf(line) !== undefined)
      ? await checkSerialport()
      : skip("library serialport", "no line hangs on a serial port"),
    usesHid(config) ? await checkHid() : skip("library node-hid", "no line hangs on a HID device"),
  ];
}

async function checkSerialport(): Promise<Finding> {
  const about = "library serialport";
  try {
    await loadSerialport();
    return ok(about, "loads");
  } catch (error) {
    return fail(about, { says: `does not load: ${firstLine(causeOf(error))}`, cure: SET_UP_AGAIN });
  }
}

async function checkHid(): Promise<Finding> {
  const about = "library node-hid (libusb)";
  try {
    await listHid();
    return ok(about, "loads");
  } catch (error) {
    if (!hasCode(error, "port.library-missing")) {
      return ok(about, "loads"); // that devices cannot be listed is about them
    }
    return fail(about, {
      says: `does not load: ${firstLine(causeOf(error))}`,
      cure: `sudo apt-get install libusb-1.0-0 libudev1, then: ${RESTART}`,
    });
  }
}

const causeOf = (error: unknown): unknown =>
  error instanceof Error && error.cause !== undefined ? error.cause : error;

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";

/** Whether the agent comes back by itself after a power cut. */
export async function checkService(): Promise<readonly Finding[]> {
  const about = `service ${AGENT_UNIT}`;
  if (!existsSync("/run/systemd/system")) return [skip(about, "systemd does not run here")];
  const said = await machineProbe
    .run("systemctl", ["show", AGENT_UNIT, "--property=LoadState,UnitFileState", "--value"])
    .catch(() => "");
  return [judgeService(said.trim().split("\n"))];
}

/** Puts the units where systemd looks (deploy/edge/README.md). */
const INSTALL = join(import.meta.dirname, "../../deploy/edge/install");

/** What `systemctl show` says of LoadState and UnitFileState. */
export function judgeService([load = "", state = ""]: readonly string[]): Finding {
  const about = `service ${AGENT_UNIT}`;
  if (load !== "loaded") {
    return warn(about, {
      says: "there is no such unit: after a power cut nobody starts the agent",
      cure: `sudo ${quoted(INSTALL)}, then: sudo systemctl enable --now ${AGENT_UNIT}`,
    });
  }
  if (state === "enabled" || state === "static") return ok(about, "starts with the machine");
  return warn(about, {
    says: `is ${state === "" ? "not enabled" : state}: after a power cut nobody starts the agent`,
    cure: `sudo systemctl enable --now ${AGENT_UNIT}`,
  });
}

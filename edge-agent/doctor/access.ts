import { existsSync, readdirSync, readFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { accessOf } from "../discovery/device-access.ts";
import { groupOf } from "../ports/group-of.ts";
import { type Finding, ok, RESTART, skip, warn } from "./finding.ts";
import { type Setup, serialOf, usesHid } from "./setup.ts";

/** Who asks, and what this set-up wants of them. */
export interface UserFacts {
  readonly name: string;
  readonly isRoot: boolean;
  readonly groups: readonly string[];
  /** Groups that open a configured device which this user may not open. */
  readonly missing: readonly string[];
}

export async function checkGroups({ config }: Setup): Promise<readonly Finding[]> {
  const paths = config.lines.flatMap((line) => serialOf(line)?.path ?? []);
  if (paths.length === 0 && !usesHid(config)) {
    return [skip("user groups", "no line hangs on a device of this machine")];
  }
  const denied = [];
  for (const path of paths) if ((await accessOf(path)) === "denied") denied.push(groupOf(path));
  return [judgeUser({ ...thisUser(), missing: [...new Set(denied)] })];
}

export function judgeUser({ name, isRoot, groups, missing }: UserFacts): Finding {
  const about = `user ${name}`;
  if (isRoot) {
    return skip(
      about,
      "root may open everything: run doctor as the agent's user to see its rights",
    );
  }
  const [first] = missing;
  if (first === undefined) {
    const held = groups.filter((group) => group === "dialout" || group === "plugdev");
    return ok(about, held.length === 0 ? "may open the devices" : `is in ${held.join(" and ")}`);
  }
  return warn(about, {
    says: `is not in the group ${missing.join(", ")}`,
    cure: `sudo usermod -aG ${missing.join(",")} ${name}, then: ${RESTART}`,
  });
}

function thisUser(): Omit<UserFacts, "missing"> {
  const uid = process.getuid?.() ?? -1;
  const numbers = new Set((process.getgroups?.() ?? []).map(String));
  const groups = textOf("/etc/group")
    .split("\n")
    .map((line) => line.split(":"))
    .filter(([, , gid]) => gid !== undefined && numbers.has(gid))
    .flatMap(([group]) => group ?? []);
  return { name: nameOf(uid), isRoot: uid === 0, groups };
}

/** A container may run as a number without a name. */
function nameOf(uid: number): string {
  try {
    return userInfo().username;
  } catch {
    return String(uid);
  }
}

const RULE_FOLDERS = ["/etc/udev/rules.d", "/run/udev/rules.d", "/usr/lib/udev/rules.d"];
export const UDEV_RULE_FILE = "/etc/udev/rules.d/70-clockleaf-hid.rules";

/** HID devices belong to root until a rule says otherwise, and lose what was set by hand at the next plug-in. */
export function checkUdevRule({ config }: Setup): readonly Finding[] {
  const about = "udev rule for HID readers";
  const vendors = config.lines.flatMap(({ port }) =>
    port !== undefined && "hid" in port ? (port.hid.vendorId?.toLowerCase() ?? []) : [],
  );
  if (vendors.length === 0) return [skip(about, "no line names a HID device by its USB ids")];
  if (!existsSync("/etc/udev")) return [skip(about, "udev does not run here")];
  return [judgeRules(vendors, RULE_FOLDERS.flatMap(textsIn))];
}

/** `rules`: the texts of all rule files. */
export function judgeRules(vendors: readonly string[], rules: readonly string[]): Finding {
  const about = "udev rule for HID readers";
  const active = rules.flatMap((text) =>
    text.split("\n").filter((line) => !line.startsWith("#") && line.includes("hidraw")),
  );
  const without = [...new Set(vendors)].filter(
    (vendor) => !active.some((line) => line.toLowerCase().includes(`"${vendor}"`)),
  );
  if (without.length === 0) return ok(about, `names ${vendors.join(", ")}`);
  const rule = without.map(ruleFor).join("\n");
  return warn(about, {
    says: `no rule gives readers of vendor ${without.join(", ")} to a group`,
    cure: `echo '${rule}' | sudo tee ${UDEV_RULE_FILE} && sudo udevadm control --reload && sudo udevadm trigger`,
    fix: { kind: "udev-rule", rule },
  });
}

const ruleFor = (vendor: string): string =>
  `KERNEL=="hidraw*", ATTRS{idVendor}=="${vendor}", MODE="0660", GROUP="plugdev"`;

function textsIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).map((name) => textOf(join(folder, name)));
  } catch {
    return [];
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { connect } from "node:net";
import { readConfigText } from "@clockleaf/shared/lib/yaml-config.ts";
import { keepAndReplace, migrated } from "../config-versions.ts";
import { UDEV_RULE_FILE } from "./access.ts";
import type { Finding, Fix } from "./finding.ts";

export interface FixOptions {
  /** Told to install a udev rule; done by root only. */
  readonly udevRule: boolean;
}

export interface Fixed {
  readonly about: string;
  readonly did: string;
  readonly isDone: boolean;
}

/**
 * Carries out what the findings offer, each on its own: one that fails is told and does not stop the others. None touches a
 * row of the journal, opens a port, or restarts anything.
 */
export async function applyFixes(
  findings: readonly Finding[],
  options: FixOptions,
): Promise<readonly Fixed[]> {
  const fixed: Fixed[] = [];
  for (const { about, fix } of findings) {
    if (fix === undefined || (fix.kind === "udev-rule" && !options.udevRule)) continue;
    try {
      fixed.push({ about, did: await apply(fix), isDone: true });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      fixed.push({ about, did: `not repaired: ${why}`, isDone: false });
    }
  }
  return fixed;
}

async function apply(fix: Fix): Promise<string> {
  switch (fix.kind) {
    case "mode":
      chmodSync(fix.path, fix.mode);
      return `mode ${fix.mode.toString(8)} set on ${fix.path}`;
    case "folder":
      return makeFolder(fix.path, fix.likeOwnerOf);
    case "stale-socket":
      return removeStale(fix.path);
    case "migrate":
      return migrate(fix.file);
    case "udev-rule":
      return installRule(fix.rule);
  }
}

/** Made by root it would shut the agent's user out, so it goes to whom the gateway's key belongs. */
function makeFolder(path: string, likeOwnerOf: string): string {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const owner = statSync(likeOwnerOf, { throwIfNoEntry: false });
  if (process.getuid?.() === 0 && owner !== undefined) chownSync(path, owner.uid, owner.gid);
  return `${path} made, mode 700`;
}

/** Asked once more right before: an agent may have started meanwhile. */
async function removeStale(path: string): Promise<string> {
  if (!lstatSync(path).isSocket()) throw new Error(`${path} is no socket`);
  if (await answers(path)) throw new Error(`an agent answers on ${path} by now`);
  rmSync(path);
  return `${path} removed`;
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => resolve(true));
    socket.once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}

function migrate(file: string): string {
  const { text, from, to } = migrated(readConfigText(file), file);
  const kept = `${file}.v${from}`;
  keepAndReplace(file, text, kept);
  return `${file} brought from format ${from} to ${to}; the old one is ${kept}`;
}

function installRule(rule: string): string {
  if (process.getuid?.() !== 0)
    throw new Error("only root may: sudo clockleaf-edge doctor --fix …");
  if (existsSync(UDEV_RULE_FILE)) copyFileSync(UDEV_RULE_FILE, `${UDEV_RULE_FILE}.before`);
  writeFileSync(UDEV_RULE_FILE, `${rule}\n`, { mode: 0o644, flag: "a" });
  return `rule added to ${UDEV_RULE_FILE}; now: udevadm control --reload && udevadm trigger`;
}

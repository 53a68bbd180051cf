import { statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CONTROL_SOCKET } from "../health/control.ts";
import { askStatus } from "../health/control-client.ts";
import type { AgentStatus } from "../health/status.ts";
import { ownedAlike } from "./files.ts";
import { type Finding, fail, ok, quoted, RESTART, skip, warn } from "./finding.ts";
import type { Setup } from "./setup.ts";

/** Whether an agent runs with this configuration. Only `none` and `stale` are sure that none does. */
export type AgentLook =
  | { readonly kind: "running"; readonly status: AgentStatus }
  | { readonly kind: "none" }
  /** Left by a killed agent: nobody listens on it. */
  | { readonly kind: "stale"; readonly socket: string }
  | { readonly kind: "denied" }
  | { readonly kind: "hung" };

const ANSWER_MS = 2_000;

/** Asks on the control socket. Rejects never. */
export async function lookForAgent(runtimeDir: string, answerMs = ANSWER_MS): Promise<AgentLook> {
  const late = sleep(answerMs, undefined, { ref: false }).then((): AgentLook => ({ kind: "hung" }));
  const asked = askStatus(runtimeDir)
    .then((status): AgentLook => ({ kind: "running", status }))
    .catch((error: unknown): AgentLook => whyNot(error, join(runtimeDir, CONTROL_SOCKET)));
  return Promise.race([asked, late]);
}

function whyNot(error: unknown, socket: string): AgentLook {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  if (code === "ECONNREFUSED") return { kind: "stale", socket };
  return code === "EACCES" || code === "EPERM" ? { kind: "denied" } : { kind: "none" };
}

/** Nothing that an agent may hold is opened unless it is sure that none runs. */
export const isSurelyStopped = ({ kind }: AgentLook): boolean =>
  kind === "none" || kind === "stale";

export function checkAgent({ agent, config, configFile }: Setup): readonly Finding[] {
  const about = "agent";
  const start = `sudo systemctl start clockleaf-edge, or: clockleaf-edge run --config ${quoted(configFile)}`;
  switch (agent.kind) {
    case "running":
      return [ok(about, `runs, release ${agent.status.version}`)];
    case "none":
      return [skip(about, `does not run; what only it knows is not looked at (${start})`)];
    case "stale":
      return [
        warn(about, {
          says: `was killed: nobody listens on ${agent.socket}`,
          cure: start,
          fix: { kind: "stale-socket", path: agent.socket },
        }),
      ];
    case "denied":
      return [
        warn(about, {
          says: `this user may not ask it (${join(config.runtimeDir, CONTROL_SOCKET)})`,
          cure: "sudo clockleaf-edge doctor, or as the agent's user",
        }),
      ];
    case "hung":
      return [fail(about, { says: `does not answer within ${ANSWER_MS / 1000} s`, cure: RESTART })];
  }
}

/** The folder of the control socket: nobody else may look in, and it is there or can be made. */
export function checkRuntimeDir({ config }: Setup): readonly Finding[] {
  const path = config.runtimeDir;
  const about = `runtimeDir ${path}`;
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) {
    return [
      warn(about, {
        says: "is not there; the agent makes it when it may",
        cure: `sudo install -d ${ownedAlike(config.nats.seedFile)}-m 700 ${quoted(path)}`,
        fix: { kind: "folder", path, likeOwnerOf: config.nats.seedFile },
      }),
    ];
  }
  if ((stat.mode & 0o077) === 0) return [ok(about, "is there, for its owner alone")];
  return [
    warn(about, {
      says: "others may look in; it holds the control socket and reader state",
      cure: `chmod 700 ${quoted(path)}`,
      fix: { kind: "mode", path, mode: 0o700 },
    }),
  ];
}

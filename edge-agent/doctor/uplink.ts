import { renderAge } from "../cli/output.ts";
import type { DirectoryStatus } from "../directory/directory.ts";
import { type AgentStatus, isUnauthorised } from "../health/status.ts";
import { type Finding, fail, ok, RESTART, warn } from "./finding.ts";
import type { Setup } from "./setup.ts";

/** What a running agent says of its way to the cloud. */
export function checkUplink({ agent }: Setup): readonly Finding[] {
  if (agent.kind !== "running") return [];
  return [judgeUplink(agent.status), judgeDirectory(agent.status.directory)];
}

export function judgeUplink(status: Pick<AgentStatus, "uplink">): Finding {
  const about = "uplink of the agent";
  const { state } = status.uplink;
  const above = "see leaf server and hub above";
  if (isUnauthorised(status)) {
    return fail(about, {
      says: "its key is refused; rows wait in the journal",
      cure: above,
      kind: "authorisation",
    });
  }
  switch (state.kind) {
    case "connecting":
      return fail(about, {
        says: "has not reached the leaf server since it started",
        cure: above,
        kind: "reach",
      });
    case "waiting":
      return fail(about, {
        says: `the hub does not take rows (${state.code}); they wait in the journal`,
        cure: above,
        kind: "reach",
      });
    case "halted":
      return fail(about, {
        says: `halted: ${state.message}`,
        cure: `find out which other box has this gateway's key; once it is off: ${RESTART}`,
      });
    default:
      return ok(about, state.kind);
  }
}

export function judgeDirectory({ state, entries, ageMs }: DirectoryStatus): Finding {
  const about = "directory of badges";
  const age = ageMs === null ? "never heard of" : `heard of ${renderAge(ageMs)} ago`;
  if (state === "loaded") return ok(about, `${entries} badges, ${age}`);
  return warn(about, {
    says: `${state}: badges are recorded without greeting and without refusal`,
    cure: "nothing, if the uplink came up just now; else have the administrator look at the site's roster in the cloud",
  });
}

import type { DocumentChecked } from "@clockleaf/shared/events/document.ts";
import type { Decider } from "../eventing/decider.ts";

/** One look at one content of one document. */
export type CheckState = "open" | "done";

/** It is told once, whichever worker comes first. */
export const checkDecider: Decider<CheckState, DocumentChecked["data"], DocumentChecked> = {
  initial: "open",
  decide: (state, data) => (state === "done" ? [] : [{ type: "document.document.checked", data }]),
  evolve: () => "done",
};

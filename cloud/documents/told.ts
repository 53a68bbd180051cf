import { standsAlone, type ToldAggregate, tellsState } from "../eventing/told-aggregate.ts";
import { documentDecider } from "./decider.ts";

/** What the audit log tells of DOCUMENT. */
export const DOCUMENT_TOLD: readonly ToldAggregate[] = [
  tellsState({
    kind: "document",
    decider: documentDecider,
    types: ["document.document.stored", "document.document.erased"],
  }),
  standsAlone("document-check", ["document.document.checked"]),
];

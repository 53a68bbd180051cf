import type { EventDefinition } from "@clockleaf/shared/events/envelope.ts";
import { majorOf, type Upcaster } from "@clockleaf/shared/events/upcasters.ts";
import { z } from "zod";
import { incompatibilities, type JsonSchema } from "./compatible.ts";

/** What is promised of one event, as it lies in `events/<name>.json`. */
export const contractSchema = z.object({
  type: z.string(),
  version: z.string(),
  schema: z.record(z.string(), z.unknown()),
});
export type Contract = z.output<typeof contractSchema>;

/** What may be stored: fields with a default may be left out. */
export function contractOf({ type, version, data }: EventDefinition): Contract {
  const schema: JsonSchema = z.toJSONSchema(data, { io: "input" });
  return { type, version, schema: { ...schema } };
}

export type Verdict =
  | { readonly kind: "same" }
  /** Nothing is lost: only to be written down. */
  | { readonly kind: "compatible" }
  | { readonly kind: "incompatible"; readonly reasons: readonly string[] };

/** May an event that was promised so be promised so from now on? */
export function judge(before: Contract, after: Contract, upcasters: readonly Upcaster[]): Verdict {
  if (JSON.stringify(before) === JSON.stringify(after)) return { kind: "same" };
  const reasons = incompatibilities(before.schema, after.schema);
  const [was, is] = [majorOf(before.version), majorOf(after.version)];
  if (is < was) return { kind: "incompatible", reasons: ["the version went back"] };
  if (reasons.length === 0) return { kind: "compatible" };
  if (is === was) {
    const next = `${was + 1}.0`;
    const advice = `raise version to ${next} and add an upcaster from ${was} in shared/events/upcasters.ts`;
    return { kind: "incompatible", reasons: [...reasons, advice] };
  }
  const missing = Array.from({ length: is - was }, (_, step) => was + step).filter(
    (major) => !upcasters.some(({ type, fromMajor }) => type === after.type && fromMajor === major),
  );
  if (missing.length === 0) return { kind: "compatible" };
  return {
    kind: "incompatible",
    reasons: missing.map((major) => `there is no upcaster from ${after.type} ${major}.x`),
  };
}

import type { Preset } from "./preset.ts";

/** Every preset by its name. A rule book may use and extend them as if they were its own groups. */
export const PRESETS: ReadonlyMap<string, Preset> = new Map(
  ([] as Preset[]).map((preset) => [preset.name, preset]),
);

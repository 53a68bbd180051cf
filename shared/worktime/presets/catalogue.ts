import { california, californiaRestBreaks } from "./california.ts";
import { euWorkingTime, germanyArbzg } from "./eu-working-time.ts";
import { gulf6Day, gulfRamadan } from "./gulf-6-day.ts";
import { indiaFactories } from "./india-factories.ts";
import { plain840 } from "./plain-8-40.ts";
import type { Preset } from "./preset.ts";
import { rota12h, rota12hCrews } from "./rota-12h-24-7.ts";
import { uk48hOptOut, ukRota } from "./uk-rota.ts";
import { usFederal } from "./us-federal.ts";
import { usRounding } from "./us-rounding.ts";

/** Every preset by its name. A rule book may use and extend them as if they were its own groups. */
export const PRESETS: ReadonlyMap<string, Preset> = new Map(
  [
    plain840,
    usFederal,
    ...usRounding,
    california,
    californiaRestBreaks,
    euWorkingTime,
    germanyArbzg,
    ukRota,
    uk48hOptOut,
    gulf6Day,
    gulfRamadan,
    indiaFactories,
    rota12h,
    ...rota12hCrews,
  ].map((preset) => [preset.name, preset]),
);

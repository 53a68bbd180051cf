import { hear, type Probe } from "../probe.ts";
import { readBadge } from "./badge.ts";
import { serialBadgeConfigSchema } from "./config.ts";
import { readContent, trailerBytesOf } from "./content.ts";
import { createFramer } from "./framer.ts";
import { PRESET_NAMES } from "./presets.ts";
import { patternOf } from "./safe-pattern.ts";

const LISTEN_MS = 6_000;
/** Shorter lines come of noise too: a wrong speed makes letters of anything. */
const SHORTEST_BADGE = 4;

/** Only listens: such readers have no ear. The badge that is heard is told to nobody. */
export const serialBadgeProbe: Probe = {
  baudRates: [9_600, 115_200],
  tcpPort: null,
  longestMs: LISTEN_MS,
  meanwhile: "hold a badge to the reader",
  async ask(port, signal) {
    const listeners = PRESET_NAMES.map(listenFor);
    const preset = await hear(
      port,
      {
        say: null,
        read: (chunk) => listeners.find(({ hears }) => hears(chunk))?.preset,
        withinMs: LISTEN_MS,
      },
      signal,
    );
    if (preset === null) return null;
    const says = `sends badges by itself, as preset ${preset} reads them`;
    return { address: null, model: null, says, settings: (reader) => ({ reader, preset }) };
  },
};

type Preset = (typeof PRESET_NAMES)[number];

/** Whether a badge ends in this chunk, the way this preset writes them. */
function listenFor(preset: Preset): {
  readonly preset: Preset;
  readonly hears: (chunk: Uint8Array) => boolean;
} {
  const config = serialBadgeConfigSchema.parse({ reader: "any", preset });
  const framer = createFramer({ ...config, trailerBytes: trailerBytesOf(config.checksum) });
  const rules = { ...config, pattern: patternOf(config.pattern) };
  return {
    preset,
    hears: (chunk) =>
      framer.push(chunk, performance.now()).some((event) => {
        if (event.kind !== "frame") return false;
        const content = readContent(event, config);
        if (content.kind !== "text" || content.text.length < SHORTEST_BADGE) return false;
        return readBadge(content.text, rules).kind === "badge";
      }),
  };
}

import { readersOf } from "../config.ts";
import type { ReaderStatus } from "../health/status.ts";
import { type Finding, fail, ok, quoted, RESTART, skip, warn } from "./finding.ts";
import { type PlacedLine, placedLines, type Setup, serialOf } from "./setup.ts";

/** A terminal further off than this shows its people a wrong time, milliseconds. */
const MOST_SKEW_MS = 60_000;
/** Discards that say nothing of the line: whole and sound, only not meant for us or not now. */
const SOUND = new Set(["discarded_echo", "discarded_unasked", "discarded_late", "discarded_bytes"]);
/** What drivers call a frame or badge that was right. */
const GOOD = ["badges", "frames-received", "frames_in", "records", "accepted"];
/** Fewer frames than this may be one plug-in. */
const NOISE_TO_JUDGE = 3;

/** Every reader of a running agent, from what it counts and complains of. */
export function checkReaders({ agent, config }: Setup): readonly Finding[] {
  if (agent.kind !== "running") return [];
  const { readers } = agent.status;
  return placedLines(config).flatMap((placed) => {
    const ids = readersOf(placed.line);
    const onLine = readers.filter(({ reader }) => ids.includes(reader));
    return onLine.flatMap((reader) => [judgeReader(reader, placed)].concat(judgeSkew(reader)));
  });
}

export function judgeReader(reader: ReaderStatus, placed: PlacedLine): Finding {
  const about = `reader ${reader.reader}`;
  const { fault, counters } = reader;
  const good = GOOD.reduce((sum, name) => sum + (counters[name] ?? 0), 0);
  const garbage = garbageIn(counters);
  // A terminal that is asked and answers is heard at the right speed.
  const mayBeMisheard = fault?.code === "device.no-reply" || placed.line.driver === "serial-badge";
  if (mayBeMisheard && garbage >= NOISE_TO_JUDGE && good === 0) {
    return wrongSpeed(about, garbage, placed);
  }
  if (fault !== null) return judgeFault(about, fault, placed);
  if (garbage > Math.max(NOISE_TO_JUDGE, good)) return noisy(about, garbage, good);
  return ok(about, reader.state === "starting" ? "starts" : "works");
}

function judgeFault(
  about: string,
  { code, message }: NonNullable<ReaderStatus["fault"]>,
  placed: PlacedLine,
): Finding {
  switch (code) {
    case "device.key":
      return wrongKey(about, message, placed);
    case "device.no-reply":
      return silent(about, message, placed);
    case "device.hung":
      return fail(about, {
        says: message,
        cure: `clockleaf-edge readers restart ${about.replace("reader ", "")}; if it hangs again: ${RESTART}`,
      });
    case "port.library-missing":
      return skip(about, "its library does not load; see above");
    case "port.unavailable": {
      const { port } = placed.line;
      if (port === undefined || !("tcp" in port)) return skip(about, "its port; see above");
      const { host, port: number } = port.tcp;
      return fail(about, {
        says: message,
        cure: `ping -c 3 ${quoted(host)}, and: nc -zv ${quoted(host)} ${number}`,
        kind: "reach",
      });
    }
    default:
      return fail(about, { says: message, cure: `clockleaf-edge status, then: ${RESTART}` });
  }
}

/** Frames, or pieces of them, that made no sense. */
function garbageIn(counters: Readonly<Record<string, number>>): number {
  return Object.entries(counters)
    .filter(([name]) => name.startsWith("discarded_") && !SOUND.has(name))
    .reduce((sum, [, count]) => sum + count, 0);
}

function wrongSpeed(about: string, garbage: number, { place, line }: PlacedLine): Finding {
  const serial = serialOf(line);
  if (serial === undefined) {
    return fail(about, {
      says: `${garbage} pieces came that make no sense, and nothing else: is it another kind of terminal?`,
      cure: `compare ${place}.driver in the configuration with the terminal`,
    });
  }
  return fail(about, {
    says: `${garbage} pieces came that make no sense, and nothing else: most likely a wrong baud rate (${serial.baudRate} on ${serial.path})`,
    cure: `${probeOf(serial.path)} finds the speed; set ${place}.port.serial.baudRate to it, then: ${RESTART}`,
  });
}

/** Only ports that nobody has are asked. */
const probeOf = (path: string): string =>
  `sudo systemctl stop clockleaf-edge && clockleaf-edge scan --probe ${quoted(path)}`;

const noisy = (about: string, garbage: number, good: number): Finding =>
  warn(about, {
    says: `works, but ${garbage} pieces made no sense beside ${good} good ones: noise on the line`,
    cure: "clockleaf-edge tap --raw while you check shield, ground, terminating resistors and cable length",
  });

function wrongKey(about: string, message: string, { place, line }: PlacedLine): Finding {
  const until = "the instant when you will be done, such as 2030-01-31T18:00:00Z";
  return fail(about, {
    says: `wrong key: ${message}`,
    cure:
      line.driver === "osdp"
        ? `write the reader's own key into its keyFile (mode 0600); or set the reader to install mode and ${place}.settings.readers[…].installMode: { until: ${until} }; then: ${RESTART}`
        : `put the key that is set on the terminal into ${place}.settings, then: ${RESTART}`,
  });
}

function silent(about: string, message: string, { line, place }: PlacedLine): Finding {
  const serial = serialOf(line);
  const where = serial === undefined ? "" : ` on ${serial.path} at ${serial.baudRate} baud`;
  return fail(about, {
    says: `silent${where}: ${message}`,
    cure:
      serial === undefined
        ? "is it powered, and on the network? then: clockleaf-edge status"
        : `check power, swap A and B, compare the address in ${place}.settings; ${probeOf(serial.path)} asks at every speed`,
  });
}

export function judgeSkew({ reader, clock }: ReaderStatus): readonly Finding[] {
  if (clock === null) return [];
  const about = `clock of reader ${reader}`;
  const off = Math.abs(clock.offsetMs) - clock.withinMs;
  const said = `${(clock.offsetMs / 1000).toFixed(1)} s ${clock.offsetMs < 0 ? "behind" : "ahead"}`;
  if (off <= MOST_SKEW_MS) return [ok(about, said.replace(/^-/u, ""))];
  return [
    warn(about, {
      says: said.replace(/^-/u, ""),
      cure: `clockleaf-edge readers resync-clock ${reader}; to have it kept, in the configuration, terminalClocks: { set: { whenBeyondSeconds: 10 } }`,
    }),
  ];
}

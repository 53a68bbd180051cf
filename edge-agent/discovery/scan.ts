import { groupOf } from "../ports/group-of.ts";
import { type FoundHid, hidDevices } from "./hid-devices.ts";
import { type Places, THIS_MACHINE } from "./places.ts";
import { type FoundSerial, serialPorts } from "./serial-ports.ts";

export interface Scan {
  readonly serial: readonly FoundSerial[];
  readonly hid: readonly FoundHid[];
  /** What could not be looked at or may not be used, each with what to type. */
  readonly problems: readonly string[];
}

/**
 * What terminals may hang on this machine. Only looks: opens nothing, sends nothing, so that it may run beside an agent.
 * Rejects never; what cannot be looked at is a problem.
 */
export async function scan(places: Places = THIS_MACHINE): Promise<Scan> {
  const [serial, hid] = await Promise.all([serialPorts(places), hidOrProblem(places)]);
  return {
    serial,
    hid: hid.devices,
    problems: [
      ...hid.problems,
      ...serial.flatMap(serialProblem),
      ...hid.devices.flatMap(hidProblem),
    ],
  };
}

async function hidOrProblem(
  places: Places,
): Promise<{ devices: readonly FoundHid[]; problems: readonly string[] }> {
  try {
    return { devices: await hidDevices(places), problems: [] };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { devices: [], problems: [`USB HID devices not looked at: ${why}`] };
  }
}

function serialProblem({ path, access }: FoundSerial): readonly string[] {
  if (access !== "denied") return [];
  return [
    `no permission for ${path}: sudo usermod -aG ${groupOf(path)} USER for the agent's user, then log in anew`,
  ];
}

/** Keyboards of people are denied rightly: only what is a reader is worth a word. */
function hidProblem({ path, vendorId, productId, access, guess }: FoundHid): readonly string[] {
  if (access !== "denied" || guess.drivers.length === 0) return [];
  return [
    `no permission for ${path} (${vendorId}:${productId}): give the agent's user access with the udev rule in edge-agent/devices/hid-keyboard/README.md`,
  ];
}

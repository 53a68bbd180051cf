import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Light } from "./commands.ts";
import { attentionLight, DARK } from "./lights.ts";
import { type Module, NO_FINGER, NOT_FOUND, OK, type Outcome } from "./module.ts";

/** How long a person may take to put a finger on, or to take it off. */
const PATIENCE_MS = 30_000;

export interface Enrolment {
  readonly module: Module;
  readonly capacity: number;
  readonly pollMs: number;
  readonly now: () => number;
  /** A pause; ends early when the line ends, and the next question then rejects. */
  readonly pause: (ms: number) => Promise<void>;
}

/** Slots of the module and those in use. */
export interface Slots {
  readonly capacity: number;
  readonly taken: readonly number[];
}

export const listSlots = async ({ module, capacity }: Enrolment): Promise<Slots> => ({
  capacity,
  taken: await module.taken(capacity),
});

/**
 * Teaches the module a finger: two images of it, joined and kept on the module under `slot`. The light is purple while
 * it waits. Rejects with `device.refused` and what to do: the slot is taken, the finger is known already, the images do
 * not match, nobody came.
 */
export async function enrol(slot: number, enrolment: Enrolment): Promise<void> {
  const { module, capacity } = enrolment;
  checkSlot(slot, capacity);
  const taken = await module.taken(capacity);
  if (taken.includes(slot)) throw refused(`slot ${slot} is taken: delete it first`);
  try {
    await fingerOff(enrolment);
    await fingerOn(1, enrolment);
    await refuseKnown(enrolment);
    await fingerOff(enrolment);
    await fingerOn(2, enrolment);
    accept(await module.model(), "the two images are not of one finger, or too poor: begin again");
    accept(await module.store(slot), `the module could not keep it in slot ${slot}`);
  } finally {
    // The line may be gone by now, and then the reason for that matters.
    await module.light(DARK).catch(() => undefined);
  }
}

/** Empties one slot; done when it is empty afterwards, whatever it was before. Rejects with `device.refused`. */
export async function deleteSlot(slot: number, enrolment: Enrolment): Promise<void> {
  const { module, capacity } = enrolment;
  checkSlot(slot, capacity);
  const outcome = await module.remove(slot);
  const taken = await module.taken(capacity);
  if (taken.includes(slot)) throw refused(`the module still has slot ${slot}: ${outcome}`);
}

function checkSlot(slot: number, capacity: number): void {
  if (Number.isInteger(slot) && slot >= 0 && slot < capacity) return;
  throw refused(`this module has slots 0 to ${capacity - 1}`);
}

/** One finger in two slots would be two people, now the one and now the other. */
async function refuseKnown({ module, capacity }: Enrolment): Promise<void> {
  const found = await module.search(capacity);
  if (typeof found !== "string") throw refused(`this finger is in slot ${found.slot} already`);
  if (found !== NOT_FOUND) throw refused(`the module could not look for this finger: ${found}`);
}

async function fingerOn(buffer: 1 | 2, enrolment: Enrolment): Promise<void> {
  const { module } = enrolment;
  await within(attentionLight(PATIENCE_MS / 1000), enrolment, async () => {
    if ((await module.image()) !== OK) return false;
    return (await module.features(buffer)) === OK;
  });
}

const fingerOff = (enrolment: Enrolment): Promise<void> =>
  within(DARK, enrolment, async () => (await enrolment.module.image()) === NO_FINGER);

async function within(
  light: Light,
  { module, pollMs, now, pause }: Enrolment,
  isDone: () => Promise<boolean>,
): Promise<void> {
  await module.light(light);
  const deadline = now() + PATIENCE_MS;
  while (!(await isDone())) {
    if (now() > deadline) throw refused("no good finger in time: begin again");
    await pause(pollMs);
  }
}

function accept(outcome: Outcome, otherwise: string): void {
  if (outcome !== OK) throw refused(`${otherwise} (${outcome})`);
}

const refused = (message: string): PlatformError => new PlatformError("device.refused", message);

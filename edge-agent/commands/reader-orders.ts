import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { z } from "zod";
import type { ReaderActions } from "../reader-actions.ts";
import type { ReaderControls } from "./reader-controls.ts";

const slot = z.int().min(0).max(65_535);
const reader = z.string().min(1).max(64);

/** What somebody at the gateway may do with one reader: the cloud's commands, and what needs a person on the spot. */
export const readerOrderSchema = z.discriminatedUnion("verb", [
  z.strictObject({ verb: z.literal("locate"), reader, seconds: z.int().min(1).max(60) }),
  z.strictObject({ verb: z.literal("test-light"), reader }),
  z.strictObject({ verb: z.literal("resync-clock"), reader }),
  z.strictObject({ verb: z.literal("set-key"), reader }),
  z.strictObject({ verb: z.literal("slots"), reader }),
  z.strictObject({ verb: z.literal("enrol"), reader, slot }),
  z.strictObject({ verb: z.literal("delete-slot"), reader, slot }),
  z.strictObject({ verb: z.literal("restart"), reader }),
]);
export type ReaderOrder = z.output<typeof readerOrderSchema>;

/**
 * Carries out one order at a time for each reader; resolves with what the reader told, null for nothing. Rejects with
 * `wire.malformed`, `command.not-found` for a reader that is none of ours, `device.no-reply` while its line is not open,
 * `device.refused` for what its kind cannot do, and whatever the driver says.
 */
export function createReaderOrders(
  controls: Pick<ReaderControls, "has" | "actionsOf" | "restart">,
): (body: unknown) => Promise<unknown> {
  const busy = new Set<string>();
  return async (body) => {
    const parsed = readerOrderSchema.safeParse(body);
    if (!parsed.success) {
      throw new PlatformError("wire.malformed", z.prettifyError(parsed.error));
    }
    const order = parsed.data;
    if (!controls.has(order.reader)) {
      throw new PlatformError(
        "command.not-found",
        `this gateway has no reader "${order.reader}"; \`clockleaf-edge readers\` lists them`,
      );
    }
    if (busy.has(order.reader)) {
      throw new PlatformError("device.refused", `${order.reader} is busy with another order`);
    }
    busy.add(order.reader);
    try {
      return (await carryOut(order, controls)) ?? null;
    } finally {
      busy.delete(order.reader);
    }
  };
}

async function carryOut(
  order: ReaderOrder,
  controls: Pick<ReaderControls, "actionsOf" | "restart">,
): Promise<unknown> {
  if (order.verb === "restart") return controls.restart(order.reader);
  const actions = controls.actionsOf(order.reader);
  if (actions === undefined) {
    throw new PlatformError("device.no-reply", `the line of ${order.reader} is not open just now`, {
      retriable: true,
    });
  }
  switch (order.verb) {
    case "locate":
      return able(actions.locate, "has no light and no sound")(order.seconds);
    case "test-light":
      return able(actions.testLight, "has no light that can be tested from here")();
    case "resync-clock":
      return able(actions.resyncClock, "has no clock of its own: the gateway dates its punches")();
    case "set-key":
      return able(actions.setKey, "has no key that can be set from here")();
    case "slots":
      return able(actions.slots, NO_SLOTS)();
    case "enrol":
      return able(actions.enrol, NO_SLOTS)(order.slot);
    case "delete-slot":
      return able(actions.deleteSlot, NO_SLOTS)(order.slot);
  }
}

const NO_SLOTS =
  "keeps no fingers that can be managed from here: enrol at the terminal, as its README says";

function able<Action extends NonNullable<ReaderActions[keyof ReaderActions]>>(
  action: Action | undefined,
  lack: string,
): Action {
  if (action === undefined)
    throw new PlatformError("device.refused", `this kind of reader ${lack}`);
  return action;
}

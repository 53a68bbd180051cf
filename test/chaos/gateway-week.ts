import { setTimeout as sleep } from "node:timers/promises";
import type { Random } from "@clockleaf/hardware-sim/random.ts";
import { gatewayCommandSubject } from "@clockleaf/shared/subjects.ts";
import { decode, encode } from "@clockleaf/shared/wire/codec.ts";
import { type ResendReply, resendRequestSchema } from "@clockleaf/shared/wire/heartbeat.ts";
import { eventually } from "../support/eventually.ts";
import type { PretendedGateway } from "../support/pretended-gateway.ts";
import type { Punch, Week } from "./week.ts";

const MOST_ROWS = 8;
const PAUSE_MS = { least: 50, most: 400 };
const BEAT_EVERY_MS = 500;
const PUBLISH_MS = 60_000;

/** A gateway with its week's punches in the journal. */
export interface BusyGateway extends AsyncDisposable {
  /** Sends everything there is in pieces, as they came about. */
  deliver(random: Random): Promise<void>;
  /** One more punch, of long ago. */
  late(punch: Punch): Promise<void>;
  /** Ids of all punches in the journal. */
  punchIds(): readonly string[];
  /** Says nothing of how far it is from now on, which is an event each time. */
  hush(): void;
}

/** Says every now and then how far it is, and sends again what it is asked for, as a real one does. */
export async function openBusyGateway(gateway: PretendedGateway, week: Week): Promise<BusyGateway> {
  const ids = week.punches.map((punch) => add(gateway, punch));
  let delivered = 0;
  const beating = setInterval(() => {
    const waiting = delivered < ids.length ? (week.punches[delivered]?.at ?? null) : null;
    const how = { deliveredRow: delivered, oldestWaitingMs: waiting };
    gateway.beat(new Date().toISOString(), how).catch(() => undefined);
  }, BEAT_EVERY_MS);
  const stopResending = await resendOnRequest(gateway, () => delivered);
  const publish = async (last: number): Promise<void> => {
    const segment = gateway.segment(delivered + 1, last);
    // Until the hub has it: then it may have it twice.
    await eventually(() => gateway.publish(segment), {
      what: `rows to ${last} to be stored`,
      timeoutMs: PUBLISH_MS,
    });
    delivered = last;
  };
  return {
    async deliver(random) {
      while (delivered < ids.length) {
        await publish(Math.min(ids.length, delivered + random.int(1, MOST_ROWS)));
        await sleep(random.int(PAUSE_MS.least, PAUSE_MS.most));
      }
    },
    async late(punch) {
      ids.push(add(gateway, punch));
      await publish(ids.length);
    },
    punchIds: () => ids,
    hush: () => clearInterval(beating),
    async [Symbol.asyncDispose]() {
      clearInterval(beating);
      await stopResending();
    },
  };
}

const add = (gateway: PretendedGateway, { badge, at }: Punch): string =>
  gateway.punch(badge, new Date(at).toISOString());

async function resendOnRequest(
  gateway: PretendedGateway,
  delivered: () => number,
): Promise<() => Promise<void>> {
  const connection = await gateway.connection();
  const requests = connection.subscribe(gatewayCommandSubject(gateway.address, "resend"));
  const answering = (async () => {
    for await (const message of requests) {
      const { first, last } = decode(message.data, resendRequestSchema, { what: "resend" });
      const reply: ResendReply = { result: "accepted", kept: 1 };
      message.respond(encode(reply));
      const segment = gateway.segment(first, Math.min(last, delivered()));
      await gateway.publish(segment, "resent").catch(() => undefined);
    }
  })();
  return async () => {
    requests.unsubscribe();
    await answering;
  };
}

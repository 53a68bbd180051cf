import { silentLog } from "@clockleaf/shared/lib/log.ts";
import {
  gatewayCommandSubject,
  heartbeatSubject,
  resentSubject,
} from "@clockleaf/shared/subjects.ts";
import { decode, encode } from "@clockleaf/shared/wire/codec.ts";
import { heartbeatSchema, resendReplySchema } from "@clockleaf/shared/wire/heartbeat.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startHeartbeat } from "../../edge-agent/uplink/heartbeat.ts";
import { eventually } from "../support/eventually.ts";
import { findNatsServer, TEST_GATEWAY } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import {
  appendPunches,
  rowsStoredOnce,
  startUplinkRig,
  type UplinkRig,
  untilDelivered,
} from "../support/uplink-rig.ts";

describe.skipIf(!available("nats-server", findNatsServer()))("asked by the cloud", () => {
  let rig: UplinkRig;
  beforeEach(async () => {
    rig = await startUplinkRig();
  });
  afterEach(() => rig[Symbol.asyncDispose]());

  const ask = async (request: unknown): Promise<unknown> => {
    const subject = gatewayCommandSubject(TEST_GATEWAY, "resend");
    const payload = request instanceof Uint8Array ? request : encode(request);
    const reply = await rig.cloud.request(subject, payload, { timeout: 5000 });
    return decode(reply.data, resendReplySchema, { what: "reply" });
  };

  it("the uplink sends a range again on its own subject, in the same chain, and live rows go on", async () => {
    const journal = await rig.openJournal();
    await appendPunches(journal, 1, 2500);
    const uplink = await rig.startUplink(journal);
    await untilDelivered(journal, 2500);
    const { epoch } = journal;

    expect(await ask({ epoch, first: 700, last: 1900 })).toEqual({ result: "accepted", kept: 1 });
    await appendPunches(journal, 2501, 2510);
    await untilDelivered(journal, 2510);
    await eventually(() => uplink.stats().resentRows === 1201, { what: "rows sent again" });

    const live = await rig.stored();
    expect(rowsStoredOnce(live, journal)).toBe(2510);
    const again = await rig.stored(resentSubject(TEST_GATEWAY));
    expect(again.map(({ first, last }) => [first, last])).toEqual([
      [700, 1699],
      [1700, 1900],
    ]);
    for (const segment of again) {
      const range = journal.read(segment.first, { maxRows: 1, maxBytes: 1 });
      expect(Buffer.from(segment.prev)).toEqual(Buffer.from(range?.prev ?? []));
    }
  });

  it("the uplink refuses what it cannot send, and says why", async () => {
    const journal = await rig.openJournal();
    await appendPunches(journal, 1, 10);
    const uplink = await rig.startUplink(journal);
    await untilDelivered(journal, 10);
    const { epoch } = journal;
    const results: unknown[] = [];
    for (const request of [
      { epoch: "0123456789", first: 1, last: 2 },
      { epoch, first: 1, last: 11 },
      { epoch, first: 5, last: 4 },
      { epoch, first: 0, last: 4 },
      { epoch },
      Uint8Array.of(0xc1, 0xff),
      new Uint8Array(5000),
    ]) {
      results.push(await ask(request));
    }
    const malformed = { result: "malformed", kept: 1 };
    expect(results).toEqual([
      { result: "wrong-epoch", kept: 1 },
      { result: "not-kept", kept: 1 },
      ...Array.from({ length: 5 }, () => malformed),
    ]);
    expect(uplink.stats().resentRows).toBe(0);
  });

  it("the gateway's heartbeats arrive, and start again by themselves after the link was cut", async () => {
    const beats: number[] = [];
    rig.cloud.subscribe(heartbeatSubject(TEST_GATEWAY), {
      callback: (_problem, message) => {
        beats.push(decode(message.data, heartbeatSchema, { what: "heartbeat" }).lastRow);
      },
    });
    await rig.cloud.flush();
    let lastRow = 1;
    const stop = startHeartbeat({
      connection: await rig.site.connectGateway(),
      identity: TEST_GATEWAY,
      beat: () => ({
        sentAtMs: 1_700_000_000_000,
        agentVersion: "test",
        epoch: "0123456789",
        lastRow,
        deliveredRow: 0,
        oldestWaitingMs: null,
        readers: [],
      }),
      log: silentLog(),
      intervalMs: 20,
    });
    try {
      await eventually(() => beats.includes(1), { what: "a heartbeat" });
      rig.site.leaf().link.cut();
      lastRow = 2;
      rig.site.leaf().link.resume();
      await eventually(() => beats.includes(2), { what: "a heartbeat after the cut" });
      expect(beats.length).toBeGreaterThan(1);
    } finally {
      stop();
    }
  });
});

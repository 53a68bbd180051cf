import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { describe, expect, it } from "vitest";
import { createRecorder } from "../../cloud/audit/recorder.ts";
import { startCloudHub } from "../support/cloud-hub.ts";
import { eventually } from "../support/eventually.ts";
import { findNatsServer } from "../support/nats.ts";
import { available } from "../support/parts.ts";

describe.skipIf(!available("nats-server", findNatsServer()))("the audit recorder", () => {
  it("is well again once the log can be read, although nothing happens", async () => {
    await using hub = await startCloudHub();
    let reads = 0;
    const recorder = createRecorder({
      nc: hub.nc,
      tenant: "acme",
      log: silentLog(),
      async readTip() {
        reads += 1;
        if (reads === 1) throw new Error("not yet");
        return { seq: 0, entry: 0, hash: "0".repeat(64), positions: new Map() };
      },
    });
    recorder.start();
    await eventually(() => reads > 1);
    await eventually(() => recorder.sources.every((each) => each.stats().stuckOn === undefined));
    expect(recorder.sources.length).toBeGreaterThan(0);
    await recorder.close();
  });
});

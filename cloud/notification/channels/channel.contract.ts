import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Outgoing, OutgoingChannel, SendResult } from "./channel.ts";

/** The other side, told how to behave. */
export interface Peer {
  readonly channel: OutgoingChannel;
  readonly to: string;
  /** Ids or subjects of what was taken, the oldest first. */
  taken(): readonly string[];
  behave(how: "take" | "refuse-now" | "refuse-for-good" | "break-off" | "say-nothing"): void;
  /** Nobody listens from now on. */
  vanish(): Promise<void>;
  stop(): Promise<void>;
}

export const outgoing = (n: number, to: string): Outgoing => ({
  notificationId: `n-${n}`,
  to,
  subject: `Message ${n}`,
  text: `{"text":"Grüße <${n}>"}`,
  html: `<p>Grüße &lt;${n}&gt;</p>`,
});

/** What every way out keeps to: it never rejects, and it says "not taken" only where that is certain. */
export function channelContract(name: string, start: () => Promise<Peer>): void {
  describe(`${name} as a channel`, () => {
    let peer: Peer;
    let n = 0;
    beforeAll(async () => {
      peer = await start();
    });
    afterAll(async () => {
      await peer.channel.close();
      await peer.stop();
    });
    const send = (signal = AbortSignal.timeout(20_000)): Promise<SendResult> => {
      n += 1;
      return peer.channel.send(outgoing(n, peer.to), signal);
    };
    const doubt = () =>
      peer.channel.mayRepeat ? expect.stringMatching(/uncertain|refused/) : "uncertain";

    it("says what was taken", async () => {
      peer.behave("take");
      expect(await send()).toMatchObject({ kind: "taken" });
      expect(await send()).toMatchObject({ kind: "taken" });
      expect(peer.taken()).toHaveLength(2);
    });

    it("tells a no for now from a no for good", async () => {
      peer.behave("refuse-now");
      expect(await send()).toMatchObject({ kind: "refused", isPermanent: false });
      peer.behave("refuse-for-good");
      expect(await send()).toMatchObject({ kind: "refused", isPermanent: true });
      peer.behave("take");
      expect(await send()).toMatchObject({ kind: "taken" });
    });

    it("does not know where the answer broke off or never came", async () => {
      peer.behave("break-off");
      expect(await send()).toMatchObject({ kind: doubt() });
      peer.behave("say-nothing");
      expect(await send(AbortSignal.timeout(300))).toMatchObject({ kind: doubt() });
      peer.behave("take");
      expect(await send()).toMatchObject({ kind: "taken" });
    });

    it("keeps addresses out of reasons", async () => {
      peer.behave("refuse-for-good");
      expect(JSON.stringify(await send())).not.toContain(peer.to);
    });

    it("is certain that nothing was taken where nobody listens", async () => {
      await peer.vanish();
      expect(await send()).toMatchObject({ kind: "refused", isPermanent: false });
    });
  });
}

import { describe, expect, it } from "vitest";
import { servicesChaos } from "../chaos/services.ts";
import { createProgress } from "../demo/progress.ts";
import { findNatsServer } from "../support/nats.ts";
import { available } from "../support/parts.ts";

const progress = createProgress(process.stderr, true);
const say = (text: string): void => progress.say(text);

// The short form of `make chaos ARGS="--services"`.
describe.skipIf(!available("nats-server", findNatsServer()))(
  "a company whose cloud is killed",
  () => {
    it("pays everybody the same to the byte, and loses and doubles nothing", async () => {
      const result = await servicesChaos({ seed: 5, people: 4, hubs: 3, say });
      expect(result.faults).toEqual([]);
      expect(result).toMatchObject({
        ok: true,
        lost: 0,
        doubled: 0,
        payslipsDiffer: 0,
        causationBroken: 0,
        deadLetters: 0,
        payslips: 4,
      });
      for (const kills of Object.values(result.kills)) expect(kills).toBeGreaterThan(0);
    }, 400_000);
  },
);

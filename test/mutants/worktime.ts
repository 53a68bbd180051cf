import type { Mutant } from "./mutant.ts";
import { JUDGEMENT } from "./worktime-judgement.ts";
import { PAY } from "./worktime-pay.ts";
import { PUNCHED } from "./worktime-punched.ts";

/**
 * The working-time engine with one promise or one rule broken at a time, in the order of its stages. Each is a slip that a
 * review could overlook. What no test could ever see, because nothing comes out differently, is not kept here.
 */
export const WORKTIME: readonly Mutant[] = [...PUNCHED, ...PAY, ...JUDGEMENT];

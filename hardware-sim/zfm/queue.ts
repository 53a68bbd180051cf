import type { Finger, ZfmModule } from "./module.ts";

export interface PeopleOptions {
  /**
   * Looks at a bare sensor before a finger arrives; default 3. More on a noisy line, where not every look is heard of: a
   * person needs half a second to step up.
   */
  readonly gap?: number;
  /** Looks at a finger after which its owner gives up waiting for a light; default 40. */
  readonly patience?: number;
}

/** People in front of a module, one behind the other. */
export interface People {
  /** Another one joins the queue with this finger. */
  join(finger: Finger): void;
  /** Whoever has a finger on the sensor takes it off and goes. */
  giveUp(): void;
  readonly waiting: () => number;
}

/**
 * Each puts a finger on, keeps it there until the module shows an outcome, and lifts it; who sees none lifts it after a
 * while and does not come again. Moves only when the module looks: no clock, so that tests are as fast as their driver.
 */
export function createPeople(
  module: ZfmModule,
  { gap = 3, patience = 40 }: PeopleOptions = {},
): People {
  const queue: Finger[] = [];
  let isPressing = false;
  let isJudged = false;
  let looks = 0;

  const leave = (): void => {
    module.lift();
    [isPressing, isJudged, looks] = [false, false, 0];
  };
  const step = (): void => {
    const next = queue[0];
    if (isPressing || next === undefined || looks < gap) return;
    queue.shift();
    module.press(next);
    [isPressing, isJudged, looks] = [true, false, 0];
  };

  module.onEvent((event) => {
    switch (event.kind) {
      case "looked":
        looks += 1;
        if (isPressing && looks > patience) leave();
        else step();
        break;
      case "matched":
      case "not-matched":
        isJudged = true;
        break;
      case "light":
        if (isPressing && isJudged) leave();
        break;
      case "dark":
        break;
    }
  });

  return {
    join(finger) {
      queue.push(finger);
      step();
    },
    giveUp() {
      if (isPressing) leave();
    },
    waiting: () => queue.length,
  };
}

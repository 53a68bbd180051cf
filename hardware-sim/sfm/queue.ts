import type { Finger, SfmModule } from "./module.ts";

/** People in front of a module, one behind the other. */
export interface People {
  /** Another one joins the queue with this finger. */
  join(finger: Finger): void;
  /** Whoever has a finger on the sensor takes it off and goes. */
  giveUp(): void;
  readonly waiting: () => number;
}

/** Each puts a finger on, keeps it there until the module beeps, whatever the outcome, and goes. */
export function createPeople(module: SfmModule): People {
  const queue: Finger[] = [];
  let isPressing = false;
  const step = (): void => {
    const next = isPressing ? undefined : queue.shift();
    if (next === undefined) return;
    isPressing = true;
    module.press(next);
  };
  const leave = (): void => {
    module.lift();
    isPressing = false;
    setImmediate(step);
  };
  module.onEvent((event) => {
    if (event.kind === "scanned") leave();
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

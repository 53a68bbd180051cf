/** So many refusals are answered per second; a terminal gone mad gets no more of our time than that. */
const PER_SECOND = 16;

/** Whether one more may be answered at `nowMs`. What is not answered is not stored either: the terminal sends it again. */
export function createAllowance(): (nowMs: number) => boolean {
  let left = PER_SECOND;
  let asOfMs = Number.NEGATIVE_INFINITY;
  return (nowMs) => {
    left = Math.min(PER_SECOND, left + ((nowMs - asOfMs) / 1000) * PER_SECOND);
    asOfMs = nowMs;
    if (left < 1) return false;
    left -= 1;
    return true;
  };
}

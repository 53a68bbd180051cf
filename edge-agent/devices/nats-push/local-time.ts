const LOCAL = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,9})?$/;

/**
 * What a terminal's clock showed, `YYYY-MM-DDTHH:MM:SS`; null where it has none (or says nothing), undefined for what no
 * calendar and no clock shows. An instant with a zone is not what was asked for, and not guessed at.
 */
export function localTimeOf(at: unknown): string | null | undefined {
  if (at === undefined || at === null || at === "") return null;
  if (typeof at !== "string") return undefined;
  if (!LOCAL.test(at)) return undefined;
  const shown = at.slice(0, 19).replace(" ", "T");
  const instant = new Date(`${shown}Z`);
  // 30 February would become 2 March, and 24:00 the next day.
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(shown)
    ? shown
    : undefined;
}

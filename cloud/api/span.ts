import type { z } from "zod";

/** Names of the two parameters or fields of a route that bound a time, and how much may lie between them. */
export interface Span<F extends string, L extends string> {
  readonly first: F;
  readonly last: L;
  /** The last may lie so many days behind the first; 0 = on the same day. */
  readonly mostDays: number;
  /** Civil dates between which both lie, these included; left out: anywhere. */
  readonly within?: readonly [string, string];
}

const DAY_MS = 86_400_000;

/**
 * JSON Schema cannot say that one value lies behind another. Spread `document` into `createRoute`: the document says it
 * beside the schema (`x-span`), for clients and fuzzers. Hand `check` to `superRefine`: it holds requests to it.
 */
export function spanOf<F extends string, L extends string>(
  span: Span<F, L>,
): {
  readonly document: { readonly "x-span": Span<F, L> };
  readonly check: (value: Readonly<Record<F | L, string>>, c: z.RefinementCtx) => void;
} {
  return { document: { "x-span": span }, check: (value, c) => check(span, value, c) };
}

function check<F extends string, L extends string>(
  { first, last, mostDays, within }: Span<F, L>,
  value: Readonly<Record<F | L, string>>,
  c: z.RefinementCtx,
): void {
  const say = (name: F | L, message: string): void =>
    c.addIssue({ code: "custom", message, path: [name] });
  if (within !== undefined) {
    const [least, greatest] = within;
    for (const name of [first, last]) {
      if (value[name] < least || value[name] > greatest) say(name, `from ${least} to ${greatest}`);
    }
  }
  const days = (Date.parse(value[last]) - Date.parse(value[first])) / DAY_MS;
  if (days < 0) say(last, `must not lie before ${first}`);
  if (days > mostDays) say(last, `at most ${mostDays} days after ${first}`);
}

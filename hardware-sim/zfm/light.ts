const COLOURS = ["red", "blue", "purple", "green", "yellow", "cyan", "white"] as const;
export type Colour = (typeof COLOURS)[number];

/** What somebody beside the module could see, or a probe in it. */
export type ModuleEvent =
  /** It took an image, of a finger or of none. */
  | { readonly kind: "looked"; readonly finger: number | undefined }
  | { readonly kind: "matched"; readonly slot: number }
  | { readonly kind: "not-matched" }
  | {
      readonly kind: "light";
      readonly effect: "breathe" | "flash";
      readonly colour: Colour;
      readonly cycles: number;
    }
  /** The light went out: told to, or for want of power. */
  | { readonly kind: "dark" };

/** Arguments of command 35: control, speed, colour, cycles. Undefined for what an R503 refuses. */
export function lightOf(args: readonly number[]): ModuleEvent | undefined {
  const [control, , colourNumber = 0, cycles = 0] = args;
  if (args.length !== 4) return undefined;
  if (control === 4) return { kind: "dark" };
  const colour = COLOURS[colourNumber - 1];
  if (colour === undefined || (control !== 1 && control !== 2)) return undefined;
  return { kind: "light", effect: control === 1 ? "breathe" : "flash", colour, cycles };
}

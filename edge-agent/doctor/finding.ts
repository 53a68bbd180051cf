/** `skip`: not looked at, and `says` why. */
export type Severity = "ok" | "warn" | "fail" | "skip";

/** What one look found. */
export interface Finding {
  /** What was looked at, by the name that the installer knows: `serial port /dev/ttyUSB0`. */
  readonly about: string;
  readonly severity: Severity;
  readonly says: string;
  /** What to type; null where there is nothing to do. */
  readonly cure: string | null;
  /** What kind of trouble, where scripts branch on it (see `exit.ts`). */
  readonly kind?: "configuration" | "authorisation" | "reach";
  /** What `--fix` may do about it. */
  readonly fix?: Fix;
}

/** Repairs that lose nothing and need no decision. Facts only; `fixes.ts` carries them out. */
export type Fix =
  | { readonly kind: "mode"; readonly path: string; readonly mode: number }
  | { readonly kind: "folder"; readonly path: string; readonly likeOwnerOf: string }
  | { readonly kind: "stale-socket"; readonly path: string }
  | { readonly kind: "migrate"; readonly file: string }
  | { readonly kind: "udev-rule"; readonly rule: string };

type Trouble = Pick<Finding, "says" | "kind" | "fix"> & { readonly cure: string };

export const ok = (about: string, says: string): Finding => ({
  about,
  severity: "ok",
  says,
  cure: null,
});

export const skip = (about: string, says: string): Finding => ({
  about,
  severity: "skip",
  says,
  cure: null,
});

export const warn = (about: string, trouble: Trouble): Finding => ({
  about,
  severity: "warn",
  ...trouble,
});

export const fail = (about: string, trouble: Trouble): Finding => ({
  about,
  severity: "fail",
  ...trouble,
});

/** Quoted for a shell, where it needs to be. */
export const quoted = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

/** The service that `deploy/edge` installs. */
export const AGENT_UNIT = "clockleaf-edge";
export const RESTART = `sudo systemctl restart ${AGENT_UNIT}`;

import { codeOf } from "@clockleaf/shared/lib/errors.ts";
import type { ReaderHealth } from "../driver.ts";
import type { OsdpReader } from "./config.ts";
import { isInstallOpen } from "./keys.ts";
import type { KeyKind } from "./line.ts";
import { NAK } from "./messages.ts";
import { SCBK_DEFAULT } from "./secure-channel.ts";

type Fault = NonNullable<ReaderHealth["fault"]>;

type Choice =
  | { readonly kind: "own" | "default"; readonly key: Uint8Array }
  | { readonly kind: "none" }
  | { readonly kind: "fault"; readonly fault: Fault };

export interface KeySources {
  /** The reader's own key. Throws `device.key`. */
  readKey(): Uint8Array;
  /** A key that the reader was offered and may have taken; undefined when none is in doubt. Throws `device.key`. */
  readNextKey(): Uint8Array | undefined;
  /** The reader has proven it: it takes the place of the old one. */
  adoptNextKey(): void;
  /** UTC milliseconds; for the end of an install window only. */
  wallMs(): number;
}

/**
 * Which key the next handshake uses: the reader's own; if that fails, one it was offered and may have taken. The default key counts only inside the install window, and a reader that has
 * once proven its own key never speaks in clear again.
 */
export class KeyChoice {
  private readonly reader: OsdpReader;
  private readonly sources: KeySources;
  private next: "own" | "default" = "own";
  /** The own key failed, and there is one in doubt. */
  private isNextTried = false;
  private isClearOnly = false;
  private keyed: boolean;

  constructor(reader: OsdpReader, sources: KeySources, isKeyed: boolean) {
    this.reader = reader;
    this.sources = sources;
    this.keyed = isKeyed;
  }

  get isKeyed(): boolean {
    return this.keyed;
  }

  choose(): Choice {
    const { secureChannel, keyFile } = this.reader;
    if (secureChannel === "off") return { kind: "none" };
    if (this.isClearOnly && !this.keyed) return { kind: "none" };
    if (this.mayUseDefault() && (this.next === "default" || keyFile === undefined)) {
      return { kind: "default", key: SCBK_DEFAULT };
    }
    if (keyFile === undefined) {
      return secureChannel === "optional"
        ? { kind: "none" }
        : keyFault("the install window is closed: name a keyFile");
    }
    return this.own();
  }

  own(): Exclude<Choice, { kind: "none" }> {
    try {
      const next = this.isNextTried ? this.sources.readNextKey() : undefined;
      return { kind: "own", key: next ?? this.sources.readKey() };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return { kind: "fault", fault: { code: codeOf(error), message } };
    }
  }

  mayUseDefault(): boolean {
    return isInstallOpen(this.reader.installMode?.until, this.sources.wallMs());
  }

  /** A handshake succeeded. True when a key of its own waits to be handed to the reader. */
  proven(kind: KeyKind): boolean {
    if (kind === "own" && this.isNextTried) this.adopt();
    this.keyed ||= kind === "own";
    return kind === "default" && this.reader.keyFile !== undefined;
  }

  /** The reader took the key of its own that it was handed under the default key. */
  installed(): void {
    this.next = "own";
  }

  /** The reader has the key that was offered to it last. */
  adopt(): void {
    this.isNextTried = false;
    this.next = "own";
    this.sources.adoptNextKey();
  }

  /** A handshake failed. True when there is another key to try at once. */
  failed(kind: KeyKind): boolean {
    if (kind === "own" && !this.isNextTried && this.hasNextKey()) {
      this.isNextTried = true;
      return true;
    }
    this.isNextTried = false;
    const hasAnother = kind === "own" && this.mayUseDefault();
    this.next = hasAnother ? "default" : "own";
    return hasAnother;
  }

  private hasNextKey(): boolean {
    try {
      return this.sources.readNextKey() !== undefined;
    } catch {
      return false; // the fault of the key in force is the one to tell
    }
  }

  /** The reader answered a handshake with this NAK. True when it may be spoken to in clear from now on. */
  goClear(nakCode: number): boolean {
    const cannot = nakCode === NAK.securityUnsupported || nakCode === NAK.unknownCommand;
    if (!cannot || this.reader.secureChannel !== "optional" || this.keyed) return false;
    this.isClearOnly = true;
    return true;
  }
}

const keyFault = (message: string): Choice => ({
  kind: "fault",
  fault: { code: "device.key", message },
});

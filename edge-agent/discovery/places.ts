import { loadNodeHid } from "../ports/hid.ts";
import { accessOf, holdersOf } from "./device-access.ts";

/** Where this machine tells of its devices; tests build a small machine in a folder. */
export interface Places {
  /** What the kernel mounts as `/sys`. */
  readonly sys: string;
  readonly dev: string;
  /** Links that udev makes, named by maker and serial number: the same after every plug-in. */
  readonly byId: string;
  readonly accessOf: typeof accessOf;
  readonly holdersOf: typeof holdersOf;
  readonly loadHid: typeof loadNodeHid;
}

export const THIS_MACHINE: Places = {
  sys: "/sys",
  dev: "/dev",
  byId: "/dev/serial/by-id",
  accessOf,
  holdersOf,
  loadHid: loadNodeHid,
};

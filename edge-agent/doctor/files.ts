import { accessSync, constants } from "node:fs";

/** Whether this user may read a file: one in a folder that is closed to it is `denied`, there or not. */
export function readable(path: string): "ok" | "denied" | "missing" {
  try {
    accessSync(path, constants.R_OK);
    return "ok";
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ENOENT"
      ? "missing"
      : "denied";
  }
}

export const AS_AGENT = "run doctor as the agent's user, or: sudo clockleaf-edge doctor";

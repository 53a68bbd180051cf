import { createHash, randomBytes } from "node:crypto";

const BYTES = 32;

/** 256 random bits: nobody guesses them, so plain SHA-256 keeps them. */
export const newSecret = (prefix = ""): string => prefix + randomBytes(BYTES).toString("base64url");

export const sha256Of = (text: string): string => createHash("sha256").update(text).digest("hex");

import { type ErrorCode, PlatformError } from "@clockleaf/shared/lib/errors.ts";

const sqliteCodeOf = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";

/** True when another connection holds the lock that was asked for. */
export function isBusy(error: unknown): boolean {
  return sqliteCodeOf(error).startsWith("SQLITE_BUSY");
}

function platformCodeOf(sqlite: string): ErrorCode {
  if (sqlite === "SQLITE_FULL" || sqlite === "ENOSPC" || sqlite === "EDQUOT") return "journal.full";
  if (sqlite.startsWith("SQLITE_IOERR")) return "journal.not-durable";
  if (sqlite.startsWith("SQLITE_CORRUPT") || sqlite === "SQLITE_NOTADB") return "journal.damaged";
  return "journal.unavailable";
}

const ADVICE: Partial<Record<ErrorCode, string>> = {
  "journal.full":
    "the journal is full: reconnect the uplink, or raise journal.maxBytes or free disk space",
  "journal.not-durable": "the disk did not confirm the write: check it (dmesg, smartctl)",
  "journal.damaged": "the journal file is damaged: see README.md of edge-agent/journal",
};

/** The one place where SQLite's result codes become ours. A `PlatformError` passes through unchanged. */
export function journalError(error: unknown, doing: string): PlatformError {
  if (error instanceof PlatformError) return error;
  const sqlite = sqliteCodeOf(error);
  const code = platformCodeOf(sqlite);
  const text = ADVICE[code] ?? (error instanceof Error ? error.message : String(error));
  return new PlatformError(code, `${doing}: ${text}`, {
    cause: error,
    retriable: code !== "journal.damaged",
    details: { sqlite },
  });
}

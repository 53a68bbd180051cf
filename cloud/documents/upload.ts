/** What may be attached, and the ending of its file name. Nothing that a browser would run. */
export const ATTACHMENT_TYPES: Readonly<Record<string, string>> = {
  "application/pdf": ".pdf",
  "image/png": ".png",
  "image/jpeg": ".jpg",
  "image/webp": ".webp",
  "image/heic": ".heic",
  "text/plain": ".txt",
  "text/csv": ".csv",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
};

export const MAX_UPLOAD_BYTES = 10 * 1024 ** 2;

/** The media type without parameters, in lower case. */
export const mediaTypeOf = (header: string): string =>
  (header.split(";", 1)[0] ?? "").trim().toLowerCase();

/** The name people get: the uploaded one may say whom it is about, so only its kind is kept. */
export const attachmentName = (documentId: string, mediaType: string): string =>
  `attachment-${documentId.slice(0, 8)}${ATTACHMENT_TYPES[mediaType] ?? ""}`;

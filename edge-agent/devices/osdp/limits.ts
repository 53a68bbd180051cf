/** Times and counts of one session; milliseconds where the name says so. */
export const LIMITS = {
  /** How often tamper and power are asked for, besides what the reader says unasked. */
  statusMs: 10_000,
  /** Replies with a card or keys are far shorter; the resume file has room for this much. */
  keptReplyBytes: 320,
  /** Pause after a problem that only a person can solve. */
  faultMs: 5_000,
  retryFirstMs: 50,
  retryMaxMs: 800,
  probeFirstMs: 500,
  probeMaxMs: 5_000,
  /** Unanswered tries after which a handshake starts over; nothing but a handshake can be lost by that. */
  handshakeTries: 3,
  /** Complaints about our check bytes after which an established line is reset. */
  badChecks: 3,
} as const;

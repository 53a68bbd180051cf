import { z } from "zod";
import { directoryEntrySchema } from "./directory.ts";
import { badgeKeySchema } from "./punch.ts";

/**
 * How a gateway keeps its site's part of the directory: it asks for the changes after the revision it has, page by page,
 * and asks again when it hears `rosterChangedSubject`. A gateway may not create JetStream consumers: see
 * `deploy/nats/README.md`.
 */
export const rosterRequestSchema = z.object({
  /** Which making of the directory the gateway holds; null for none. A wiped hub makes a new one. */
  generation: z.string().max(64).nullable(),
  /** Changes after this revision; 0 for all. */
  after: z.int().min(0),
  /** Revision of the rules the gateway holds; null for none. Absent: a gateway of a release that takes none. */
  rules: z.string().max(64).nullable().optional(),
});
export type RosterRequest = z.output<typeof rosterRequestSchema>;

/** By what a gateway says what a punch means. What a gateway of another release cannot read of it, it does without. */
export const siteRulesSchema = z.object({
  /** Changes with the contents. */
  revision: z.string().max(64),
  /** IANA zone of the site. */
  zone: z.string().max(64),
  /** A rule book as its schema takes it in; null = larger than what may be sent. */
  book: z.unknown(),
});
export type SiteRules = z.output<typeof siteRulesSchema>;

export const MAX_ROSTER_CHANGES = 500;

export const rosterPageSchema = z.object({
  /** If it is not the generation asked for, the page starts from the beginning. */
  generation: z.string().max(64),
  /** In order of revision. */
  changes: z
    .array(
      z.object({
        badge: badgeKeySchema,
        /** Null: nobody holds the badge any more. */
        entry: directoryEntrySchema.nullable(),
      }),
    )
    .max(MAX_ROSTER_CHANGES),
  /** The revision to ask from next. */
  upTo: z.int().min(0),
  /** There are changes after this page already. */
  more: z.boolean(),
  /** The rules of the site, when they are not those of the request; a page that brings them brings no changes. */
  rules: siteRulesSchema.nullable().default(null),
});
export type RosterPage = z.output<typeof rosterPageSchema>;

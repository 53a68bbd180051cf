import type { EventOf } from "@clockleaf/shared/events/envelope.ts";
import type { preferencesSet } from "@clockleaf/shared/events/notification.ts";
import { type Decider, refuse } from "../eventing/decider.ts";
import { KIND, kindOf } from "./kinds.ts";

export type PreferencesEvent = EventOf<typeof preferencesSet>;
/** What a person wants; null = nothing was said yet. */
export type Preferences = PreferencesEvent["data"] | null;
export interface PreferencesCommand {
  readonly type: "set";
  readonly data: PreferencesEvent["data"];
}

export const preferencesDecider: Decider<Preferences, PreferencesCommand, PreferencesEvent> = {
  initial: null,
  decide(preferences, { data }) {
    for (const [template, channels] of Object.entries(data.channels)) {
      const kind = kindOf(template);
      if (kind === undefined) {
        return refuse("notification.unknown-kind", `there are no messages called "${template}"`);
      }
      if (KIND[kind].isMandatory && channels.length === 0) {
        return refuse(
          "notification.mandatory",
          `"${kind}" needs a channel: nobody can do without it`,
        );
      }
      if (channels.includes("webhook")) {
        return refuse("notification.unknown-channel", "a webhook is no channel to a person");
      }
    }
    return preferences !== null && saidOf(preferences) === saidOf(data)
      ? []
      : [{ type: "notification.preferences.set", data }];
  },
  evolve: (_preferences, { data }) => data,
};

function saidOf({ locale, channels }: PreferencesEvent["data"]): string {
  const said = Object.entries(channels).map(
    ([kind, chosen]) => `${kind}: ${chosen.toSorted().join()}`,
  );
  return [locale ?? "", ...said.toSorted()].join("\n");
}

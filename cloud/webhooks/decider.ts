import type { Decided, EventOf } from "@clockleaf/shared/events/envelope.ts";
import type { WebhookEvent, webhookCreated } from "@clockleaf/shared/events/webhook.ts";
import { type Decider, type Refusal, refuse } from "../eventing/decider.ts";
import { domainsOf } from "./event-types.ts";

type Created = EventOf<typeof webhookCreated>["data"];
/** Where an endpoint begins in a domain's stream. */
export type Start = Created["starts"][number];
export type Settings = Pick<Created, "url" | "types" | "sites" | "description">;

export interface Endpoint {
  readonly webhookId: string;
  readonly settings: Settings;
  readonly secret: {
    readonly currentId: string;
    /** The one before, valid for a while. */
    readonly previous: { readonly id: string; readonly untilMs: number } | null;
  };
  /** The newest of each domain that was ever followed. */
  readonly starts: readonly Start[];
  readonly disabled: { readonly because: Disabling; readonly atMs: number } | null;
  /** Since when it is switched on, so that what waited before is tried at once. */
  readonly enabledAtMs: number;
  readonly createdAtMs: number;
  readonly createdBy: string | null;
}
export type Disabling = "gone" | "failing" | "asked";

export type WebhookState =
  | { readonly status: "none" }
  | { readonly status: "there"; readonly endpoint: Endpoint }
  | { readonly status: "deleted" };

interface Asked {
  readonly by: string | null;
  readonly at: number;
}

export type WebhookCommand = Asked &
  (
    | (Settings & {
        readonly type: "create";
        readonly webhookId: string;
        readonly secretId: string;
        readonly starts: readonly Start[];
      })
    /** `starts` = of every domain that is now wanted; those followed already go on where they are. */
    | { readonly type: "change"; readonly changes: Changes; readonly starts: readonly Start[] }
    | { readonly type: "rotate-secret"; readonly secretId: string; readonly previousUntil: number }
    | {
        readonly type: "disable";
        readonly because: Disabling;
        readonly failingSince: number | null;
        /**
         * Since when it was on when that was found. A try that was under way while somebody switched it on again must not
         * switch it off; null = whenever.
         */
        readonly ofEnabledAtMs: number | null;
      }
    /** `starts` = where to go on; none = where it stopped. */
    | { readonly type: "enable"; readonly starts: readonly Start[] }
    | { readonly type: "replay"; readonly starts: readonly Start[] }
    | { readonly type: "delete" }
  );

/** What is left out stays as it is. */
export type Changes = { readonly [K in keyof Settings]?: Settings[K] | undefined };

export const webhookDecider: Decider<WebhookState, WebhookCommand, WebhookEvent> = {
  initial: { status: "none" },
  decide(state, command) {
    if (command.type === "create") return create(state, command);
    if (state.status !== "there") return refuse("webhook.not-found", "there is no such webhook");
    return decide(state.endpoint, command);
  },
  evolve(state, event) {
    if (event.type === "webhook.endpoint.created") {
      return { status: "there", endpoint: endpointOf(event.data) };
    }
    if (event.type === "webhook.endpoint.deleted") return { status: "deleted" };
    if (state.status !== "there") return state;
    return { status: "there", endpoint: evolveEndpoint(state.endpoint, event) };
  },
};

type Decision = ReadonlyArray<Decided<WebhookEvent>> | Refusal;
type Of<T extends WebhookCommand["type"]> = Extract<WebhookCommand, { type: T }>;

function create(state: WebhookState, command: Of<"create">): Decision {
  if (state.status !== "none") return refuse("webhook.exists", "the id is taken");
  const { webhookId, url, types, sites, description, secretId, starts, by, at } = command;
  const data = { webhookId, url, types, sites, description, secretId, by, at };
  return [{ type: "webhook.endpoint.created", data: { ...data, starts: [...starts] } }];
}

function decide(endpoint: Endpoint, command: Exclude<WebhookCommand, Of<"create">>): Decision {
  const { webhookId, secret, disabled } = endpoint;
  const { by, at } = command;
  switch (command.type) {
    case "change":
      return change(endpoint, command);
    case "rotate-secret": {
      const { secretId, previousUntil } = command;
      if (secretId === secret.currentId) return [];
      const data = { webhookId, secretId, previousId: secret.currentId, previousUntil, by, at };
      return [{ type: "webhook.secret.rotated", data }];
    }
    case "disable":
      return isOutdated(endpoint, command) ? [] : [disabling(endpoint, command)];
    case "enable":
      if (disabled === null) return [];
      return [
        {
          type: "webhook.endpoint.enabled",
          data: { webhookId, starts: [...command.starts], by, at },
        },
      ];
    case "replay":
      return [
        {
          type: "webhook.endpoint.replayed",
          data: { webhookId, starts: [...command.starts], by, at },
        },
      ];
    case "delete":
      return [{ type: "webhook.endpoint.deleted", data: { webhookId, by, at } }];
  }
}

function change(
  { webhookId, settings }: Endpoint,
  { changes, starts, by, at }: Of<"change">,
): Decision {
  const next = {
    url: changes.url ?? settings.url,
    types: changes.types ?? settings.types,
    sites: changes.sites === undefined ? settings.sites : changes.sites,
    description: changes.description ?? settings.description,
  };
  if (JSON.stringify(next) === JSON.stringify(settings)) return [];
  const followed: readonly string[] = domainsOf(settings.types);
  const fresh = starts.filter(({ domain }) => !followed.includes(domain));
  const data = { webhookId, ...next, starts: fresh, by, at };
  return [{ type: "webhook.endpoint.changed", data }];
}

const isOutdated = (
  { disabled, enabledAtMs }: Endpoint,
  { ofEnabledAtMs }: Of<"disable">,
): boolean => disabled !== null || (ofEnabledAtMs !== null && ofEnabledAtMs !== enabledAtMs);

function disabling(
  { webhookId, settings: { url, description } }: Endpoint,
  { because, failingSince, by, at }: Of<"disable">,
): Decided<WebhookEvent> {
  const data = { webhookId, url, description, because, failingSince, by, at };
  return { type: "webhook.endpoint.disabled", data };
}

function endpointOf(data: Created): Endpoint {
  const { webhookId, url, types, sites, description, secretId, starts, by, at } = data;
  return {
    webhookId,
    settings: { url, types, sites, description },
    secret: { currentId: secretId, previous: null },
    starts,
    disabled: null,
    enabledAtMs: at,
    createdAtMs: at,
    createdBy: by,
  };
}

type Later = Exclude<
  Decided<WebhookEvent>,
  { type: "webhook.endpoint.created" | "webhook.endpoint.deleted" }
>;

function evolveEndpoint(endpoint: Endpoint, event: Later): Endpoint {
  switch (event.type) {
    case "webhook.endpoint.changed": {
      const { url, types, sites, description, starts } = event.data;
      const settings = { url, types, sites, description };
      return { ...endpoint, settings, starts: newest(endpoint.starts, starts) };
    }
    case "webhook.secret.rotated": {
      const { secretId, previousId, previousUntil } = event.data;
      const previous = { id: previousId, untilMs: previousUntil };
      return { ...endpoint, secret: { currentId: secretId, previous } };
    }
    case "webhook.endpoint.disabled":
      return { ...endpoint, disabled: { because: event.data.because, atMs: event.data.at } };
    case "webhook.endpoint.enabled": {
      const { starts, at } = event.data;
      return {
        ...endpoint,
        disabled: null,
        enabledAtMs: at,
        starts: newest(endpoint.starts, starts),
      };
    }
    case "webhook.endpoint.replayed":
      return { ...endpoint, starts: newest(endpoint.starts, event.data.starts) };
  }
}

const newest = (known: readonly Start[], starts: readonly Start[]): readonly Start[] => [
  ...known.filter(({ domain }) => !starts.some((each) => each.domain === domain)),
  ...starts,
];

import type { KeyObject } from "node:crypto";
import { codeOf } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import { connectNats } from "@clockleaf/shared/lib/nats-connection.ts";
import { type GatewayAddress, gatewayInbox } from "@clockleaf/shared/subjects.ts";
import type { Heartbeat } from "@clockleaf/shared/wire/heartbeat.ts";
import type { NatsConnection } from "nats";
import { serveReaderCommands } from "./commands/reader-commands.ts";
import type { ReaderControls } from "./commands/reader-controls.ts";
import type { RosterFeed } from "./directory/directory.ts";
import { followRoster } from "./directory/roster-follower.ts";
import { startHeartbeat } from "./uplink/heartbeat.ts";
import type { SegmentSource } from "./uplink/segment-source.ts";
import { startUplink, type Uplink, type UplinkState, type UplinkStats } from "./uplink/uplink.ts";

export interface HubLinkOptions {
  readonly servers: readonly string[];
  readonly seedFile: string;
  readonly identity: GatewayAddress;
  readonly signKey: KeyObject;
  readonly source: SegmentSource;
  readonly roster: RosterFeed;
  readonly beat: () => Heartbeat;
  /** What the cloud may do with readers. */
  readonly controls: ReaderControls;
  readonly log: Log;
}

/**
 * `connecting`: the leaf server was never reached since this start. `refused`: it is there and does not take the gateway's
 * key; dialled on, for it may be enrolled any moment.
 */
export type HubLinkStatus =
  | { readonly state: { readonly kind: "connecting" } }
  | { readonly state: { readonly kind: "refused"; readonly sinceMs: number } }
  | { readonly state: UplinkState; readonly stats: UplinkStats };

/** Everything that needs the leaf server: rows go up, the roster comes down, heartbeats say how it goes. */
export interface HubLink {
  status(): HubLinkStatus;
  /** Undefined before the leaf server was reached; the inner one as `Resend.request`. */
  readonly resend: () => Uplink["resend"] | undefined;
  close(): Promise<void>;
}

/** Returns at once; connects whenever the leaf server is there. Never rejects: what fails is logged and in the status. */
export function startHubLink(options: HubLinkOptions): HubLink {
  const { log, identity } = options;
  const closing = new AbortController();
  const steps: Array<() => Promise<void> | void> = [];
  let uplink: Uplink | undefined;
  let refusedSinceMs: number | undefined;

  const connecting = connectNats({
    servers: options.servers,
    seedFile: options.seedFile,
    name: `clockleaf-edge-${identity.gateway}`,
    inboxPrefix: gatewayInbox(identity),
    onRefused() {
      if (refusedSinceMs === undefined) {
        log.error({ code: "uplink.unauthorised" }, "the leaf server refuses the gateway's key");
      }
      refusedSinceMs ??= Date.now();
    },
    onConnected: () => (refusedSinceMs = undefined),
    signal: closing.signal,
    log,
  });
  const run = async (connection: NatsConnection): Promise<void> => {
    // The leaf server was reached only after all was over: nobody is left to close it.
    if (closing.signal.aborted) return connection.close();
    steps.push(() => connection.close());
    const shared = { connection, identity, log };
    const follower = followRoster({ ...shared, feed: options.roster });
    steps.push(() => follower.close());
    const started = await startUplink({
      ...shared,
      source: options.source,
      signKey: options.signKey,
    });
    uplink = started;
    steps.push(() => started.close());
    const commands = serveReaderCommands({ ...shared, controls: options.controls });
    steps.push(() => commands.close());
    steps.push(startHeartbeat({ ...shared, beat: options.beat }));
  };
  const running = connecting.then(run).catch((error: unknown) => {
    if (closing.signal.aborted) return;
    log.error({ err: error, code: codeOf(error) }, "the link to the hub did not start");
  });

  return {
    status() {
      if (refusedSinceMs !== undefined) {
        return { state: { kind: "refused", sinceMs: refusedSinceMs } };
      }
      return uplink === undefined
        ? { state: { kind: "connecting" } }
        : { state: uplink.state(), stats: uplink.stats() };
    },
    resend: () => uplink?.resend,
    async close() {
      closing.abort();
      // A leaf server that was never reached is not dialled again; the dial under way may take its time.
      if (uplink !== undefined) await running;
      for (const step of steps.splice(0).toReversed()) await step();
    },
  };
}

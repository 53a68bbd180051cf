import { codeOf, PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import type { GatewayAddress } from "@clockleaf/shared/subjects.ts";
import { traceIdOf } from "@clockleaf/shared/wire/trace-context.ts";
import type { NatsConnection } from "nats";
import { problem, refused } from "../../api/problem.ts";
import { type ApiRouter, causeOf, newIdFor, pageOfList } from "../../api/router.ts";
import { type Refusal, refuse } from "../../eventing/decider.ts";
import type { EventStore } from "../../eventing/event-store.ts";
import { type Heartbeats, type LastSeen, OFFLINE_AFTER_MS } from "../heartbeats.ts";
import type { GatewayRegistry } from "../registry.ts";
import type { Commanded } from "./decider.ts";
import { createCommandRunner, onRecord, SOURCE } from "./record.ts";
import { commandRoute, listReadersRoute } from "./route-definitions.ts";
import { sendCommand } from "./send-command.ts";
import type { CommandAnswer, GatewayCommand } from "./views.ts";

export interface CommandRoutesDeps {
  readonly nc: NatsConnection;
  readonly tenant: string;
  /** Where commands are put on record. */
  readonly eventStore: EventStore;
  readonly registry: Pick<GatewayRegistry, "get">;
  readonly heartbeats: Pick<Heartbeats, "lastSeen">;
  readonly nowMs: () => number;
  readonly log: Log;
}

export function mountCommands(router: ApiRouter, deps: CommandRoutesDeps): void {
  mountReaders(router, deps);
  mountCommand(router, deps);
}

const isSilent = ({ receivedAtMs }: LastSeen, atMs: number): boolean =>
  atMs - receivedAtMs >= OFFLINE_AFTER_MS;

function mountReaders(
  router: ApiRouter,
  { tenant, registry, heartbeats, nowMs }: CommandRoutesDeps,
): void {
  router.openapi(listReadersRoute, async (c) => {
    const address: GatewayAddress = { tenant, ...c.req.valid("param") };
    if ((await registry.get(address)) === undefined) {
      return problem(c, { code: "command.not-found" });
    }
    const { cursor, limit, state } = c.req.valid("query");
    const seen = heartbeats.lastSeen(address);
    const readers = (seen?.heartbeat.readers ?? [])
      .filter((each) => state === undefined || each.state === state)
      .toSorted((a, b) => (a.reader < b.reader ? -1 : 1))
      .map(({ reader, state: said, fault }) => ({
        reader,
        state: said,
        fault,
        isKnownNow: seen !== undefined && !isSilent(seen, nowMs()),
        saidAt: new Date(seen?.receivedAtMs ?? 0).toISOString(),
      }));
    return c.json(pageOfList(c, readers, { cursor, limit, keyOf: ({ reader }) => reader }), 200);
  });
}

function mountCommand(router: ApiRouter, deps: CommandRoutesDeps): void {
  const { nc, tenant, registry, heartbeats, nowMs, log } = deps;
  const runner = createCommandRunner(deps.eventStore, tenant);

  router.openapi(commandRoute, async (c) => {
    const { site, gateway } = c.req.valid("param");
    const address: GatewayAddress = { tenant, site, gateway };
    const found = await registry.get(address);
    if (found === undefined) return problem(c, { code: "command.not-found" });
    const seen = heartbeats.lastSeen(address);
    const command = complete(c.req.valid("json"), seen);
    if ("code" in command) return refused(c, command);
    const commandId = newIdFor(c, "command");
    const by = c.get("principal").name;
    const sentAtMs = nowMs();
    const reader = "reader" in command ? command.reader : null;
    const { verb } = command;
    const asked = { commandId, site, gateway, verb, reader, by };
    const entry = {
      ...asked,
      requestId: c.get("requestId"),
      traceId: traceIdOf(c.get("traceparent")),
    };
    try {
      if (found.record.status === "revoked" || (seen !== undefined && isSilent(seen, nowMs()))) {
        throw new PlatformError("uplink.not-connected", "the gateway is silent or revoked", {
          retriable: true,
        });
      }
      const commanded = commandedBy(command, { ...asked, at: sentAtMs });
      const cause = causeOf(c, SOURCE, sentAtMs);
      const reply = await onRecord({ runner, nowMs, log }, { commanded, cause }, () =>
        sendCommand(nc, { address, command, commandId, by }),
      );
      log.info({ ...entry, result: reply.result }, "gateway command");
      const answer: CommandAnswer = {
        ...asked,
        sentAt: new Date(sentAtMs).toISOString(),
        answeredAt: new Date(nowMs()).toISOString(),
        ...reply,
      };
      return reply.result === "accepted" ? c.json(answer, 202) : c.json(answer, 200);
    } catch (error) {
      log.warn({ ...entry, code: codeOf(error) }, "gateway command without an answer");
      throw error;
    }
  });
}

type Resend = Extract<GatewayCommand, { verb: "resend" }>;
type CompleteCommand = Exclude<GatewayCommand, Resend> | (Resend & { readonly epoch: string });
type Asked = Pick<Commanded, "commandId" | "site" | "gateway" | "verb" | "reader" | "by" | "at">;

function commandedBy(command: CompleteCommand, asked: Asked): Commanded {
  const seconds = command.verb === "locate" ? command.seconds : null;
  if (command.verb !== "resend") return { ...asked, seconds, rows: null };
  const { epoch, first, last } = command;
  return { ...asked, seconds, rows: { epoch, first, last } };
}

/** With the journal's epoch, where the caller left it out and the gateway has named it. */
function complete(command: GatewayCommand, seen: LastSeen | undefined): CompleteCommand | Refusal {
  if (command.verb !== "resend") return command;
  if (command.epoch !== undefined) return { ...command, epoch: command.epoch };
  if (seen === undefined) {
    return refuse("gateway.epoch-unknown", "the gateway has not named its journal yet: send epoch");
  }
  return { ...command, epoch: seen.heartbeat.epoch };
}

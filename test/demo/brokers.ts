import { DESTINATIONS, type DestinationName } from "../../cloud/bridges/bridge.ts";
import { type PostedStatus, readStatuses } from "../../cloud/bridges/status-board.ts";
import { DESTINATION_KINDS } from "../support/bridge-destinations.ts";
import { eventually } from "../support/eventually.ts";
import type { Site as NatsSite } from "../support/nats.ts";

/** How a destination's feeds stand. */
export interface FedDestination {
  readonly feeds: number;
  readonly events: number;
  /** Events that are not there yet. */
  readonly lag: number;
  readonly deadLetters: number;
}

export type FedDestinations = Readonly<Partial<Record<DestinationName, FedDestination>>>;

const CAUGHT_UP_MS = 60_000;

/** Starts a Kafka with a registry, a RabbitMQ and a Redis; resolves with the section `bridges` that feeds them. */
export async function startBrokers(
  steps: Array<() => Promise<void> | void>,
): Promise<{ readonly bridges: object }> {
  const missing = DESTINATIONS.filter((name) => DESTINATION_KINDS[name].found() === undefined);
  if (missing.length > 0) {
    throw new Error(`--bridges: not installed: ${missing.join(", ")}; CONTRIBUTING.md says how`);
  }
  const settings = await Promise.all(
    DESTINATIONS.map(async (name) => {
      const opened = await DESTINATION_KINDS[name].open();
      steps.push(() => opened.stop());
      return opened.settings;
    }),
  );
  return { bridges: Object.assign({}, ...settings) as object };
}

/** Tells how far the bridges are, every second until what it returns is called. */
export async function watchBridges(
  nats: NatsSite,
  tenant: string,
  show: (line: string) => void,
): Promise<() => Promise<void>> {
  const nc = await nats.connectCloud("cloud-all");
  const timer = setInterval(() => {
    void readStatuses(nc, tenant)
      .then((statuses) => show(lineOf(summed(statuses))))
      .catch(() => undefined);
  }, 1_000);
  return async () => {
    clearInterval(timer);
    await nc.close();
  };
}

const lineOf = (fed: FedDestinations): string =>
  Object.entries(fed)
    .map(([name, { events, lag }]) => `${name} ${events} events, ${lag} behind`)
    .join(" · ");

/** Once every feed is at the end of its stream; as they stand if that takes too long. */
export async function caughtUpBridges(nats: NatsSite, tenant: string): Promise<FedDestinations> {
  const nc = await nats.connectCloud("cloud-all");
  try {
    const isThere = async (): Promise<boolean> => {
      const statuses = await readStatuses(nc, tenant);
      return (
        statuses.length > 0 && statuses.every(({ lag, state }) => lag === 0 && state === "running")
      );
    };
    await eventually(isThere, { timeoutMs: CAUGHT_UP_MS, everyMs: 300 }).catch(() => undefined);
    return summed(await readStatuses(nc, tenant));
  } finally {
    await nc.close();
  }
}

function summed(statuses: readonly PostedStatus[]): FedDestinations {
  const fed = DESTINATIONS.map((name) => {
    const feeds = statuses.filter(({ destination }) => destination === name);
    const sum = (pick: (status: PostedStatus) => number): number =>
      feeds.reduce((total, each) => total + pick(each), 0);
    return [
      name,
      {
        feeds: feeds.length,
        events: sum(({ recordsTotal }) => recordsTotal),
        lag: sum(({ lag }) => lag),
        deadLetters: sum(({ deadLettersTotal }) => deadLettersTotal),
      },
    ] as const;
  });
  return Object.fromEntries(fed);
}

/** What is wrong with them, in words. */
export const faultsOfBridges = (fed: FedDestinations): string[] =>
  Object.entries(fed).flatMap(([name, { feeds, lag, deadLetters }]) =>
    feeds > 0 && lag === 0 && deadLetters === 0
      ? []
      : [`${name}: ${feeds} feeds, ${lag} events behind, ${deadLetters} dead letters`],
  );

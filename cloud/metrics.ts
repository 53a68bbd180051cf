import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** The metrics of one process. Names start with `clockleaf_`, units are base units, and no label names a person. */
export interface Metrics {
  readonly registry: Registry;
  httpRequest(request: {
    readonly method: string;
    readonly route: string;
    readonly status: number;
    readonly seconds: number;
  }): void;
  /** A gauge whose values are asked for when somebody scrapes. */
  readonly gauge: (name: string, help: string, read: () => readonly Sample[]) => void;
  /** The same for a total that its owner counts. */
  readonly total: (name: string, help: string, read: () => readonly Sample[]) => void;
  counter(name: string, help: string, labels: readonly string[]): Counter;
}

export interface Sample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

const LABELS = [
  "site",
  "gateway",
  "projection",
  "consumer",
  "destination",
  "feed",
  "webhook",
  "result",
];

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: "clockleaf_" });
  const requests = new Counter({
    name: "clockleaf_http_requests_total",
    help: "HTTP requests answered",
    labelNames: ["method", "route", "status"],
    registers: [registry],
  });
  const durations = new Histogram({
    name: "clockleaf_http_request_duration_seconds",
    help: "Time from the request's arrival to the head of its response",
    labelNames: ["method", "route"],
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5],
    registers: [registry],
  });
  return {
    registry,
    httpRequest({ method, route, status, seconds }) {
      requests.inc({ method, route, status });
      durations.observe({ method, route }, seconds);
    },
    gauge(name, help, read) {
      const gauge = new Gauge({
        name,
        help,
        labelNames: LABELS,
        registers: [registry],
        collect() {
          gauge.reset();
          for (const { labels, value } of read()) gauge.set({ ...labels }, value);
        },
      });
    },
    total(name, help, read) {
      const total = new Counter({
        name,
        help,
        labelNames: LABELS,
        registers: [registry],
        collect() {
          total.reset();
          for (const { labels, value } of read()) total.inc({ ...labels }, value);
        },
      });
    },
    counter(name, help, labels) {
      return new Counter({ name, help, labelNames: [...labels], registers: [registry] });
    },
  };
}

import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import { jsonSchemaOf } from "./cli/config-text.ts";
import { parseEdgeConfig } from "./config.ts";
import { drivers } from "./devices/catalogue.ts";
import { readBacklog } from "./health/backlog.ts";
import { tapView } from "./health/tap-view.ts";
import type { PageDeps } from "./page/deps.ts";
import type { JsonSchema } from "./page/json-schema.ts";
import { openPage, type PageServer } from "./page/server.ts";
import { createVisits, type Visits } from "./page/visits.ts";
import { createService, type Service, type ServiceOptions } from "./service.ts";

/** The agent with its page: the page outlives every change of the configuration, also where it moves to another port. */
export interface HostedService extends Pick<Service, "begin" | "reload" | "answers" | "stop"> {}

/** See `Service` for what rejects; a page that cannot be served is a line in the log and an answer to `clockleaf-edge page`. */
export function createHostedService(
  options: Pick<ServiceOptions, "file" | "log" | "onFailed">,
): HostedService {
  const { log } = options;
  const visits = createVisits();
  const service: Service = createService({
    ...options,
    orders: {
      page: () => Promise.resolve({ url: page.loginUrl() }),
      reload() {
        // Answered first: the socket that carries the answer is closed by what was asked for.
        setImmediate(() => {
          hosted
            .reload("config reload")
            .catch((err: unknown) => log.error({ err }, "reload failed"));
        });
        return Promise.resolve(null);
      },
    },
  });
  const hosted: HostedService = {
    async begin() {
      await service.begin();
      await page.follow();
    },
    async reload(reason) {
      await service.reload(reason);
      await page.follow();
    },
    answers: () => service.answers(),
    async stop(reason) {
      await page.close();
      await service.stop(reason);
    },
  };
  const page = createPagePlace({
    service,
    visits,
    log,
    deps: pageDeps(service, { ...options, reload: (reason) => hosted.reload(reason) }),
  });
  return hosted;
}

interface PagePlace {
  /** Serves the page where the configuration now says. Never rejects. */
  follow(): Promise<void>;
  /** Throws `port.unavailable` and why there is no page. */
  loginUrl(): string;
  close(): Promise<void>;
}

interface PagePlaceOptions {
  readonly service: Service;
  readonly visits: Visits;
  readonly log: Log;
  readonly deps: PageDeps;
}

function createPagePlace({ service, visits, log, deps }: PagePlaceOptions): PagePlace {
  let served: { readonly server: PageServer; readonly port: number } | undefined;
  let whyNot = "the agent is still starting";
  return {
    async follow() {
      const wanted = service.page();
      if (served !== undefined && wanted !== "off" && wanted.port === served.port) return;
      // Not waited for: it may be a request of this very page that moves it.
      void served?.server.close();
      served = undefined;
      if (wanted === "off") {
        whyNot = "the configuration says page: off";
        return;
      }
      try {
        const server = await openPage(deps, { port: wanted.port, visits });
        served = { server, port: wanted.port };
        log.info(
          { url: server.url },
          "page served; clockleaf-edge page prints a link that logs in",
        );
      } catch (error) {
        whyNot = error instanceof Error ? error.message : String(error);
        log.warn({ err: error }, "no page");
      }
    },
    loginUrl() {
      if (served === undefined) {
        throw new PlatformError("port.unavailable", `there is no page: ${whyNot}`);
      }
      return `${served.server.url}/login#token=${visits.issueLogin()}`;
    },
    close: () => served?.server.close() ?? Promise.resolve(),
  };
}

function pageDeps(
  service: Service,
  { file, log, reload }: Pick<ServiceOptions, "file" | "log"> & Pick<PageDeps, "reload">,
): PageDeps {
  let schema: JsonSchema | undefined;
  return {
    file,
    status: () => service.status(),
    async backlog() {
      const config = service.config();
      return config === undefined ? undefined : readBacklog(config);
    },
    follow: (listener) =>
      service.follow((accepted) =>
        listener(tapView(accepted, service.config()?.cardFormats ?? [])),
      ),
    async scan() {
      const [{ scan }, { foundBy }] = await Promise.all([
        import("./discovery/scan.ts"),
        import("./page/found.ts"),
      ]);
      return foundBy(await scan());
    },
    drivers: Object.values(drivers).map((driver) => ({
      name: driver.name,
      summary: driver.summary,
      hasPort: !("serve" in driver),
    })),
    schema: () => (schema ??= jsonSchemaOf()),
    check: (text) => void parseEdgeConfig(text, file),
    reload,
    log,
  };
}

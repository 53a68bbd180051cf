import { createApiKey } from "../../cloud/api/auth.ts";
import { createApiClient } from "../demo/api-client.ts";
import { type CloudProcess, startCloudProcess, writeCloudConfig } from "../support/cloud.ts";
import { applyTestTopology } from "../support/cloud-hub.ts";
import { eventually } from "../support/eventually.ts";
import { startHub } from "../support/nats.ts";
import { officeConfig } from "../support/office.ts";

export interface CompanyApi extends AsyncDisposable {
  readonly url: string;
  /** An admin's. */
  readonly key: string;
  /** Of p1, to whom everybody else reports. */
  readonly managerKey: string;
  readonly dir: string;
  readonly cloud: CloudProcess;
}

const PEOPLE = 5;
const MANY = 10_000;

/** A cloud process on a hub of its own, with a few people in it. */
export async function startCompanyApi(): Promise<CompanyApi> {
  const site = await startHub();
  let cloud: CloudProcess | undefined;
  const stop = async (): Promise<void> => {
    await cloud?.stop();
    await site.stop();
  };
  try {
    await applyTestTopology(site);
    const manager = createApiKey("manager", ["write"]);
    const config = writeCloudConfig({
      dir: site.dir,
      servers: [site.hub.url],
      seedFile: site.deployment.seedFile("cloud-all"),
      keys: [{ ...manager.entry, employeeId: "p1" }],
      more: {
        ...officeConfig({ zone: "Europe/Berlin", anchorOn: "2026-01-05", smtpPort: 1 }),
        http: { port: 0, grpc: { port: 0 } },
        // A fuzzer fails to sign in all the time, and means each answer to be about its own request.
        identity: { failedLogins: { perAddress: MANY, perAccount: MANY, windowSeconds: 60 } },
      },
    });
    cloud = await startCloudProcess(config);
    const started = cloud;
    await eventually(async () => (await started.call("GET", "/readyz")).status === 200, {
      what: "the cloud to be ready",
      timeoutMs: 60_000,
    });
    const url = `http://127.0.0.1:${cloud.port}`;
    await enterPeople(url, config.key);
    const [key, managerKey] = [config.key, manager.key];
    return { url, key, managerKey, dir: site.dir, cloud, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function enterPeople(url: string, key: string): Promise<void> {
  const api = createApiClient(url, key);
  for (let number = 1; number <= PEOPLE; number += 1) {
    const person = {
      employeeId: `p${number}`,
      firstName: "Person",
      lastName: `Number ${number}`,
      email: `p${number}@acme.example`,
      departmentId: "press",
      managerId: number === 1 ? null : "p1",
      jobTitle: "Operator",
      startDate: "2026-01-01",
      employmentType: "full-time",
      siteIds: ["plant-1"],
    };
    // Ready is what the process was a moment ago; on a busy machine the keys' bucket may not answer at once.
    await eventually(() => api.send("POST", "/employees", person).then(() => true));
  }
}

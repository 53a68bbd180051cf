import { existsSync, rmSync, writeFileSync } from "node:fs";
import { allOnPath, runs } from "./shell.mjs";

/** Whether packages can be installed without asking anybody: root on Debian or its kin. */
export function mayInstall(env = process.env) {
  return process.getuid?.() === 0 && allOnPath("apt-get", env.PATH).length > 0;
}

/**
 * Installs Debian packages; true if all are there afterwards. Servers among them are not started, not now and not at the
 * next boot (`services`): tests start their own, on free ports, with folders of their own.
 */
export function installDebian({ names, services = [], env = process.env, policy = POLICY }) {
  return withoutServices(policy, () => {
    const installed = aptInstall(names, env);
    // Only systemd enables what it was kept from starting.
    if (installed && services.length > 0 && existsSync("/run/systemd/system")) {
      runs("systemctl", ["disable", "--quiet", ...services], { env });
    }
    return installed;
  });
}

function aptInstall(names, env) {
  const quick = [
    "-qq",
    "-o",
    "Acquire::Retries=0",
    "-o",
    "Acquire::http::Timeout=10",
    "-o",
    "Dpkg::Use-Pty=0",
  ];
  const options = { env: { ...env, DEBIAN_FRONTEND: "noninteractive" }, timeout: 300_000 };
  const apt = (...args) => runs("apt-get", [...quick, ...args], options);
  const wanted = ["install", "-y", "--no-install-recommends", ...names];
  return apt(...wanted) || (apt("update") && apt(...wanted));
}

/** What a package asks before it starts its service (Debian Policy 9.3.3.1); 101 is "no". */
const POLICY = "/usr/sbin/policy-rc.d";

/** Runs `work` while no package may start a service. Whoever has a policy of their own keeps it. */
function withoutServices(policy, work) {
  if (existsSync(policy)) return work();
  writeFileSync(policy, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  try {
    return work();
  } finally {
    rmSync(policy, { force: true });
  }
}

import { ensurePython } from "./python-venv.ts";

/** The foreign OSDP implementation for interoperability tests: a Python that can `import osdp, serial`. */
export const ensureLibosdp = (): ReturnType<typeof ensurePython> =>
  ensurePython("libosdp", ["libosdp==3.2.9", "pyserial==3.5"]);

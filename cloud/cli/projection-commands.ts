import { createLog } from "@clockleaf/shared/lib/log.ts";
import type { StoredPlace } from "../eventing/read-model-place.ts";
import { checkAllProjections } from "../projections.ts";
import { openPlace } from "../read-models.ts";
import { configOf, Usage, type Values } from "./arguments.ts";
import { withHub } from "./hub.ts";
import { checkTable, listProjections, rebuildProjections } from "./projections.ts";
import { complain, EXIT, printText } from "./terminal.ts";

export async function list(values: Values): Promise<number> {
  return await withPlace(values, async (place) =>
    printText(await listProjections(place, values.json === true)),
  );
}

export async function rebuild(values: Values, names: readonly string[]): Promise<number> {
  if (values.all === true ? names.length > 0 : names.length === 0) {
    throw new Usage("projections rebuild needs names, or --all");
  }
  return await withPlace(values, async (place) => {
    const { stderr } = process;
    if (await rebuildProjections({ place, names, stderr })) return EXIT.ok;
    complain("no working process builds them; they are built at its next start");
    return EXIT.failed;
  });
}

export async function check(values: Values): Promise<number> {
  const config = configOf(values);
  return await withHub(config, "clockleaf-projections", async (nc, log) => {
    const checked = await checkAllProjections({ config, nc, log, nowMs: Date.now });
    printText(
      values.json === true ? `${JSON.stringify(checked)}\n` : checkTable(checked.projections),
    );
    return checked.ok ? EXIT.ok : EXIT.failed;
  });
}

async function withPlace(
  values: Values,
  work: (place: StoredPlace) => Promise<number>,
): Promise<number> {
  const config = configOf(values);
  const log = createLog({ room: "cloud", level: config.logLevel });
  const opened = openPlace(config, { dir: config.dataDir, isApplied: false, log });
  try {
    return await work(opened.place);
  } finally {
    await opened.close();
  }
}

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkProjections } from "./cli/projections.ts";
import { heldNowhere } from "./eventing/leases.ts";
import { type ContextSources, openContexts } from "./parts.ts";
import { openPlace } from "./read-models.ts";

type Checked = Awaited<ReturnType<typeof checkProjections>>;

/**
 * Compares the rows of every context with rows built again from the streams. The contexts are asked what they keep, by
 * starting them with nothing to do and no rows: whoever has a projection is found. A running cloud is not disturbed.
 */
export async function checkAllProjections(sources: ContextSources): Promise<Checked> {
  const scratch = mkdtempSync(join(tmpdir(), "clockleaf-check-"));
  const steps: Array<() => Promise<void> | void> = [];
  const onClose = (step: () => Promise<void> | void): void => void steps.push(step);
  onClose(() => rmSync(scratch, { recursive: true, force: true }));
  try {
    const { config, log } = sources;
    const opened = openPlace(config, { dir: config.dataDir, isApplied: false, log });
    onClose(() => opened.close());
    const dir = join(scratch, "contexts");
    const { running } = await openContexts(
      { ...sources, config: { ...config, dataDir: dir } },
      { dataDir: { kind: "none", dir }, isWorking: false, leases: heldNowhere() },
      onClose,
    );
    const runners = running.flatMap(({ projections }) => projections);
    return await checkProjections({
      place: opened.place,
      runners,
      scratchDir: join(scratch, "rows"),
    });
  } finally {
    for (const step of steps.toReversed()) await step();
  }
}

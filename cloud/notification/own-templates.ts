import { readdirSync } from "node:fs";
import { join } from "node:path";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { loadYamlConfig } from "@clockleaf/shared/lib/yaml-config.ts";
import { z } from "zod";
import { type Kind, kindOf } from "./kinds.ts";
import { createRenderer, sampleValues, type Template } from "./render.ts";

const templateSchema = z.strictObject({
  subject: z.string().min(1).max(300),
  text: z.string().min(1).max(20_000),
  html: z.string().min(1).max(100_000).optional(),
});

const NAME = /^([a-z-]+)\.([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)\.yaml$/;

/**
 * Reads templates of one's own, `NAME.LOCALE.yaml` each. A name that is not a template's, or a value it never has, is an
 * error at the start and not when somebody is to be told.
 */
export function readOwnTemplates(dir: string | undefined): ReadonlyMap<string, Template> {
  const found = new Map<string, Template>();
  if (dir === undefined) return found;
  for (const file of readdirSync(dir).toSorted()) {
    if (!file.endsWith(".yaml")) continue;
    const [, name = "", locale = ""] = NAME.exec(file) ?? [];
    const kind = kindOf(name);
    if (kind === undefined) throw invalid(dir, file, "no template has this name");
    found.set(`${name}.${locale}`, loadYamlConfig(join(dir, file), templateSchema));
    check(found, { kind, locale, dir, file });
  }
  return found;
}

function check(
  templates: ReadonlyMap<string, Template>,
  { kind, locale, dir, file }: { kind: Kind; locale: string; dir: string; file: string },
): void {
  try {
    createRenderer(templates, locale).render(kind, locale, sampleValues(kind));
  } catch (error) {
    throw invalid(dir, file, error instanceof Error ? error.message : "it cannot be filled in");
  }
}

function invalid(dir: string, file: string, why: string): PlatformError {
  return new PlatformError("config.invalid", `${join(dir, file)}: ${why}`);
}

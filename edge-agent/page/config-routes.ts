import { hasCode, PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { ConfigProblem } from "@clockleaf/shared/lib/yaml-config.ts";
import type { Context, Hono } from "hono";
import { html } from "hono/html";
import { z } from "zod";
import { bodyOf } from "./body.ts";
import { type ConfigFile, readConfigFile, saveConfigFile } from "./config-file.ts";
import { configView, diffView, goneView, type Look, problemList } from "./config-view.ts";
import type { PageDeps } from "./deps.ts";
import { diffOf } from "./diff.ts";
import { edited, editSchema, problemsOf, valueOf } from "./edit.ts";
import { configForm } from "./form.ts";
import { type PageEnv, refuse } from "./guard.ts";
import { show } from "./layout.ts";

/** As much as is read of a file. */
const MAX_BYTES = 1024 * 1024;
const text = z
  .string()
  .refine((written) => Buffer.byteLength(written) <= MAX_BYTES, `at most ${MAX_BYTES} bytes`);
const lookSchema = z.strictObject({ text });
const changeSchema = z.strictObject({ text, edit: editSchema });

/** Reading, changing and saving the configuration: the text is the truth, the form a view of it. */
export function mountConfig(app: Hono<PageEnv>, deps: PageDeps): void {
  const { file } = deps;
  app.get("/config", (c) => {
    const current = readOrWhyNot(file);
    if (typeof current === "string") {
      return show(c, deps.status(), { title: "Configuration", body: goneView(current) });
    }
    const body = configView(file, current, lookAt(deps, current.text, current.text));
    return show(c, deps.status(), { title: "Configuration", script: "config.js", body });
  });
  app.get("/config/schema.json", (c) => c.json(deps.schema()));
  app.get("/config/file", (c) => c.json(readConfigFile(file)));
  app.post("/config/look", async (c) => {
    const { text: wanted } = await bodyOf(c, lookSchema);
    return c.json({ text: wanted, ...lookAt(deps, readConfigFile(file).text, wanted) });
  });
  app.post("/config/edit", async (c) => {
    const { text: before, edit } = await bodyOf(c, changeSchema);
    const wanted = edited(before, edit, deps.schema());
    return c.json({ text: wanted, ...lookAt(deps, readConfigFile(file).text, wanted) });
  });
  app.put("/config/file", async (c) => save(c, deps));
  app.post("/config/reload", async (c) => {
    await deps.reload("asked for on the page");
    return c.json(outcome(deps, "The file was read again"));
  });
}

/** Why it cannot be read, for people. */
function readOrWhyNot(file: string): ConfigFile | string {
  try {
    return readConfigFile(file);
  } catch (error) {
    if (hasCode(error, "config.unreadable")) return error.message;
    throw error;
  }
}

async function save(c: Context<PageEnv>, deps: PageDeps): Promise<Response> {
  const etag = c.req.header("if-match");
  if (etag === undefined) {
    const message = "say by If-Match which text this replaces";
    return refuse(c, 412, { code: "api.precondition-required", message });
  }
  const { text: wanted } = await bodyOf(c, lookSchema);
  deps.check(wanted);
  const kept = saveConfigFile(deps.file, wanted, etag.replaceAll('"', ""));
  deps.log.info({ file: deps.file, kept }, "configuration saved on the page");
  await deps.reload("saved on the page");
  return c.json({
    ...outcome(deps, `Saved; the file of before is ${kept}`),
    etag: readConfigFile(deps.file).etag,
  });
}

/** What the agent runs with now: a file that is right may still be one it cannot start with. */
function outcome(deps: PageDeps, done: string): { message: string; runsWith: string } {
  const { configuration } = deps.status();
  const message =
    configuration.problem === null
      ? `${done}, and the agent runs with it.`
      : `${done}, but the agent is in safe mode: ${configuration.problem}`;
  return { message, runsWith: configuration.runsWith };
}

function lookAt(deps: PageDeps, now: string, wanted: string): Look {
  const problems = problemsIn(deps, wanted);
  const value = valueOf(wanted);
  const diff = diffOf(now, wanted);
  return {
    form:
      value === undefined
        ? html`<p class="empty">The YAML cannot be read as it is: correct it there first.</p>`
        : configForm(deps.schema(), value, problems),
    problems: problemList(problems),
    diff: diffView(diff),
    isGood: problems.length === 0,
    isChanged: diff.length > 0,
  };
}

function problemsIn(deps: PageDeps, wanted: string): readonly ConfigProblem[] {
  try {
    deps.check(wanted);
    return [];
  } catch (error) {
    if (error instanceof PlatformError) return problemsOf(error);
    throw error;
  }
}

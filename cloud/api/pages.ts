import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Context } from "hono";
import { html } from "hono/html";
import { asyncApiDocument } from "./asyncapi/document.ts";
import { openApiDocument } from "./openapi.ts";
import { ERROR_PROBLEMS } from "./problem-catalogue.ts";
import { REFUSAL_PROBLEMS } from "./refusal-catalogue.ts";
import type { ApiRouter } from "./router.ts";
import { mountFiles } from "./static-files.ts";

const require = createRequire(import.meta.url);
const swaggerFolder = dirname(require.resolve("swagger-ui-dist/package.json"));
const dashboardFolder = join(import.meta.dirname, "..", "dashboard");

/** The live page, the reference and the problem pages: static, self-contained, open to all. */
export function mountPages(app: ApiRouter): void {
  mountFiles(app, dashboardFolder, {
    "/": "index.html",
    "/dashboard/style.css": "style.css",
    "/dashboard/app.js": "app.js",
    "/dashboard/api.js": "api.js",
    "/dashboard/view.js": "view.js",
    "/dashboard/icon.svg": "icon.svg",
    "/reference": "reference.html",
    "/reference/init.js": "reference.js",
  });
  mountFiles(app, swaggerFolder, {
    "/reference/swagger-ui.css": "swagger-ui.css",
    "/reference/swagger-ui-bundle.js": "swagger-ui-bundle.js",
  });
  mountProblemPages(app);
  mountDocument(app, "/openapi.json", () => openApiDocument(app));
  mountDocument(app, "/asyncapi.json", asyncApiDocument);
}

/** Made at the first request, when every route is registered, and the same from then on. */
function mountDocument(app: ApiRouter, path: string, make: () => object): void {
  let document: string | undefined;
  app.get(path, (c) => {
    document ??= JSON.stringify(make());
    return c.body(document, 200, { "content-type": "application/json" });
  });
}

/** `/problems/<code>`: where the `type` of every problem leads. */
function mountProblemPages(app: ApiRouter): void {
  const kinds = new Map<string, { status: number; title: string; advice: string }>([
    ...Object.entries(ERROR_PROBLEMS),
    ...Object.entries(REFUSAL_PROBLEMS),
  ]);
  app.get("/problems", (c) =>
    page(
      c,
      "Problems",
      html`<ul>
        ${[...kinds].map(([code, { title }]) => html`<li><a href="/problems/${code}"><code>${code}</code></a> ${title}</li>`)}
      </ul>`,
    ),
  );
  for (const [code, { status, title, advice }] of kinds) {
    app.get(`/problems/${code}`, (c) =>
      page(
        c,
        title,
        html`<p>Code <code>${code}</code>, HTTP status ${status}.</p>
          <p>${advice}</p>
          <p><a href="/problems">All problems</a></p>`,
      ),
    );
  }
}

function page(
  c: Context,
  title: string,
  body: ReturnType<typeof html>,
): Response | Promise<Response> {
  return c.html(html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Clockleaf</title><link rel="stylesheet" href="/dashboard/style.css"></head>
<body class="page"><main><h1>${title}</h1>${body}</main></body>
</html>`);
}

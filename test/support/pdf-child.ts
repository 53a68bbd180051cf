import { createHash } from "node:crypto";
import { renderPdf } from "../../cloud/render/pdf.ts";
import { SAMPLE } from "./pdf-sample.ts";

process.stdout.write(
  createHash("sha256")
    .update(await renderPdf(SAMPLE))
    .digest("hex"),
);

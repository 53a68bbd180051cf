import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { PERMISSIONS, ROLE_GRANTS, ROLES } from "./permissions.ts";

const README = join(import.meta.dirname, "README.md");
const HOW = "IDENTITY_README=write make test ARGS=cloud/identity/readme";

const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

function table(): string {
  return [
    row(["permission", ...ROLES]),
    row(["---", ...ROLES.map(() => "---")]),
    ...PERMISSIONS.map((permission) =>
      row([`\`${permission}\``, ...ROLES.map((role) => ROLE_GRANTS[role][permission] ?? "")]),
    ),
  ].join("\n");
}

it("shows every role and permission as they are", () => {
  const text = readFileSync(README, "utf8");
  const wanted = text.replace(
    /<!-- roles -->[^]*<!-- \/roles -->/u,
    `<!-- roles -->\n${table()}\n<!-- /roles -->`,
  );
  if (process.env["IDENTITY_README"] === "write") writeFileSync(README, wanted);
  else expect(text, `the table is not as it is in permissions.ts: ${HOW}`).toBe(wanted);
});

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tempDir } from "../../test/support/temp.ts";
import { KIND, KINDS } from "./kinds.ts";
import { readOwnTemplates } from "./own-templates.ts";
import { BUILT_IN_LOCALES, createRenderer, sampleValues } from "./render.ts";
import { de } from "./templates/de.ts";
import { en } from "./templates/en.ts";

const renderer = createRenderer(new Map(), "en");

describe.each(BUILT_IN_LOCALES)("templates in %s", (locale) => {
  it.each(KINDS)("%s is filled in, and no value is taken for markup", (kind) => {
    const evil = `<b title="x">'&' {{link}}\r\nBcc: eve@example.org`;
    const values = { ...sampleValues(kind) };
    for (const name of Object.keys(KIND[kind].sample)) values[name] = evil;
    for (const filled of [sampleValues(kind), { ...values, firstName: evil, about: evil }]) {
      const { subject, text, html } = renderer.render(kind, locale, filled);
      expect(subject).not.toBe("");
      expect(subject).not.toMatch(/[\r\n]/);
      expect(text.length).toBeGreaterThan(20);
      expect(html).not.toContain("<b ");
      expect(html).not.toContain(`'&'`);
    }
    expect(renderer.render(kind, locale, sampleValues(kind)).text).not.toContain("{{");
  });

  it("say nothing about amounts", () => {
    for (const { subject, text } of Object.values({ ...en.templates, ...de.templates })) {
      expect(subject + text).not.toMatch(/minor|amount\}|net|gross/i);
    }
  });
});

describe("a message", () => {
  const date = { ...sampleValues("welcome"), startOn: "2026-12-01" };

  it("is in the nearest language there is, with dates as there", () => {
    expect(renderer.render("welcome", "de-AT", date).text).toContain("1. Dezember 2026");
    expect(renderer.render("welcome", "fr", date).text).toContain("December 1, 2026");
    const german = createRenderer(new Map(), "de");
    expect(german.render("welcome", "fr", date).subject).toBe("Willkommen, Ada");
  });

  it("without a value its template names is an error and not a gap", () => {
    expect(() => renderer.render("welcome", "en", {})).toThrow('no value "firstName"');
    expect(() => renderer.render("nonsense", "en", {})).toThrow('no template "nonsense"');
  });
});

describe("templates of one's own", () => {
  it("go before the built-in ones, in languages of their own too, and their HTML escapes values", () => {
    using dir = tempDir("templates");
    writeFileSync(
      join(dir.path, "welcome.fr.yaml"),
      "subject: Salut {{firstName}}\ntext: Bonjour\n",
    );
    writeFileSync(
      join(dir.path, "welcome.en.yaml"),
      "subject: Hi\ntext: Hi\nhtml: <h1>Hi {{firstName}}</h1>\n",
    );
    writeFileSync(join(dir.path, "README.md"), "not a template");
    mkdirSync(join(dir.path, "old"));
    const own = createRenderer(readOwnTemplates(dir.path), "en");
    const values = { ...sampleValues("welcome"), firstName: "<Ada>" };
    expect(own.render("welcome", "fr-CH", values).subject).toBe("Salut <Ada>");
    expect(own.render("welcome", "en", values).html).toBe("<h1>Hi &lt;Ada&gt;</h1>");
    expect(own.render("welcome", "de", values).subject).toBe("Willkommen, <Ada>");
  });

  it.each([
    ["welkome.en.yaml", "subject: x\ntext: x\n", "no template has this name"],
    ["welcome.en.yaml", "subject: x\ntext: '{{salary}}'\n", 'no value "salary"'],
    ["welcome.en.yaml", "subject: x\n", "text"],
  ])("%s with a mistake stops the start", (file, text, message) => {
    using dir = tempDir("templates");
    writeFileSync(join(dir.path, file), text);
    expect(() => readOwnTemplates(dir.path)).toThrow(message);
  });
});

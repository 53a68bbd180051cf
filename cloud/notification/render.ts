import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { KIND, type Kind, kindOf } from "./kinds.ts";
import { de } from "./templates/de.ts";
import { en } from "./templates/en.ts";

export interface Template {
  readonly subject: string;
  readonly text: string;
  /** Left out: made from the text. Values are escaped either way. */
  readonly html?: string | undefined;
}

export interface Language {
  /** What `|word` makes of values that are words of ours. */
  readonly words: Readonly<Record<string, string>>;
  readonly templates: Readonly<Record<Kind, Template>>;
}

/** A message as people read it. */
export interface Rendered {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

const LANGUAGES: Readonly<Record<string, Language>> = { en, de };
export const BUILT_IN_LOCALES = Object.keys(LANGUAGES);

export interface Renderer {
  /** Throws `notification.undeliverable` for a template that does not exist or names a value that is not there. */
  render(template: string, locale: string, values: Readonly<Record<string, string>>): Rendered;
}

/** `own` has templates of one's own by `NAME.LOCALE`; they go before the built-in ones. */
export function createRenderer(
  own: ReadonlyMap<string, Template>,
  defaultLocale: string,
): Renderer {
  return {
    render(name, locale, values) {
      const kind = kindOf(name);
      if (kind === undefined) throw undeliverable(`there is no template "${name}"`);
      for (const candidate of [...widening(locale), ...widening(defaultLocale), "en"]) {
        const language = LANGUAGES[candidate] ?? en;
        const found = own.get(`${kind}.${candidate}`) ?? LANGUAGES[candidate]?.templates[kind];
        if (found !== undefined) return fill(found, { values, locale: candidate, language, name });
      }
      throw undeliverable(`there is no template "${name}"`);
    },
  };
}

/** `de-AT-1996` → itself, `de-AT`, `de`. */
function widening(locale: string): string[] {
  const parts = locale.split("-");
  return parts.map((_, index) => parts.slice(0, parts.length - index).join("-"));
}

interface Filling {
  readonly values: Readonly<Record<string, string>>;
  readonly locale: string;
  readonly language: Language;
  readonly name: string;
}

function fill(template: Template, filling: Filling): Rendered {
  const subject = oneLine(interpolate(template.subject, filling, plain));
  const text = tidy(interpolate(template.text, filling, plain));
  const html =
    template.html === undefined ? htmlOf(text) : interpolate(template.html, filling, escapeHtml);
  return { subject, text, html };
}

const PLACE = /\{\{\s*([A-Za-z]+)\s*(?:\|\s*(date|word)\s*)?\}\}/g;

function interpolate(
  text: string,
  { values, locale, language, name }: Filling,
  escape: (value: string) => string,
): string {
  return text.replaceAll(PLACE, (_all, key: string, filter: string | undefined) => {
    const value = values[key];
    if (value === undefined) throw undeliverable(`template "${name}" has no value "${key}"`);
    if (filter === "date") return escape(dateIn(locale, value));
    return escape(filter === "word" ? (language.words[value] ?? value) : value);
  });
}

/** A civil date in words; anything else stays as it is. */
function dateIn(locale: string, value: string): string {
  if (!/^\d{4}-\d\d-\d\d$/.test(value)) return value;
  const format = new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone: "UTC" });
  return format.format(new Date(`${value}T00:00:00Z`));
}

const plain = (value: string): string => value;

/** No value may begin a header of its own. */
const oneLine = (text: string): string => text.replaceAll(/\s+/g, " ").trim();

/** Values may be empty: what they leave behind is closed. */
const tidy = (text: string): string => `${text.replaceAll(/\n{3,}/g, "\n\n").trim()}\n`;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
export const escapeHtml = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);

function htmlOf(text: string): string {
  const paragraphs = text
    .trim()
    .split("\n\n")
    .map((paragraph) => `<p>${escapeHtml(paragraph).replaceAll("\n", "<br>")}</p>`);
  return `<!doctype html><html><body>${paragraphs.join("")}</body></html>`;
}

function undeliverable(message: string): PlatformError {
  return new PlatformError("notification.undeliverable", message);
}

/** What a message can say besides its own values: filled in when it is sent. */
const SAMPLE_PERSON = {
  firstName: "Ada",
  startOn: "2026-12-01",
  about: "Grace Example",
  link: "https://time.example.org",
};

/** Values to look at a template with. */
export function sampleValues(kind: Kind): Readonly<Record<string, string>> {
  return { ...SAMPLE_PERSON, ...KIND[kind].sample };
}

import { asJson, type Direction, type Json, resolved, schemaBreaks } from "./schema-breaks.ts";

/**
 * What of a released OpenAPI document a caller would miss in the one after; sorted, one sentence each, empty if every
 * program written for the one before works on. Sentences are stable: `accepted-breaks.json` names breaks by them.
 */
export function breaksBetween(before: Json, after: Json): string[] {
  const judge: Judge = {
    documents: { before, after },
    seen: { request: new Set(), response: new Set() },
  };
  const [was, is] = [operationsOf(before), operationsOf(after)];
  const found = [...was].flatMap(([name, old]) => {
    const anew = is.get(name);
    if (anew === undefined) return [`${name}: was removed`];
    return operationBreaks(judge, old, anew).map((what) => `${name}: ${what}`);
  });
  return [...new Set(found.map(byComponent))].toSorted();
}

interface Judge {
  readonly documents: { readonly before: Json; readonly after: Json };
  readonly seen: Readonly<Record<Direction, Set<string>>>;
}

const METHODS = ["get", "put", "post", "patch", "delete"] as const;

function operationsOf(document: Json): Map<string, Json> {
  return new Map(
    Object.entries(asJson(document["paths"])).flatMap(([path, item]) =>
      METHODS.filter((method) => method in asJson(item)).map(
        (method) => [`${method.toUpperCase()} ${path}`, asJson(asJson(item)[method])] as const,
      ),
    ),
  );
}

const COMPONENT = /^(?:GET|PUT|POST|PATCH|DELETE) \S+: (in (?:request|response)s: )(?=[A-Z])/u;

/** What is wrong with a component is said once, not for each operation that uses it. */
const byComponent = (text: string): string => text.replace(COMPONENT, "$1");

function operationBreaks(judge: Judge, was: Json, is: Json): string[] {
  const isRenamed = was["operationId"] !== is["operationId"];
  const names = `${String(was["operationId"])} to ${String(is["operationId"])}`;
  return [
    ...(isRenamed ? [`operationId changed from ${names}`] : []),
    ...parameterBreaks(judge, was, is),
    ...bodyBreaks(judge, was, is),
    ...responseBreaks(judge, was, is),
    ...securityBreaks(judge, was, is),
  ];
}

function parametersOf(document: Json, operation: Json): Map<string, Json> {
  const { parameters } = operation;
  const all = (Array.isArray(parameters) ? parameters : []).map((each) => resolved(document, each));
  return new Map(
    // Names of headers are the same in any case.
    all.map((each) => [`${String(each["in"])} ${String(each["name"]).toLowerCase()}`, each]),
  );
}

const isDue = (each: Json | undefined): boolean => each?.["required"] === true;

function parameterBreaks(judge: Judge, was: Json, is: Json): string[] {
  const olds = parametersOf(judge.documents.before, was);
  const news = parametersOf(judge.documents.after, is);
  return [
    ...[...olds.keys()].filter((name) => !news.has(name)).map((name) => `${name} was removed`),
    ...[...news]
      .filter(([name, each]) => isDue(each) && !isDue(olds.get(name)))
      .map(([name]) => `${name} is required now`),
    ...[...olds].flatMap(([name, old]) => {
      const anew = news.get(name);
      if (anew === undefined) return [];
      const schemas = { before: old["schema"], after: anew["schema"] };
      return valueBreaks(judge, { ...schemas, direction: "request", at: name });
    }),
  ];
}

function bodyBreaks(judge: Judge, was: Json, is: Json): string[] {
  const old = resolved(judge.documents.before, was["requestBody"]);
  const anew = resolved(judge.documents.after, is["requestBody"]);
  return [
    ...(isDue(anew) && !isDue(old) ? ["a body is required now"] : []),
    ...contentBreaks(judge, { before: old, after: anew, direction: "request", at: "body" }),
  ];
}

const isSuccess = (status: string): boolean => /^[23]/u.test(status);

/** Failures are problems, and told by their code: which of them an operation may have is no promise. */
function responseBreaks(judge: Judge, was: Json, is: Json): string[] {
  const [olds, news] = [asJson(was["responses"]), asJson(is["responses"])];
  return Object.keys(olds)
    .filter(isSuccess)
    .flatMap((status) => {
      if (!(status in news)) return [`is no longer answered with ${status}`];
      const before = resolved(judge.documents.before, olds[status]);
      const after = resolved(judge.documents.after, news[status]);
      const bodies = { before, after, direction: "response", at: status } as const;
      return headerBreaks(before, after, status).concat(contentBreaks(judge, bodies));
    });
}

function headerBreaks(before: Json, after: Json, status: string): string[] {
  const has = asJson(after["headers"]);
  return Object.keys(asJson(before["headers"]))
    .filter((name) => !(name in has))
    .map((name) => `${status} lacks the header ${name}`);
}

interface Compared<T> {
  readonly before: T;
  readonly after: T;
  readonly direction: Direction;
  readonly at: string;
}

function contentBreaks(judge: Judge, { before, after, direction, at }: Compared<Json>): string[] {
  const [was, is] = [asJson(before["content"]), asJson(after["content"])];
  return Object.keys(was).flatMap((type) => {
    if (!(type in is)) return [`${at} is no longer ${type}`];
    const schemas = { before: asJson(was[type])["schema"], after: asJson(is[type])["schema"] };
    return valueBreaks(judge, { ...schemas, direction, at });
  });
}

function valueBreaks(judge: Judge, { before, after, direction, at }: Compared<unknown>): string[] {
  const comparison = { direction, documents: judge.documents, seen: judge.seen[direction] };
  const pair = { before: asJson(before), after: asJson(after), at };
  return schemaBreaks(comparison, pair).map((what) => `in ${direction}s: ${what}`);
}

/** Whoever was let in must be let in still: some requirement of now asks no more than one of then. */
function securityBreaks({ documents }: Judge, was: Json, is: Json): string[] {
  const [olds, news] = [needsOf(was, documents.before), needsOf(is, documents.after)];
  const isLocked = olds.some((old) => !news.some((anew) => asksNoMore(anew, old)));
  return isLocked ? [`needs more rights now: ${JSON.stringify(news)}`] : [];
}

/** Each is enough; one that is empty is met by everybody. */
function needsOf(operation: Json, document: Json): Json[] {
  const given = operation["security"] ?? document["security"];
  return Array.isArray(given) && given.length > 0 ? given.map(asJson) : [{}];
}

const asksNoMore = (anew: Json, old: Json): boolean =>
  Object.entries(anew).every(([scheme, scopes]) => {
    const held = old[scheme];
    const wanted = Array.isArray(scopes) ? scopes : [];
    return Array.isArray(held) && wanted.every((scope) => held.includes(scope));
  });

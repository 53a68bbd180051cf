/** One media range of an `Accept` header (RFC 9110, 12.5.1). */
interface Range {
  readonly type: string;
  readonly subtype: string;
  readonly quality: number;
}

/** The offer that a caller likes best, the first one where several are as good; undefined = none is acceptable. */
export function preferred<T extends string>(accept: string, offers: readonly T[]): T | undefined {
  const ranges = accept.split(",").flatMap(rangeIn);
  let best: { readonly offer: T; readonly quality: number } | undefined;
  for (const offer of offers) {
    const quality = qualityOf(offer, ranges);
    if (quality > (best?.quality ?? 0)) best = { offer, quality };
  }
  return best?.offer;
}

function rangeIn(text: string): Range[] {
  const [range = "", ...parameters] = text.split(";").map((part) => part.trim().toLowerCase());
  const [type = "", subtype = ""] = range.split("/");
  if (type === "" || subtype === "") return [];
  const q = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2);
  const quality = q === undefined ? 1 : Number(q);
  return [{ type, subtype, quality: quality >= 0 && quality <= 1 ? quality : 0 }];
}

/** The most exact range that fits decides. */
function qualityOf(offer: string, ranges: readonly Range[]): number {
  const [type, subtype] = offer.split("/");
  let exactness = -1;
  let quality = 0;
  for (const range of ranges) {
    const isType = range.type === type;
    const fits = (isType && [subtype, "*"].includes(range.subtype)) || isAny(range);
    const exact = Number(isType) + Number(isType && range.subtype === subtype);
    if (!fits || exact < exactness) continue;
    quality = exact === exactness ? Math.max(quality, range.quality) : range.quality;
    exactness = exact;
  }
  return quality;
}

const isAny = ({ type, subtype }: Range): boolean => type === "*" && subtype === "*";

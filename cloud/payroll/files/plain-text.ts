/** Letters that lose no mark when they are decomposed, and scripts of the EPC's conversion table (EPC217-08, abridged). */
const LATIN: Readonly<Record<string, string>> = {
  ß: "ss",
  ẞ: "SS",
  Æ: "AE",
  æ: "ae",
  Œ: "OE",
  œ: "oe",
  Ø: "O",
  ø: "o",
  Ł: "L",
  ł: "l",
  Đ: "D",
  đ: "d",
  Ð: "D",
  ð: "d",
  Þ: "TH",
  þ: "th",
  ı: "i",
  Ħ: "H",
  ħ: "h",
};

const CYRILLIC = pairs(
  "а a б b в v г g д d е e ж zh з z и i й y к k л l м m н n о o п p р r с s т t у u ф f х h ц ts ч ch ш sh щ sht ъ a ы y ь y э e ю yu я ya є ye і i ї yi ґ g",
);
const GREEK = pairs(
  "α a β v γ g δ d ε e ζ z η i θ th ι i κ k λ l μ m ν n ξ x ο o π p ρ r σ s ς s τ t υ y φ f χ ch ψ ps ω o",
);

function pairs(text: string): Record<string, string> {
  const words = text.split(" ");
  return Object.fromEntries(
    words.flatMap((letter, at) => (at % 2 === 0 ? [[letter, words[at + 1] ?? ""]] : [])),
  );
}

/** The characters every bank of SEPA takes. */
const ALLOWED = /[A-Za-z0-9/\-?:().,'+ ]/;

/** Text in the letters that payment files allow; what has no counterpart becomes a full stop. */
export function plainText(text: string, maxLength: number): string {
  const letters = Array.from(text.normalize("NFD").replaceAll(/\p{M}/gu, "").normalize("NFC"));
  const plain = letters.map((letter) => {
    if (ALLOWED.test(letter)) return letter;
    const lower = letter.toLowerCase();
    const found = LATIN[letter] ?? CYRILLIC[lower] ?? GREEK[lower];
    if (found === undefined) return /\s/u.test(letter) ? " " : ".";
    return letter === lower ? found : found.charAt(0).toUpperCase() + found.slice(1);
  });
  // Two slashes in a row, or one at an edge, have a meaning of their own in older formats.
  const joined = plain
    .join("")
    .replaceAll(/\/{2,}/g, "/")
    .trim();
  return (
    joined
      .replaceAll(/^\/|\/$/g, "")
      .slice(0, maxLength)
      .trim() || "."
  );
}

import type { Language } from "./stop-words.ts"

/**
 * Light stemming: enough that "refunds", "refunded" and "refunding" meet, never a dictionary's root. English loses its
 * endings; other languages lose plural and case endings only.
 */
export function stem(word: string, language: Language = "en"): string {
  if (word.length < 4 || /\d/.test(word)) return word
  const bare = word.replace(/'(?:s|re|ve|ll|d|m)?$/, "")
  return language === "en" ? stemEnglish(bare) : stemOther(bare, language)
}

const englishEndings: [RegExp, string][] = [
  [/(?:ational|ation|ations|ating)$/, "at"],
  [/(?:ization|isation|izations|isations|izing|ising|ized|ised|izes|ises)$/, "iz"],
  [/(?:iveness|fulness|ousness)$/, ""],
  [/(?:ement|ements|ments|ment)$/, ""],
  [/(?:nesses|ness)$/, ""],
  [/(?:ly)$/, ""],
  [/(?:ies|ied)$/, "y"],
  [/(?:sses)$/, "ss"],
  [/(?:([sxz]|[cs]h)es)$/, "$1"],
  [/(?:ings|ing|ed)$/, ""],
  [/(?:ers|ors)$/, "er"],
  [/(?<=[^sui])s$/, ""],
]

function stemEnglish(word: string): string {
  for (const [ending, put] of englishEndings) {
    const cut = word.replace(ending, put)
    if (cut === word || cut.length < 3 || !/[aeiouy]/.test(cut)) continue
    return settled(cut)
  }
  return settled(word)
}

/** "cancell" and "cancel", "pricing" and "price", "delivery" and "deliveri" become one. */
const settled = (word: string): string =>
  word
    .replace(/([bdfglmnprt])\1$/, "$1")
    .replace(/(?<=..)e$/, "")
    .replace(/(?<=.[^aeiou])y$/, "i")
    .replace(/iz$|is$/, (end) => (end === "iz" ? "is" : end))

const otherEndings: Record<Exclude<Language, "en">, RegExp> = {
  de: /(?:ungen|ung|en|er|es|em|e|n|s)$/,
  fr: /(?:ements|ement|euses|euse|ées|ée|és|er|ez|es|s|e|é)$/,
  es: /(?:aciones|ación|ando|iendo|ados|adas|ado|ada|es|os|as|o|a|s)$/,
  it: /(?:azioni|azione|ando|endo|ati|ate|ato|ata|[aeio])$/,
  pt: /(?:ações|ação|ando|endo|ados|adas|ado|ada|es|os|as|o|a|s)$/,
  nl: /(?:ingen|ing|en|e|s|t)$/,
  sv: /(?:arna|erna|orna|ar|er|or|en|et|a|e|s)$/,
  da: /(?:erne|ene|er|en|et|e|s)$/,
  pl: /(?:ami|ach|owi|ów|em|om|ie|[aeyiuąęo])$/,
}

function stemOther(word: string, language: Exclude<Language, "en">): string {
  const cut = word.replace(otherEndings[language], "")
  return cut.length >= 4 ? cut : word
}

export const stems = (list: Iterable<string>, language: Language = "en"): string[] =>
  Array.from(list, (word) => stem(word, language))

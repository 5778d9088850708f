import { describe, expect, it } from "vitest"
import * as texts from "#test/kit/llm/texts"
import { detectLanguage } from "./language.ts"
import { readMail } from "./mail.ts"
import { stem } from "./stem.ts"
import { sentences, shortened, tidy, words } from "./text.ts"

describe("sentences", () => {
  it("do not end at abbreviations, initials, decimals or ordinals", () => {
    expect(
      sentences(
        "Dr. Brandt met Mr. J. Smith at 3.30 p.m. on Monday. They spoke about prices, e.g. $4.50 a unit. It was late.",
      ),
    ).toEqual([
      "Dr. Brandt met Mr. J. Smith at 3.30 p.m. on Monday.",
      "They spoke about prices, e.g. $4.50 a unit.",
      "It was late.",
    ])
    expect(sentences("Die Sitzung ist am 3. März z. B. in Köln. Danach folgt Nr. 5 der Liste.")).toEqual([
      "Die Sitzung ist am 3. März z. B. in Köln.",
      "Danach folgt Nr. 5 der Liste.",
    ])
  })

  it("end after quotes, questions and exclamations, in scripts without spaces too", () => {
    expect(sentences('"Is it true?" she asked. "Yes!" He left.')).toEqual([
      '"Is it true?" she asked.',
      '"Yes!"',
      "He left.",
    ])
    expect(sentences("東京は首都です。人口は多い。")).toEqual(["東京は首都です。", "人口は多い。"])
  })

  it("keep headings and list items apart and join wrapped lines", () => {
    const text =
      "Release notes\n\nThe new version is faster because it reads\nonly what it needs from the disk.\n\n- Faster start\n- Fewer errors\n1. Install it"
    expect(sentences(text)).toEqual([
      "Release notes",
      "The new version is faster because it reads only what it needs from the disk.",
      "Faster start",
      "Fewer errors",
      "Install it",
    ])
  })
})

describe("words and their stems", () => {
  it("are lower case, keep apostrophes and numbers, and pair signs of unspaced scripts", () => {
    expect(words("Don’t pay INV-2026 now: €3.50!")).toEqual(["don't", "pay", "inv-2026", "now", "3.50"])
    expect(words("東京都")).toEqual(["東京", "京都"])
  })

  it("meet in their stem", () => {
    const families = [
      ["refund", "refunds", "refunded", "refunding"],
      ["cancel", "cancelled", "cancelling", "cancels"],
      ["delivery", "deliveries"],
      ["crash", "crashes", "crashed"],
      ["price", "prices", "priced"],
      ["pay", "payment", "payments", "paying"],
    ]
    for (const family of families)
      expect([family, new Set(family.map((word) => stem(word))).size]).toEqual([family, 1])
    expect(stem("rechnungen", "de")).toBe(stem("rechnung", "de"))
    expect(stem("this")).toBe("this")
    expect(stem("2026")).toBe("2026")
  })
})

describe("tidying", () => {
  it("removes what is invisible and unifies line ends and spaces", () => {
    expect(tidy("a\r\nb\u00a0c\u200bd\u0000e")).toBe("a\nb cde")
  })

  it("shortens after whole words, within the limit", () => {
    expect(shortened("The quick brown fox jumps", 16)).toBe("The quick brown…")
    for (let most = 0; most < 30; most++)
      expect(shortened("The quick brown fox jumps", most).length).toBeLessThanOrEqual(most)
  })
})

describe("a mail", () => {
  it("is read with headers, greeting, closing and sender apart", () => {
    const mail = readMail(texts.chargedTwice)
    expect(mail.headers).toEqual({
      from: "Anna Weber <anna.weber@example.com>",
      to: "support@acme.test",
      subject: "Charged twice for March",
    })
    expect(mail.greeting).toBe("Hi team,")
    expect(mail.sender).toBe("Anna Weber")
    expect(mail.body).toMatch(/^I was charged twice[\s\S]*overdrawn\.$/)
  })

  it("gives its sender in other languages and on one line", () => {
    const senders: [string, string | undefined][] = [
      [texts.parcelMissing, "Katharina Vogel"],
      [texts.appCrashes, "Tom"],
      [texts.lockedOut, "Camille Laurent"],
      [texts.invoiceMissing, "Lucía"],
      [texts.whereIsMyOrder, "Giulia"],
      [texts.cancelPlease, "João"],
      [texts.pakketKwijt, "Sander"],
      [texts.tramArticle, undefined],
      [texts.contractOld, undefined],
    ]
    for (const [text, sender] of senders)
      expect([text.slice(0, 20), readMail(text).sender]).toEqual([text.slice(0, 20), sender])
  })

  it("loses the mail that it answers", () => {
    const text =
      "It works now.\n\nThanks,\nTom\n\nOn Mon, 2 Mar 2026, Support <help@acme.test> wrote:\n> Please restart the app.\n> Regards"
    expect(readMail(text).body).toBe("It works now.")
    expect(readMail("Date: today").body).toBe("Date: today")
  })
})

describe("language", () => {
  const samples: [string, string[]][] = [
    [
      "en",
      [
        texts.chargedTwice,
        texts.appCrashes,
        texts.tramArticle,
        "Could you send me the report by Friday?",
        "The meeting is cancelled.",
      ],
    ],
    [
      "de",
      [
        texts.parcelMissing,
        texts.rechnung,
        "Wo ist mein Paket?",
        "Die Besprechung fällt heute leider aus.",
        "Ich habe das Passwort vergessen.",
      ],
    ],
    [
      "fr",
      [
        texts.lockedOut,
        "Où est mon colis ?",
        "La réunion de demain est annulée.",
        "Je voudrais une copie de la facture.",
      ],
    ],
    [
      "es",
      [
        texts.invoiceMissing,
        "¿Dónde está mi paquete?",
        "La reunión de mañana se cancela.",
        "Quiero cambiar la dirección de entrega.",
      ],
    ],
    [
      "it",
      [
        texts.whereIsMyOrder,
        "Dove si trova il mio pacco?",
        "La riunione di domani è stata annullata.",
        "Non riesco ad accedere al mio conto.",
      ],
    ],
    [
      "pt",
      [
        texts.cancelPlease,
        "Onde está a minha encomenda?",
        "A reunião de amanhã foi cancelada.",
        "Não consigo entrar na minha conta.",
      ],
    ],
    [
      "nl",
      [
        texts.pakketKwijt,
        "Waar is mijn pakket?",
        "De vergadering van morgen gaat niet door.",
        "Ik kan niet meer inloggen op mijn account.",
      ],
    ],
    ["sv", ["Jag har inte fått mitt paket ännu och undrar var det är."]],
    ["da", ["Jeg har ikke modtaget min pakke endnu, og jeg vil gerne vide, hvor den er."]],
    ["pl", ["Nie otrzymałem jeszcze paczki i chciałbym wiedzieć, gdzie ona jest."]],
    ["ru", ["Где моя посылка? Я жду уже две недели."]],
    ["uk", ["Де моя посилка? Я чекаю вже два тижні, її немає."]],
    ["el", ["Πού είναι το δέμα μου;"]],
    ["ja", ["荷物はどこにありますか。"]],
    ["zh", ["我的包裹在哪里?"]],
    ["ko", ["제 소포는 어디에 있나요?"]],
    ["ar", ["أين طردي؟ أنتظر منذ أسبوعين."]],
    ["he", ["איפה החבילה שלי?"]],
  ]
  for (const [code, list] of samples) {
    it(`recognises ${code}`, () => {
      for (const text of list)
        expect([text.slice(0, 40), detectLanguage(text).code]).toEqual([text.slice(0, 40), code])
    })
  }

  it("is unsure of what has no words", () => {
    expect(detectLanguage("12345 !!!")).toEqual({ code: "und", confidence: 0 })
    expect(detectLanguage("Xyzzy")).toMatchObject({ confidence: 0 })
    expect(detectLanguage(texts.tramArticle).confidence).toBeGreaterThan(0.6)
  })
})

import { describe, expect, it } from "vitest"
import * as texts from "#test/kit/llm/texts"
import { classify, classifyMany, type Label } from "./classify.ts"
import { compareTexts, comparisonAnswer } from "./compare.ts"
import { keywords } from "./keywords.ts"
import { draftReply } from "./reply.ts"
import { summarise } from "./summary.ts"
import { sentences } from "./text.ts"

const labels = (...ids: string[]): Label[] => ids.map((id) => ({ id }))

describe("a summary", () => {
  it("is made of the text's own sentences in their order", () => {
    const all = sentences(texts.tramArticle)
    for (const count of [1, 2, 3, 5]) {
      const chosen = sentences(summarise(texts.tramArticle, { sentences: count }))
      const places = chosen.map((one) => all.indexOf(one))
      expect(chosen).toHaveLength(count)
      expect(places).not.toContain(-1)
      expect(places).toEqual([...places].sort((a, b) => a - b))
    }
  })

  it("takes what matters and leaves what does not", () => {
    const short = summarise(texts.tramArticle, { sentences: 2 })
    expect(short).toContain("voted on Tuesday to build a new tram line")
    expect(summarise(texts.tramArticle, { sentences: 6 })).not.toContain("weather")
    expect(summarise(texts.chargedTwice, { sentences: 1 })).toMatch(/^I was charged twice/)
  })

  it("says nothing twice", () => {
    const text =
      "The server fails at night. The server fails every night. Nights are when the server fails. Customers cannot order then. The shop loses sales of 500 euros."
    const two = sentences(summarise(text, { sentences: 2 }))
    expect(two.filter((one) => one.includes("fail"))).toHaveLength(1)
  })

  it("leaves out greeting, closing and quoted mail", () => {
    const all = summarise(texts.chargedTwice, { sentences: 20 })
    expect(all).not.toMatch(/Hi team|Best regards|Subject/)
  })

  it("keeps to words, characters and bullets", () => {
    expect(
      summarise(texts.tramArticle, { most_words: 25, sentences: 4 }).split(/\s+/).length,
    ).toBeLessThanOrEqual(25)
    expect(summarise(texts.tramArticle, { most_characters: 80 }).length).toBeLessThanOrEqual(80)
    expect(summarise(texts.tramArticle, { sentences: 3, bullets: true }).split("\n")).toEqual(
      Array(3).fill(expect.stringMatching(/^- \S/)),
    )
  })

  it("of a short text is that text", () => {
    expect(summarise("Just one sentence.")).toBe("Just one sentence.")
    expect(summarise("???")).toBe("???")
  })
})

describe("keywords", () => {
  it("are what the text is about, phrases before their words", () => {
    const found = keywords(texts.tramArticle, 6)
    expect(found).toHaveLength(6)
    expect(found.slice(0, 3)).toEqual(expect.arrayContaining(["tram line", "city council"]))
    expect(found).not.toContain("tram")
    for (const one of found)
      expect(texts.tramArticle.toLowerCase()).toContain(one.toLowerCase().split(" ")[0])
  })

  it("are in the text's language, with no stop word", () => {
    const found = keywords(texts.parcelMissing, 6)
    expect(found).toEqual(expect.arrayContaining([expect.stringContaining("Paket")]))
    for (const one of found)
      expect(one.split(" ")).not.toEqual(expect.arrayContaining(["mein", "ist", "und", "die"]))
  })

  it("of nothing are none", () => {
    expect(keywords("", 5)).toEqual([])
    expect(keywords("of the and to", 5)).toEqual([])
  })
})

describe("classification", () => {
  const support = labels("billing", "technical", "shipping", "account", "cancellation", "other")

  it("puts support mails in seven languages where they belong", () => {
    const expected: [string, string][] = [
      [texts.chargedTwice, "billing"],
      [texts.appCrashes, "technical"],
      [texts.parcelMissing, "shipping"],
      [texts.lockedOut, "account"],
      [texts.invoiceMissing, "billing"],
      [texts.cancelPlease, "cancellation"],
      [texts.pakketKwijt, "shipping"],
      ["I cannot log in: the reset link never arrives and my password is refused.", "account"],
      ["The export button does nothing and the console shows an exception.", "technical"],
      ["Please cancel my subscription at the end of the month.", "cancellation"],
      ["Where is my parcel? Tracking has not moved for a week.", "shipping"],
      ["Ihre Rechnung ist falsch, der Betrag wurde doppelt abgebucht.", "billing"],
      ["Ich komme nicht mehr in mein Benutzerkonto, das Passwort wird nicht angenommen.", "account"],
      ["Die App stürzt ab und zeigt eine Fehlermeldung.", "technical"],
      ["Le colis n'a pas été livré, où est ma commande ?", "shipping"],
      ["Do you like jazz?", "other"],
    ]
    for (const [text, id] of expected)
      expect([text.slice(0, 50), classify(text, support).id]).toEqual([text.slice(0, 50), id])
  })

  it("goes by the words of a label and of its description", () => {
    const own: Label[] = [
      { id: "team_a", description: "plumbing, water, pipes and leaks" },
      { id: "team_b", description: "electricity, lamps and sockets" },
      { id: "team_c", description: "painting walls" },
    ]
    expect(classify("There is a leaking pipe in the kitchen.", own).id).toBe("team_a")
    expect(classify("The lamp in the hall is dark.", own).id).toBe("team_b")
    expect(classify("The dragons attacked the castle", labels("dragons", "robots")).id).toBe("dragons")
    expect(
      classify("An article on photosynthesis", [
        { id: "1", description: "history" },
        { id: "2", description: "photosynthesis and plants" },
      ]).id,
    ).toBe("2")
  })

  it("knows moods, and that a denied praise is a complaint", () => {
    const moods = labels("positive", "neutral", "negative")
    const expected: [string, string][] = [
      ["I love it, it works perfectly. Great service!", "positive"],
      ["The food was not good and the waiter was rude.", "negative"],
      ["No problems at all, very happy.", "positive"],
      ["The parcel has the size of a shoe box.", "neutral"],
      ["Absolut enttäuschend, nie wieder.", "negative"],
      ["Produit excellent, je suis ravi.", "positive"],
      ["Excelente servicio, muy rápido.", "positive"],
      ["It arrived late and damaged, I am disappointed.", "negative"],
      ["I don't recommend this. Waste of money.", "negative"],
    ]
    for (const [text, id] of expected) expect([text, classify(text, moods).id]).toEqual([text, id])
    expect(classify("Not bad, but slow.", labels("positive", "negative")).id).toBe("negative")
  })

  it("knows urgency on any scale", () => {
    const outage = "URGENT: production is down, all users are blocked, we need help immediately!!"
    const calm = "No rush, just a small question when you have time."
    const plain = "Could you change the address on our account?"
    const scales: [string[], string, string, string][] = [
      [["low", "normal", "high"], "high", "low", "normal"],
      [["low", "medium", "high", "critical"], "critical", "low", "medium"],
      [["urgent", "not urgent"], "urgent", "not urgent", "not urgent"],
      [["P1", "P2", "P3"], "P1", "P3", "P2"],
    ]
    for (const [scale, hot, cold, between] of scales) {
      const ids = [outage, calm, plain].map((text) => classify(text, labels(...scale)).id)
      expect([scale, ids]).toEqual([scale, [hot, cold, between]])
    }
  })

  it("knows languages and yes or no", () => {
    expect(classify(texts.parcelMissing, labels("English", "German", "French", "other")).id).toBe("German")
    expect(classify(texts.lockedOut, labels("en", "de", "fr")).id).toBe("fr")
    const refund: Label[] = [{ id: "yes", description: "Does the customer want a refund?" }, { id: "no" }]
    expect(classify(texts.chargedTwice, refund).id).toBe("yes")
    expect(classify(texts.appCrashes, refund).id).toBe("no")
  })

  it("says how sure it is: zero without a word for any label, more with more words", () => {
    expect(classify("Lorem ipsum dolor sit amet", support)).toMatchObject({ id: "other", confidence: 0 })
    expect(classify("Lorem ipsum", labels("cats", "dogs"))).toMatchObject({ id: "cats", confidence: 0 })
    const weak = classify("A question about the parcel and the invoice", support).confidence
    const strong = classify(texts.chargedTwice, support).confidence
    expect(strong).toBeGreaterThan(weak)
    expect(strong).toBeLessThanOrEqual(1)
  })

  it("gives several labels where several apply", () => {
    const both = "I was charged twice, please refund the payment. Also the app crashes with an error."
    expect(classifyMany(both, labels("billing", "technical", "shipping"))).toEqual(
      expect.arrayContaining(["billing", "technical"]),
    )
    expect(classifyMany(both, labels("billing", "technical", "shipping"))).not.toContain("shipping")
    expect(classifyMany("Nothing", labels("billing", "other"))).toEqual(["other"])
  })
})

describe("a comparison", () => {
  it("finds what is shared, what only one says, and what says something else", () => {
    expect(compareTexts(texts.contractOld, texts.contractNew)).toEqual({
      shared: ["The monthly fee is 400 euros.", "Support is included on working days."],
      only_in_a: ["Either side may cancel with three months' notice."],
      only_in_b: ["The customer may audit the supplier once a year."],
      changed: [{ a: "The contract runs for two years.", b: "The contract runs for three years." }],
      similarity: 0.63,
    })
  })

  it("notices numbers and a denial, and overlooks order and wording", () => {
    expect(compareTexts("The fee is 400 euros.", "The fee is 450 euros.").changed).toHaveLength(1)
    expect(
      compareTexts("Pets are allowed in the flat.", "Pets are not allowed in the flat.").changed,
    ).toHaveLength(1)
    expect(
      compareTexts("Rent is due monthly. Pets are allowed.", "Pets are allowed. The rent is due monthly."),
    ).toMatchObject({ only_in_a: [], only_in_b: [], similarity: 1 })
  })

  it("of a text with itself is all shared, with nothing none", () => {
    expect(compareTexts(texts.tramArticle, texts.tramArticle)).toMatchObject({
      only_in_a: [],
      only_in_b: [],
      changed: [],
      similarity: 1,
    })
    expect(compareTexts(texts.contractOld, "")).toMatchObject({ shared: [], only_in_b: [], similarity: 0 })
  })

  it("is told under headings", () => {
    expect(comparisonAnswer("A is red. C stays open.", "C stays open. Doors close at ten.")).toBe(
      "Shared:\n- C stays open.\n\nOnly in A:\n- A is red.\n\nOnly in B:\n- Doors close at ten.",
    )
  })
})

describe("a reply", () => {
  it("greets by name, names the topic, lists the questions and facts, and leaves the answers open", () => {
    const reply = draftReply(texts.chargedTwice)
    expect(reply).toMatch(/^Hello Anna Weber,\n/)
    expect(reply).toContain("about a payment or invoice")
    expect(reply).toContain("1. Could you refund the second payment?\n   [answer]")
    expect(reply).toContain("2. And when will I see the money on my account?")
    expect(reply).toContain("- INV-2026-0311\n- 49.00 EUR\n- 2026-03-02")
    expect(reply).toContain("urgent")
    expect(reply).toMatch(/Kind regards,\n\[your name\]$/)
  })

  it("answers in the language of the message, or in the one asked for", () => {
    expect(draftReply(texts.parcelMissing)).toMatch(
      /^Guten Tag Katharina Vogel,\n\nVielen Dank .* Lieferung\./,
    )
    expect(draftReply(texts.lockedOut)).toMatch(/^Bonjour Camille Laurent,\n\nMerci .* compte\./)
    expect(draftReply(texts.invoiceMissing)).toMatch(/^Hola, Lucía:\n\nGracias/)
    expect(draftReply(texts.parcelMissing, { language: "en", signature: "Mia" })).toMatch(
      /^Hello Katharina Vogel,[\s\S]*Kind regards,\nMia$/,
    )
  })

  it("promises nothing that the message does not ask about", () => {
    expect(draftReply("Hello, nice weather today.")).toBe(
      "Hello,\n\nThank you for your message.\n\nKind regards,\n[your name]",
    )
  })
})

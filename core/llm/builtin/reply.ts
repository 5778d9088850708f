import { mood, topicScores, urgency } from "./classify.ts"
import { findEntities } from "./entities.ts"
import { gather } from "./evidence.ts"
import { detectLanguage } from "./language.ts"
import type { TopicName } from "./lexicon.ts"
import { readMail } from "./mail.ts"
import { phrasesOf, type Phrases } from "./phrases.ts"
import { capitalised, sentences, shortened, unique } from "./text.ts"

export type ReplyWish = {
  /** ISO code; the language of the message when not said. */
  language?: string | undefined
  /** Who signs; a gap to fill in when not said. */
  signature?: string | undefined
}

const replyTopics: readonly TopicName[] = [
  "billing",
  "refund",
  "technical",
  "account",
  "shipping",
  "cancellation",
  "sales",
  "feature",
  "complaint",
  "praise",
  "how_to",
]
const mostQuestions = 5
const mostFacts = 8

/**
 * A reply to a message, made of fixed phrases and what the message says. It decides nothing: every question is repeated
 * with a gap for the answer, so a person completes it.
 */
export function draftReply(message: string, wish: ReplyWish = {}): string {
  const mail = readMail(message)
  const phrases = phrasesOf(wish.language ?? detectLanguage(mail.body).code)
  const evidence = gather(message)
  const topic = topicScores(evidence, replyTopics)[0]?.topic
  const known = topic && phrases.topics[topic]
  const questions = questionsIn(mail.body)
  const facts = factsIn(message)
  const opening = [
    capitalised(known ? phrases.thanksAbout.replace("{topic}", known.about) : phrases.thanks),
    ...feeling(evidence, topic, phrases),
    ...(urgency(evidence) >= 2 ? [phrases.urgent] : []),
  ].join(" ")
  const blocks = [
    mail.sender ? phrases.hello.replace("{name}", mail.sender) : phrases.helloNobody,
    opening,
    ...(questions.length > 0
      ? [
          `${phrases.asked}\n${questions.map((one, i) => `${i + 1}. ${one}\n   ${phrases.answer}`).join("\n")}`,
        ]
      : []),
    ...(facts.length > 0 ? [`${phrases.noted}\n${facts.map((one) => `- ${one}`).join("\n")}`] : []),
    ...(known ? [phrases.next.replace("{next}", known.next)] : []),
    `${phrases.close}\n${wish.signature ?? phrases.signature}`,
  ]
  return blocks.join("\n\n")
}

function feeling(
  evidence: ReturnType<typeof gather>,
  topic: TopicName | undefined,
  phrases: Phrases,
): string[] {
  const { balance, amount } = mood(evidence)
  if (topic === "praise" || (amount > 2 && balance > 0.6)) return [phrases.glad]
  const troubled =
    topic === "technical" || topic === "complaint" || topic === "billing" || topic === "shipping"
  return balance < -0.1 && amount > 0.5 && (troubled || amount > 1.5) ? [phrases.sorry] : []
}

/** The questions of a text as they were put. */
export const questionsIn = (text: string): string[] =>
  unique(sentences(text).filter((one) => /\?["'”’»)]*$/.test(one)))
    .slice(0, mostQuestions)
    .map((one) => shortened(one, 300))

/** Numbers, dates and amounts that a reply should not lose. */
function factsIn(message: string): string[] {
  const found = findEntities(message)
  return [
    ...found.invoice_numbers,
    ...found.order_numbers,
    ...found.references,
    ...found.amounts,
    ...found.dates,
  ].slice(0, mostFacts)
}

import {
  gather,
  occurrences,
  phraseStems,
  saturated,
  stemmedList,
  strength,
  stemWord,
  type Evidence,
} from "./evidence.ts"
import { detectLanguage, languageNames } from "./language.ts"
import { calmWords, negativeWords, positiveWords, topics, urgentWords, type TopicName } from "./lexicon.ts"
import { isStopWord } from "./stop-words.ts"
import { unique, words } from "./text.ts"

export type Label = { id: string; description?: string | undefined }

/** `confidence` is 0 when nothing in the text speaks for any label. */
export type Verdict = { id: string; confidence: number; ranking: { id: string; score: number }[] }

/** Chooses among the given labels. Scales of mood, urgency, language and yes or no are recognised and weighed as such. */
export function classify(text: string, labels: readonly Label[]): Verdict {
  const evidence = gather(text)
  const special = [byLanguage, byMood, byUrgency, byAnswer]
  for (const weigh of special) {
    const scores = weigh(labels, evidence, text)
    if (scores) return verdict(labels, scores)
  }
  return verdict(labels, byTopic(labels, evidence))
}

/** All labels that the text speaks for clearly, strongest first; the best one when none is clear. */
export function classifyMany(text: string, labels: readonly Label[]): string[] {
  const { id, ranking } = classify(text, labels)
  const best = ranking[0]?.score ?? 0
  const clear = ranking.filter((one) => best > 0 && one.score >= best * 0.45 && !isFallback(one.id))
  return clear.length > 0 ? clear.map((one) => one.id) : [id]
}

function verdict(labels: readonly Label[], scores: number[]): Verdict {
  const ranking = labels.map(({ id }, i) => ({ id, score: scores[i] ?? 0 }))
  ranking.sort((a, b) => b.score - a.score)
  const [first, second] = ranking
  if (!first || first.score <= 0)
    return { id: (labels.find(({ id }) => isFallback(id)) ?? labels[0])?.id ?? "", confidence: 0, ranking }
  const margin = (first.score - (second?.score ?? 0)) / first.score
  const confidence = Math.round((0.5 + 0.5 * margin) * Math.min(1, 0.4 + first.score / 4) * 100) / 100
  return { id: first.id, confidence, ranking }
}

const fallbackName =
  /^(?:other|others|else|misc|miscellaneous|general|general[ _-]?(?:inquiry|enquiry|question)|unknown|none|neutral|normal|medium|default|uncategori[sz]ed|rest|sonstiges|autre|otro)$/i
export const isFallback = (id: string): boolean => fallbackName.test(id.trim())

const labelWords = (text: string): string[] =>
  words(text.replace(/([\p{Ll}\d])(\p{Lu})/gu, "$1 $2").replace(/[_/.-]+/g, " "))

const vague = new Set([
  "issue",
  "issues",
  "request",
  "requests",
  "problem",
  "problems",
  "report",
  "reports",
  "inquiry",
  "enquiry",
  "matter",
  "customer",
  "support",
  "service",
  "mail",
  "email",
  "ticket",
  "message",
  "topic",
  "category",
])

function byTopic(labels: readonly Label[], evidence: Evidence): number[] {
  const weights = labels.map((label) => termWeights(label, evidence))
  const owners = new Map<string, number>()
  for (const one of weights) for (const term of one.keys()) owners.set(term, (owners.get(term) ?? 0) + 1)
  return weights.map((one, i) => {
    if (isFallback(labels[i]!.id)) return 0
    let score = 0
    for (const [term, weight] of one) {
      const count = occurrences(evidence, term)
      if (count > 0) score += (weight * saturated(count)) / owners.get(term)!
    }
    return score
  })
}

/** What speaks for a label: its own words, those of its description, and those of the topics that it names. */
function termWeights({ id, description = "" }: Label, { language }: Evidence): Map<string, number> {
  const weights = new Map<string, number>()
  const add = (term: string, weight: number) => weights.set(term, Math.max(weights.get(term) ?? 0, weight))
  const own = labelWords(id)
  const telling = own.filter((word) => !vague.has(word))
  const described = words(description).filter((word) => !isStopWord(word, language) && !vague.has(word))
  for (const topic of topicsNamed(telling.length > 0 ? telling : own)) {
    for (const term of stemmedList(topics[topic].words, language)) add(term, term.includes(" ") ? 1.5 : 1)
  }
  for (const topic of topicsNamed(described)) {
    for (const term of stemmedList(topics[topic].words, language)) add(term, 0.4)
  }
  for (const word of described) add(stemWord(word, language), 1.6)
  for (const word of telling) add(stemWord(word, language), 2)
  if (telling.length > 1) add(phraseStems(telling.join(" "), language), 3)
  return weights
}

const namesOf = new Map<TopicName, ReadonlySet<string>>(
  (Object.keys(topics) as TopicName[]).map((name) => [name, new Set(topics[name].names.split(" "))]),
)

/** By whole words: stems would take "account" for "accounting". */
const topicsNamed = (list: readonly string[]): TopicName[] =>
  [...namesOf].filter(([, names]) => list.some((word) => names.has(word))).map(([name]) => name)

/** Those of the given topics that a text speaks about, strongest first. */
export const topicScores = (
  evidence: Evidence,
  among: readonly TopicName[],
): { topic: TopicName; score: number }[] =>
  among
    .map((topic) => ({ topic, score: strength(evidence, topics[topic].words).said }))
    .filter((one) => one.score > 0)
    .sort((a, b) => b.score - a.score)

function byLanguage(labels: readonly Label[], _: Evidence, text: string): number[] | undefined {
  const codes = labels.map(({ id }) => languageCode(id))
  if (codes.filter(Boolean).length < 2 || codes.some((code, i) => !code && !isFallback(labels[i]!.id)))
    return undefined
  const { code, confidence } = detectLanguage(text)
  return codes.map((one) => (one === code ? 1 + confidence * 3 : 0))
}

const languageCode = (label: string): string | undefined => {
  const name = label.trim().toLowerCase()
  if (Object.hasOwn(languageNames, name)) return name
  return Object.entries(languageNames).find(([, one]) => one.toLowerCase() === name)?.[0]
}

/** From -1, nothing but blame, to 1, nothing but praise, and how much there is of both. */
export function mood(evidence: Evidence): { balance: number; amount: number } {
  const good = strength(evidence, positiveWords)
  const bad = strength(evidence, negativeWords)
  // "not good" blames; "no problem" praises a little.
  const up = good.said + bad.denied * 0.5
  const down = bad.said + good.denied
  const amount = up + down
  return { balance: amount === 0 ? 0 : (up - down) / amount, amount }
}

const moodOf = (id: string): "up" | "down" | "middle" | "mixed" | undefined => {
  if (
    /^(?:very |strongly |slightly )?(?:positive|happy|satisfied|good|pos|promoter)$/i.test(
      id.replace(/[_-]/g, " "),
    )
  )
    return "up"
  if (
    /^(?:very |strongly |slightly )?(?:negative|unhappy|dissatisfied|angry|bad|neg|detractor)$/i.test(
      id.replace(/[_-]/g, " "),
    )
  )
    return "down"
  if (/^(?:neutral|passive|objective)$/i.test(id)) return "middle"
  return /^mixed$/i.test(id) ? "mixed" : undefined
}

function byMood(labels: readonly Label[], evidence: Evidence): number[] | undefined {
  const kinds = labels.map(({ id }) => moodOf(id))
  if (!kinds.includes("up") || !kinds.includes("down") || kinds.includes(undefined)) return undefined
  const { balance, amount } = mood(evidence)
  if (amount < 0.5 && kinds.includes("middle")) return kinds.map((kind) => (kind === "middle" ? 1 : 0))
  return kinds.map((kind, i) => {
    const strong = /^(?:very|strongly)/i.test(labels[i]!.id)
      ? Math.abs(balance) > 0.8 && amount > 3
        ? 1.2
        : 0.6
      : 1
    if (kind === "middle") return Math.max(0, 0.3 - Math.abs(balance)) * 4
    if (kind === "mixed") return Math.abs(balance) < 0.4 && amount > 3 ? 2 : 0
    return Math.max(0, (kind === "up" ? balance : -balance) * Math.min(4, 1 + amount) * strong)
  })
}

const ranks: [RegExp, number][] = [
  [/^(?:critical|emergency|blocker|immediate|p0|sev ?[01]|highest)$/i, 4],
  [/^(?:urgent|high|p1|important|major)$/i, 3],
  [/^(?:medium|normal|moderate|standard|p2|mid|regular)$/i, 2],
  [/^(?:low|minor|not[ _-]?urgent|non[ _-]?urgent|p3|p4|lowest|trivial|can wait)$/i, 1],
]

/** How pressing a text is, from 0 (calm) by 1 (nothing said) to 4 and beyond. */
export function urgency(evidence: Evidence): number {
  const hot = strength(evidence, urgentWords)
  const calm = strength(evidence, calmWords)
  const shouted = /!{2,}|\b(?:URGENT|ASAP|HELP)\b/.test(evidence.text) ? 1 : 0
  return Math.max(0, 1 + hot.said + shouted - hot.denied - calm.said * 1.5)
}

function byUrgency(labels: readonly Label[], evidence: Evidence): number[] | undefined {
  const levels = labels.map(({ id }) => ranks.find(([name]) => name.test(id.trim()))?.[1])
  if (levels.some((level) => level === undefined) || new Set(levels).size < 2) return undefined
  const pressing = urgency(evidence)
  const wanted = pressing >= 5 ? 4 : pressing >= 2 ? 3 : pressing >= 0.8 ? 2 : 1
  return levels.map((level) => Math.max(0, 3 - 1.1 * Math.abs(level! - wanted) - (level! > wanted ? 0.1 : 0)))
}

function byAnswer(labels: readonly Label[], evidence: Evidence): number[] | undefined {
  const yes = labels.findIndex(({ id }) => /^(?:yes|true|ja|oui|sí|y)$/i.test(id))
  const no = labels.findIndex(({ id }) => /^(?:no|false|nein|non|n)$/i.test(id))
  if (labels.length !== 2 || yes < 0 || no < 0) return undefined
  const holds = speaksOf(evidence, labels.map(({ description = "" }) => description).join(" "))
  return labels.map((_, i) => ((i === yes) === holds ? 2 : 0))
}

/** Whether a text says something of the kind, and does not only deny it. */
export function speaksOf(evidence: Evidence, about: string): boolean {
  const asked = unique(labelWords(about)).filter((word) => !isStopWord(word, "en") && !vague.has(word))
  const named = topicsNamed(asked)
  if (asked.some((word) => /^urgen|^asap$/.test(word))) return urgency(evidence) >= 2
  if (asked.some((word) => /^(?:angry|unhappy|negative|upset|dissatisf|frustrat|complain)/.test(word))) {
    const { balance, amount } = mood(evidence)
    return balance < -0.2 && amount >= 1
  }
  let score = 0
  for (const word of asked) {
    const term = stemWord(word, evidence.language)
    score += occurrences(evidence, term) - 1.5 * (evidence.denied.get(term) ?? 0)
  }
  for (const topic of named) score += strength(evidence, topics[topic].words).said - 0.5
  return score >= 0.9
}

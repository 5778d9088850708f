import { scenarios } from "#test/kit/llm/openai-scenarios"

/** What the slow model says: each word once, so that a word lost, doubled or out of place is seen. */
export const tale = Array.from({ length: 40 }, (_, i) => `word${i + 1}`).join(" ")

/** A model that takes its time: long enough to be killed in the middle. */
export const slowModel = "e2e-tale"

scenarios[slowModel] = { about: "tells forty words, one each 40 ms", text: () => tale, pace: 40 }

/** The same, slow enough for a page to be closed and opened again before it ends. */
export const slowestModel = "e2e-long-tale"

let gate: PromiseWithResolvers<void> | undefined

/** Holds the slowest tale in its middle until the answer is called, so that no page is too slow for it. */
export function holdTale(): () => void {
  gate = Promise.withResolvers()
  return gate.resolve
}

scenarios[slowestModel] = {
  about: "tells forty words, one each 150 ms",
  text: () => tale,
  pace: 150,
  gate: (sent) => (sent < 20 ? undefined : gate?.promise),
}

import type { News } from "./turn-state.ts"

/** The same news in fewer words: texts that follow each other are one, and of a step its last word counts. */
export function mergedNews(news: readonly News[]): News[] {
  const merged: News[] = []
  for (const one of news) {
    const last = merged.at(-1)
    if (one.type === "delta" && last?.type === "delta") {
      merged[merged.length - 1] = { type: "delta", text: last.text + one.text }
    } else if (one.type === "step" && last?.type === "step" && last.step.id === one.step.id) {
      merged[merged.length - 1] = one
    } else {
      merged.push(one)
    }
  }
  return merged
}

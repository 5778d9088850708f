import { keywords } from "#core/llm/builtin/keywords"
import { summarise } from "#core/llm/builtin/summary"
import { capitalised, shortened, tidy } from "#core/llm/builtin/text"

export const untitled = "New chat"
const mostTitle = 60

/** A chat's title: its first message where that is short, else its most telling sentence, else what it is about. */
export function titleOf(message: string): string {
  const whole = oneLine(message)
  if (whole === "") return untitled
  if (whole.length <= mostTitle) return capitalised(whole)
  const sentence = oneLine(summarise(message.slice(0, 20_000), { sentences: 1 }))
  if (sentence.length <= mostTitle && sentence !== "") return capitalised(sentence)
  const about = keywords(message.slice(0, 20_000), 4).join(", ")
  return about === "" ? shortened(whole, mostTitle) : capitalised(shortened(about, mostTitle))
}

const oneLine = (text: string): string => tidy(text).replace(/\s+/g, " ").trim()

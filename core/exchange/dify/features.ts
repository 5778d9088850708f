import type { JsonObject } from "#core/json"
import { listOf, objectOf, textOf } from "../fields.ts"

const switched: Record<string, string> = {
  file_upload: "files that are sent along",
  speech_to_text: "speech to text",
  text_to_speech: "text to speech",
  sensitive_word_avoidance: "the guard against words",
  suggested_questions_after_answer: "questions that it suggests after an answer",
  more_like_this: "more answers of the kind",
  annotation_reply: "answers that were written by hand",
}

/** What of an app beside its steps is in use, in words. */
export function featuresIn(features: JsonObject): string[] {
  const opening = textOf(features["opening_statement"]).trim()
  const suggested = listOf(features["suggested_questions"]).filter((one) => textOf(one) !== "")
  return [
    ...(opening === "" ? [] : [`its opening words (${opening.slice(0, 80)})`]),
    ...(suggested.length > 0 ? [`${suggested.length} suggested questions`] : []),
    ...Object.entries(switched).flatMap(([name, words]) => (isOn(features[name]) ? [words] : [])),
  ]
}

const isOn = (value: JsonObject[string] | undefined): boolean =>
  objectOf(value)["enabled"] === true || objectOf(objectOf(value)["image"])["enabled"] === true

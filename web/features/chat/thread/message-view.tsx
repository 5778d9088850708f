import { memo } from "react"
import type { Place } from "../model/tree.ts"
import { useMessage } from "../use-chat.ts"
import { AnswerView } from "./answer-view.tsx"
import { QuestionView } from "./question-view.tsx"

type MessageProps = { place: Place; isLast: boolean }

export const MessageView = memo(function MessageView({ place, isLast }: MessageProps) {
  const message = useMessage(place.id)
  if (!message) return null
  return message.role === "user" ? (
    <QuestionView message={message} beside={place.beside} />
  ) : (
    <AnswerView message={message} beside={place.beside} isLast={isLast} />
  )
})

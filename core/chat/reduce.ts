import type { ChatEvent, ChatMessage, ChatStep } from "#core/contract/chat"

/** More than these are counted, and not shown: a message must fit into a row. */
export const mostSteps = 200
export const mostContent = 250_000

/** A message after something that happened to it. Whoever folds all events over what it knew knows what the object knows. */
export function reduceMessage(message: ChatMessage, event: ChatEvent): ChatMessage {
  switch (event.type) {
    case "message":
      return event.message.id === message.id ? event.message : message
    case "delta":
      return event.message_id === message.id
        ? { ...message, content: cut(message.content + event.text) }
        : message
    case "reset":
      return event.message_id === message.id ? { ...message, content: "" } : message
    case "step":
      return event.message_id === message.id
        ? { ...message, steps: withStep(message.steps, event.step) }
        : message
    case "session":
      return message
    default:
      return event satisfies never
  }
}

/** Every message after an event, in the order in which they first came. */
export function reduceMessages(messages: readonly ChatMessage[], event: ChatEvent): readonly ChatMessage[] {
  if (event.type === "session") return messages
  if (event.type === "message" && !messages.some(({ id }) => id === event.message.id)) {
    return [...messages, event.message]
  }
  const id = event.type === "message" ? event.message.id : event.message_id
  return messages.map((one) => (one.id === id ? reduceMessage(one, event) : one))
}

export const cut = (text: string): string => (text.length > mostContent ? text.slice(0, mostContent) : text)

function withStep(steps: readonly ChatStep[], step: ChatStep): ChatStep[] {
  const place = steps.findIndex(({ id }) => id === step.id)
  if (place >= 0) return steps.with(place, step)
  return steps.length < mostSteps ? [...steps, step] : [...steps]
}

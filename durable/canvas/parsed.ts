/** What a window says beside its edits, as JSON; nothing of that is long. */
export function parsed(message: string): unknown {
  if (message.length > 1_000) return undefined
  try {
    return JSON.parse(message)
  } catch {
    return undefined
  }
}

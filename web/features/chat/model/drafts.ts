const keyOf = (chatId: string) => `edgecrew.draft.${chatId}`

/** What was typed and not sent, kept for this tab only: it may be confidential. */
export function keptDraft(chatId: string): string {
  try {
    return sessionStorage.getItem(keyOf(chatId)) ?? ""
  } catch {
    return ""
  }
}

export function keepDraft(chatId: string, text: string): void {
  try {
    if (text === "") sessionStorage.removeItem(keyOf(chatId))
    else sessionStorage.setItem(keyOf(chatId), text)
  } catch {
    // A full or forbidden storage costs the convenience, nothing else.
  }
}

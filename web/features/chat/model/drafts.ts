const prefix = "edgecrew.draft."

/** What was typed and not sent, kept for this tab only: it may be confidential. */
export function keptDraft(chatId: string): string {
  try {
    return sessionStorage.getItem(prefix + chatId) ?? ""
  } catch {
    return ""
  }
}

export function keepDraft(chatId: string, text: string): void {
  try {
    if (text === "") sessionStorage.removeItem(prefix + chatId)
    else sessionStorage.setItem(prefix + chatId, text)
  } catch {
    // A full or forbidden storage costs the convenience, nothing else.
  }
}

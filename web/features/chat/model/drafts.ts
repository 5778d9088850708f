import { session } from "#web/state/session.ts"

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

function forgetAll(): void {
  try {
    for (const key of Object.keys(sessionStorage)) {
      if (key.startsWith(prefix)) sessionStorage.removeItem(key)
    }
  } catch {
    // There was nothing to forget.
  }
}

// Whoever leaves leaves nothing behind; whose session was lost comes back to what they were writing.
session.onEnd((ending) => {
  if (ending !== "lost") forgetAll()
})

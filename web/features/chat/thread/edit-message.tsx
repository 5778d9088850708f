import { useState } from "react"
import type { ChatMessage } from "#core/contract/chat"
import { Button } from "#web/ui/button.tsx"
import { ErrorNote } from "#web/ui/error-note.tsx"
import { Textarea } from "#web/ui/input.tsx"
import { useThisThread } from "./use-thread.ts"

type EditProps = { message: ChatMessage; onDone: () => void }

/** Writes a message anew: a branch of its own, beside the old one. */
export function EditMessage({ message, onDone }: EditProps) {
  const { edit } = useThisThread()
  const [text, setText] = useState(message.content)
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<unknown>(null)
  const mayNot = text.trim() === "" || text.trim() === message.content.trim()
  const submit = async () => {
    if (mayNot || busy) return
    setBusy(true)
    setFailure(null)
    try {
      await edit(message.id, text.trim())
      onDone()
    } catch (error) {
      setFailure(error)
      setBusy(false)
    }
  }
  return (
    <form
      aria-label="Edit message"
      className="flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <Textarea
        autoFocus
        aria-label="Message"
        value={text}
        maxLength={100_000}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") onDone()
          if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return
          event.preventDefault()
          void submit()
        }}
      />
      {failure !== null && <ErrorNote error={failure} />}
      <div className="flex items-center justify-end gap-2">
        <span className="mr-auto text-sm text-muted">The old message stays on a branch of its own.</span>
        <Button size="sm" tone="ghost" onClick={onDone}>
          Cancel
        </Button>
        <Button size="sm" tone="primary" type="submit" busy={busy} disabled={mayNot}>
          Send anew
        </Button>
      </div>
    </form>
  )
}

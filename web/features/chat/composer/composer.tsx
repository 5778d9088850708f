import { ArrowUp, CircleStop, Workflow, X } from "lucide-react"
import { useEffect, useRef, useState, type KeyboardEvent } from "react"
import type { ChatSession } from "#core/contract/chat"
import type { AgentId, FlowId } from "#core/ids"
import { useCan } from "#web/api/me.ts"
import { Button } from "#web/ui/button.tsx"
import { ErrorNote } from "#web/ui/error-note.tsx"
import { IconButton } from "#web/ui/icon-button.tsx"
import { useMedia } from "#web/ui/use-media.ts"
import { keepDraft, keptDraft } from "../model/drafts.ts"
import { useThisThread } from "../thread/use-thread.ts"
import { AttachFlow, type AttachedFlow } from "./attach-flow.tsx"
import { ToMember } from "./to-member.tsx"

/** Where one writes. What was typed is kept until the server has taken it, whatever happens. */
export function Composer({ session }: { session: ChatSession }) {
  const mayWrite = useCan("chat.write")
  return (
    <div className="border-t border-line bg-surface px-6 py-3 max-md:px-3 max-md:py-2">
      <div className="mx-auto max-w-3xl">
        {mayWrite ? (
          <Writing session={session} />
        ) : (
          <p className="text-center text-muted">Your role may read this chat, and not write in it.</p>
        )}
      </div>
    </div>
  )
}

const hints = {
  queue: "Is answered after the answer under way",
  interrupt: "Interrupts the answer under way",
  refuse: "Can be sent when the answer is done",
}

function Writing({ session }: { session: ChatSession }) {
  const box = useRef<HTMLTextAreaElement>(null)
  const draft = useDraft(session.id)
  const [flow, setFlow] = useState<AttachedFlow | null>(null)
  const [to, setTo] = useState<AgentId | null>(null)
  const fingers = useMedia("(pointer: coarse)")
  const isBusy = session.status !== "idle"
  const { busy } = session.settings
  const isRefused = isBusy && busy === "refuse"
  const maySend = draft.text.trim() !== "" && !isRefused
  const submit = async () => {
    if (!maySend) return
    box.current?.focus()
    setFlow(null)
    const taken = await draft.send({
      ...(flow ? { attached_flow_id: flow.id } : {}),
      ...(to ? { to_agent_id: to } : {}),
    })
    // What was not taken stands as it stood.
    if (!taken) setFlow((now) => now ?? flow)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.nativeEvent.isComposing) return
    // A finger has no Shift at hand: there a line break is a line break.
    const sends = fingers ? event.metaKey || event.ctrlKey : !event.shiftKey
    if (!sends) return
    event.preventDefault()
    void submit()
  }
  return (
    <form
      className="flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      {draft.failure !== null && <ErrorNote error={draft.failure} />}
      <div className="rounded-lg border border-field bg-surface transition-[border-color] duration-[120ms] focus-within:border-focus focus-within:ring-1 focus-within:ring-focus hover:border-muted">
        <textarea
          ref={box}
          // The page of a chat is for writing in it; on a phone the keyboard would hide what is to be read.
          autoFocus={!fingers}
          aria-label={`Message to ${session.partner}`}
          placeholder={isBusy ? hints[busy] : `Message ${session.partner}`}
          rows={1}
          maxLength={100_000}
          value={draft.text}
          onChange={(event) => draft.setText(event.target.value)}
          onKeyDown={onKeyDown}
          className="field-sizing-content block max-h-[40dvh] min-h-10 w-full resize-none bg-transparent px-3 pt-2.5 pb-1 text-md leading-5 outline-none pointer-coarse:text-lg"
        />
        <div className="flex min-w-0 items-center gap-1 px-1.5 pb-1.5">
          {session.crew_id !== null && <ToMember crewId={session.crew_id} value={to} onChange={setTo} />}
          <AttachFlow value={flow} onChange={setFlow} />
          {flow && <Attached flow={flow} onRemove={() => setFlow(null)} />}
          <span className="flex-1" />
          {isBusy && <Stop isWordy={draft.text.trim() === ""} />}
          <IconButton
            label={isRefused ? hints.refuse : "Send"}
            keys={fingers || isRefused ? "" : "enter"}
            type="submit"
            size="sm"
            tone="primary"
            disabled={!maySend}
            className="rounded-full"
          >
            <ArrowUp />
          </IconButton>
        </div>
      </div>
    </form>
  )
}

const Attached = ({ flow, onRemove }: { flow: { id: FlowId; name: string }; onRemove: () => void }) => (
  <span className="inline-flex h-6 min-w-0 items-center gap-1 rounded-sm bg-active pl-1.5 text-sm">
    <Workflow aria-hidden className="size-3.5 text-muted" />
    <span className="min-w-0 truncate" title={flow.name}>
      {flow.name}
    </span>
    <button
      type="button"
      aria-label={`Without ${flow.name}`}
      onClick={onRemove}
      className="focus-ring flex size-6 shrink-0 items-center justify-center rounded-sm text-muted hover:text-ink"
    >
      <X aria-hidden className="size-3.5" />
    </button>
  </span>
)

function Stop({ isWordy }: { isWordy: boolean }) {
  const { acts } = useThisThread()
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<unknown>(null)
  const press = async () => {
    setBusy(true)
    setFailure(null)
    try {
      await acts.stop()
    } catch (error) {
      setFailure(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      {failure !== null && (
        <span role="alert" className="text-sm text-failed">
          Not stopped. Try again.
        </span>
      )}
      {isWordy ? (
        <Button size="sm" busy={busy} onClick={() => void press()}>
          <CircleStop aria-hidden />
          Stop
        </Button>
      ) : (
        <IconButton
          label="Stop the answer"
          size="sm"
          tone="secondary"
          busy={busy}
          onClick={() => void press()}
        >
          <CircleStop />
        </IconButton>
      )}
    </>
  )
}

type Extras = { attached_flow_id?: FlowId; to_agent_id?: AgentId }

/** What is being written, kept for this tab; what is on its way counts until the server has taken it. */
function useDraft(chatId: string) {
  const { send } = useThisThread()
  const [text, setText] = useState(() => keptDraft(chatId))
  const [onTheWay, setOnTheWay] = useState<readonly string[]>([])
  const [failure, setFailure] = useState<unknown>(null)
  useEffect(() => {
    keepDraft(chatId, [...onTheWay, text].filter(Boolean).join("\n\n"))
  }, [chatId, onTheWay, text])
  const sendIt = async (extras: Extras): Promise<boolean> => {
    const content = text.trim()
    setText("")
    setFailure(null)
    setOnTheWay((before) => [...before, content])
    try {
      await send({ content, ...extras })
      return true
    } catch (error) {
      setFailure(error)
      setText((now) => (now.trim() === "" ? content : `${content}\n\n${now}`))
      return false
    } finally {
      setOnTheWay((before) => before.filter((one) => one !== content))
    }
  }
  return { text, setText, failure, send: sendIt }
}

import { ArrowUp, CircleStop, SlidersHorizontal } from "lucide-react"
import { useState, type KeyboardEvent } from "react"
import { ProviderId } from "#core/ids"
import { useAtom, useAtomValue } from "#web/state/jotai.ts"
import { Field } from "#web/ui/field.tsx"
import { IconButton } from "#web/ui/icon-button.tsx"
import { sayCount } from "#web/ui/say-count.ts"
import { useMedia } from "#web/ui/use-media.ts"
import { selectionAtom } from "../atoms.ts"
import { useEditor } from "../editor-context.ts"
import { ModelInput, ProviderInput } from "../panel/fields/model-inputs.tsx"
import { builderMessageAtom, builderModelAtom } from "./atoms.ts"

type ComposerProps = {
  isBusy: boolean
  isFollowing: boolean
  onSend: (message: string) => void
  onStop: () => void
}

/** Where a change is described. */
export function Composer({ isBusy, isFollowing, onSend, onStop }: ComposerProps) {
  const [message, setMessage] = useAtom(builderMessageAtom)
  const [choosing, setChoosing] = useState(false)
  const { nodes } = useAtomValue(selectionAtom)
  const fingers = useMedia("(pointer: coarse)")
  const { commands } = useEditor()
  const maySend = message.trim() !== "" && !isBusy
  const send = () => {
    if (!maySend) return
    setMessage("")
    onSend(message.trim())
  }
  const onKeyDown = (event: KeyboardEvent) => {
    // With nothing written there is nothing to take back here but what was accepted.
    if (message === "" && (event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "z") {
      event.preventDefault()
      return event.shiftKey ? commands.redo() : commands.undo()
    }
    if (event.key !== "Enter" || event.nativeEvent.isComposing) return
    // A finger has no Shift at hand: there a line break is a line break.
    const sends = fingers ? event.metaKey || event.ctrlKey : !event.shiftKey
    if (!sends) return
    event.preventDefault()
    send()
  }
  return (
    <form
      className="flex shrink-0 flex-col gap-2 border-t p-3"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      {choosing && <ModelChoice />}
      <div className="rounded-lg border border-field bg-surface focus-within:border-focus focus-within:ring-1 focus-within:ring-focus hover:border-muted">
        <textarea
          data-builder
          aria-label="What should change"
          placeholder={isFollowing ? "What else?" : "Add a model that…"}
          rows={2}
          maxLength={4_000}
          value={message}
          onChange={(event) => setMessage(event.target.value)}
          onKeyDown={onKeyDown}
          className="field-sizing-content block max-h-[30dvh] min-h-14 w-full resize-none bg-transparent px-3 pt-2 pb-1 outline-none pointer-coarse:text-lg"
        />
        <div className="flex items-center gap-1 px-1.5 pb-1.5">
          <IconButton
            label="Choose the model"
            size="sm"
            aria-expanded={choosing}
            onClick={() => setChoosing(!choosing)}
          >
            <SlidersHorizontal />
          </IconButton>
          <span className="min-w-0 flex-1 truncate text-sm text-muted">
            {nodes.size > 0 && `“This” is ${sayCount(nodes.size, "selected node")}`}
          </span>
          {isBusy ? (
            <IconButton label="Stop" size="sm" className="rounded-full" onClick={onStop}>
              <CircleStop />
            </IconButton>
          ) : (
            <IconButton
              label="Propose changes"
              keys={fingers ? "" : "enter"}
              type="submit"
              size="sm"
              tone="primary"
              disabled={!maySend}
              className="rounded-full"
            >
              <ArrowUp />
            </IconButton>
          )}
        </div>
      </div>
    </form>
  )
}

/** Whom to ask: the tenant's default, unless another is chosen. */
function ModelChoice() {
  const [chosen, setChosen] = useAtom(builderModelAtom)
  return (
    <div className="flex flex-col gap-3">
      <Field label="Provider">
        <ProviderInput
          value={chosen.llm_provider_id}
          onChange={(id) => setChosen({ ...chosen, llm_provider_id: ProviderId.safeParse(id).data })}
        />
      </Field>
      <Field label="Model or alias" note="optional">
        <ModelInput
          value={chosen.model}
          providerId={chosen.llm_provider_id}
          onChange={(model) => setChosen({ ...chosen, model })}
        />
      </Field>
    </div>
  )
}

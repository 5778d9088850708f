import { noteText } from "#web/flow/note-card.tsx"
import { Field } from "#web/ui/field.tsx"
import { Textarea } from "#web/ui/input.tsx"
import { useEditor } from "../../editor-context.ts"
import type { SetupProps } from "./http-setup.tsx"

/** What a note says. */
export function NoteSetup({ node, faultAt }: SetupProps) {
  const { commands, mayEdit } = useEditor()
  return (
    <div className="p-3">
      <Field
        label="Text"
        error={faultAt("text")}
        help="Markdown: # headings, **bold**, - lists, [links](https://…)."
      >
        <Textarea
          rows={8}
          maxLength={20_000}
          value={noteText(node)}
          readOnly={!mayEdit}
          onChange={(event) => commands.setField(node.id, "text", event.target.value)}
        />
      </Field>
    </div>
  )
}

import { noteText } from "#web/flow/note-card.tsx"
import { Field } from "#web/ui/field.tsx"
import { fieldLook } from "#web/ui/input.tsx"
import { cn } from "#web/ui/cn.ts"
import { useEditor } from "../../editor-context.ts"
import { SharedText } from "../fields/shared-text.tsx"
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
        <SharedText
          shared={{ node: node.id, field: "text" }}
          maxLength={20_000}
          value={noteText(node)}
          readOnly={!mayEdit}
          onChange={(text) => commands.setField(node.id, "text", text)}
          className={cn(
            fieldLook,
            mayEdit ? "read-only:bg-surface" : "bg-sunken",
            "h-52 px-0 focus-within:border-focus focus-within:ring-1 focus-within:ring-focus has-aria-invalid:border-failed",
          )}
          textClass="px-2.5 py-1.5 leading-5 pointer-coarse:text-lg pointer-coarse:leading-6"
        />
      </Field>
    </div>
  )
}

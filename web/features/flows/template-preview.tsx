import type { FlowDraft } from "#core/contract/flows"
import { blankDraft } from "./blank.ts"
import { FlowSketch } from "./flow-sketch.tsx"
import { kindsIn } from "./gallery.ts"
import type { Template } from "./template-card.tsx"

const blank = blankDraft("Blank flow")

/** What is chosen before it is taken: its drawing, what it does, which steps it shows and what it is tried with. */
export function TemplatePreview({ template }: { template: Template | null }) {
  const flow: Pick<FlowDraft, "nodes" | "edges"> = template?.flow ?? blank
  const name = template?.name ?? blank.name
  const inputs = Object.keys(template?.sample_inputs ?? {})
  return (
    <section
      aria-label={`Preview of ${name}`}
      className="sticky top-0 overflow-hidden rounded-md border border-line"
    >
      <span
        aria-hidden
        className="flex h-44 w-full items-center justify-center border-b border-line bg-sunken p-4"
      >
        <FlowSketch nodes={flow.nodes} edges={flow.edges} className="h-full w-full" />
      </span>
      <div className="flex flex-col gap-2 px-3 py-2.5">
        <h3 className="font-medium">{name}</h3>
        <p>{template?.description ?? "An input and an output. Draw between them what your flow does."}</p>
        {template && (
          <dl className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-1 text-sm">
            <dt className="text-muted">Steps</dt>
            <dd>{kindsIn(template).join(", ")}</dd>
            <dt className="text-muted">Inputs</dt>
            <dd className="break-words">{inputs.join(", ") || "none"}</dd>
          </dl>
        )}
      </div>
    </section>
  )
}

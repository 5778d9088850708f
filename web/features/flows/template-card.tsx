import type { ReactNode } from "react"
import type { FlowDraft } from "#core/contract/flows"
import { cn } from "#web/ui/cn.ts"
import { blankDraft } from "./blank.ts"
import { FlowSketch } from "./flow-sketch.tsx"

export type Template = {
  id: string
  name: string
  description: string
  flow: FlowDraft
  sample_inputs: Record<string, unknown>
}

const blank = blankDraft("")

/** The inside of a card: a sketch over a name and a sentence. */
export const TemplateFace = ({ template, isWhole = false }: { template: Template; isWhole?: boolean }) => (
  <>
    <Picture>
      <FlowSketch nodes={template.flow.nodes} edges={template.flow.edges} className="h-full w-full" />
    </Picture>
    <Words name={template.name} description={template.description} isWhole={isWhole} />
  </>
)

export const BlankFace = () => (
  <>
    <Picture>
      <FlowSketch nodes={blank.nodes} edges={blank.edges} className="h-full w-full" />
    </Picture>
    <Words name="Blank flow" description="An input and an output, and the rest is yours" />
  </>
)

const Picture = ({ children }: { children: ReactNode }) => (
  <span
    aria-hidden
    className="flex h-20 w-full shrink-0 items-center justify-center border-b border-line bg-sunken px-5 py-3"
  >
    {children}
  </span>
)

type WordsProps = { name: string; description: string; isWhole?: boolean }

/** On a phone, where no preview stands beside it, the chosen one says all of its words. */
const Words = ({ name, description, isWhole }: WordsProps) => (
  <span className="block px-3 py-2.5 text-left">
    <span className="block truncate font-medium">{name}</span>
    <span className={cn("line-clamp-3 text-sm text-muted", isWhole && "max-md:line-clamp-none")}>
      {description}
    </span>
  </span>
)

export const cardLook = cn(
  "block overflow-hidden rounded-md border border-line-strong bg-surface transition-[border-color,box-shadow] duration-[120ms] hover:border-field",
)

import { Check, Copy } from "lucide-react"
import { IconButton } from "../icon-button.tsx"
import { useCopy } from "../use-copy.ts"
import { cn } from "../cn.ts"

type CodeProps = {
  text: string
  /** What its writer called it; empty when nothing. */
  language: string
  /** Off where a press means something else. */
  copy: boolean
}

/** A block of code within a text: scrolls by itself, and is copied with one press. */
export function Code({ text, language, copy }: CodeProps) {
  return (
    <figure className="group/code relative min-w-0 overflow-hidden rounded-md border border-line bg-sunken">
      {language && (
        <figcaption className="flex h-8 items-center truncate border-b border-line pr-10 pl-3 text-sm text-muted">
          {language}
        </figcaption>
      )}
      {copy && <CopyCode text={text} />}
      <pre
        // A region that scrolls must be reachable by keyboard (WCAG 2.1.1).
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        className={cn(
          "focus-ring-inset max-h-96 overflow-auto rounded-md px-3 py-2 font-mono text-sm leading-[1.125rem]",
          copy && !language && "pr-10",
        )}
      >
        <code>{text}</code>
      </pre>
    </figure>
  )
}

function CopyCode({ text }: { text: string }) {
  const { copied, copy } = useCopy()
  return (
    <IconButton
      label={copied ? "Copied" : "Copy code"}
      size="xs"
      tooltip={false}
      onClick={() => copy(text)}
      className="absolute top-1 right-1 bg-sunken"
    >
      {copied ? <Check className="text-succeeded" /> : <Copy />}
    </IconButton>
  )
}

import type { ReactNode } from "react"
import { cn } from "./cn.ts"
import { CopyButton } from "./copy-button.tsx"

type CodeBlockProps = {
  code: string
  /** Names the block, such as "Request" or a file's name. */
  title?: ReactNode
  /** Lines are wrapped unless their breaks carry meaning. */
  wrap?: boolean
  className?: string
}

/** Text to be read as it is, and copied. */
export function CodeBlock({ code, title, wrap = false, className }: CodeBlockProps) {
  return (
    <figure
      className={cn(
        "group/code relative min-w-0 overflow-hidden rounded-md border border-line bg-sunken",
        className,
      )}
    >
      {title && (
        <figcaption className="flex h-8 items-center border-b border-line pr-10 pl-3 text-sm text-muted">
          {title}
        </figcaption>
      )}
      <div className="absolute top-0.5 right-0.5">
        <CopyButton text={code} />
      </div>
      <pre
        // A region that scrolls must be reachable by keyboard (WCAG 2.1.1).
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        className={cn(
          "focus-ring-inset max-h-96 overflow-auto rounded-md px-3 py-2.5 font-mono text-sm leading-[1.125rem]",
          !title && "pr-10",
          wrap && "break-words whitespace-pre-wrap",
        )}
      >
        <code>{code}</code>
      </pre>
    </figure>
  )
}

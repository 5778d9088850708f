import { createPortal } from "react-dom"
import type { Json } from "#core/json"
import { KindTile } from "#web/flow/kind-tile.tsx"
import { cn } from "#web/ui/cn.ts"
import type { Suggestions } from "./use-suggestions.ts"

const width = 320
const height = 248

/** The paths that fit what is typed, under the caret. */
export function SuggestionList({ open, take, listId }: Pick<Suggestions, "open" | "take" | "listId">) {
  if (!open) return null
  const isLow = open.top + height + 8 > innerHeight
  const place = {
    left: Math.max(8, Math.min(open.left - 8, innerWidth - width - 8)),
    maxWidth: `min(${width}px, calc(100vw - 1rem))`,
    maxHeight: height,
    ...(isLow ? { bottom: innerHeight - open.top + 24 } : { top: open.top + 4 }),
  }
  return createPortal(
    <div
      id={listId}
      role="listbox"
      aria-label="Data to insert"
      style={{ ...place, width }}
      className="fixed z-50 overflow-y-auto rounded-md bg-raised p-1 shadow-float"
    >
      {open.found.map((one, i) => (
        <div
          key={`${one.source} ${one.path}`}
          id={`${listId}-${i}`}
          role="option"
          tabIndex={-1}
          aria-selected={i === open.chosen}
          ref={i === open.chosen ? intoSight : undefined}
          // The field keeps the keyboard.
          onPointerDown={(event) => {
            event.preventDefault()
            take(one)
          }}
          className={cn(
            "flex h-7 cursor-default items-center gap-2 rounded-sm px-1.5 hover:bg-hover pointer-coarse:h-10",
            i === open.chosen && "bg-hover",
          )}
        >
          <KindTile type={one.kind} size="sm" className="size-4" />
          <span className="min-w-0 flex-1 truncate font-mono text-sm">{one.path}</span>
          <span className="max-w-28 shrink-0 truncate text-sm text-muted">{sayBriefly(one)}</span>
        </div>
      ))}
    </div>,
    // Inside of the page's landmark, where nothing clips it.
    document.querySelector("main") ?? document.body,
  )
}

const intoSight = (option: HTMLDivElement | null): void => option?.scrollIntoView({ block: "nearest" })

function sayBriefly({ sample, type }: { sample: Json | undefined; type: string | undefined }): string {
  if (sample === undefined) return type ?? ""
  const said = typeof sample === "string" ? sample : JSON.stringify(sample)
  return said.length > 30 ? `${said.slice(0, 29)}…` : said
}

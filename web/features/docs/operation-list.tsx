import { Link } from "@tanstack/react-router"
import { useEffect, useRef } from "react"
import { SearchInput } from "#web/ui/input.tsx"
import { MethodMark } from "./method-mark.tsx"
import type { Operation, Reference } from "./model.ts"

type OperationListProps = {
  groups: Reference["groups"]
  search: string
  onSearch: (search: string) => void
  shown: string | undefined
}

/** A link to an operation is the current one only with that very search. */
const exactly = { exact: true, includeSearch: true }

const matches = (operation: Operation, words: readonly string[]) => {
  const text = `${operation.method} ${operation.path} ${operation.summary} ${operation.tag}`.toLowerCase()
  return words.every((word) => text.includes(word))
}

/** Every operation, grouped by noun, and a search over them. */
export function OperationList({ groups, search, onSearch, shown }: OperationListProps) {
  const list = useRef<HTMLDivElement>(null)
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  const found = groups
    .map(({ tag, operations }) => ({
      tag,
      operations: operations.filter((operation) => matches(operation, words)),
    }))
    .filter(({ operations }) => operations.length > 0)
  useEffect(() => {
    if (shown === undefined) return
    list.current
      ?.querySelector(`[data-operation="${CSS.escape(shown)}"]`)
      ?.scrollIntoView({ block: "nearest" })
  }, [shown])
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="p-3 pb-1">
        <SearchInput label="Search operations" value={search} onChange={onSearch} className="w-full" />
      </div>
      <div ref={list} className="min-h-0 flex-1 overflow-y-auto px-3 pb-6">
        {words.length === 0 && (
          <Link
            to="/docs"
            search={(before) => ({ ...before, operation: undefined })}
            activeOptions={exactly}
            className="focus-ring mt-2 flex h-7 items-center rounded-md px-2 text-soft hover:bg-hover hover:text-ink aria-[current=page]:bg-active aria-[current=page]:text-ink max-md:hidden"
          >
            Overview
          </Link>
        )}
        {found.map(({ tag, operations }) => (
          <section key={tag} aria-label={tag}>
            <h2 className="px-2 pt-4 pb-1 text-sm font-medium text-muted">{tag}</h2>
            <ul>
              {operations.map((operation) => (
                <li key={operation.id}>
                  <Link
                    to="/docs"
                    search={(before) => ({ ...before, operation: operation.id })}
                    activeOptions={exactly}
                    data-operation={operation.id}
                    className="focus-ring flex min-h-7 items-center gap-2 rounded-md px-2 py-1 text-soft hover:bg-hover hover:text-ink pointer-coarse:min-h-11 aria-[current=page]:bg-active aria-[current=page]:text-ink"
                  >
                    <MethodMark method={operation.method} className="w-9" />
                    <span className="min-w-0 leading-4">{operation.summary}</span>
                  </Link>
                </li>
              ))}
            </ul>
          </section>
        ))}
        {found.length === 0 && <p className="px-2 py-6 text-muted">No operation matches.</p>}
      </div>
    </div>
  )
}

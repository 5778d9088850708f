import { ArrowDown, ArrowUp, CaseSensitive, X } from "lucide-react"
import { useMemo, useState } from "react"
import type { FlowDraft } from "#core/contract/flows"
import { titleIn } from "#web/flow/node-card.tsx"
import { useAtomValue, useSetAtom, useStore } from "#web/state/jotai.ts"
import { Button } from "#web/ui/button.tsx"
import { Field } from "#web/ui/field.tsx"
import { IconButton } from "#web/ui/icon-button.tsx"
import { Input } from "#web/ui/input.tsx"
import { sayCount } from "#web/ui/say-count.ts"
import { toast } from "#web/ui/toast.tsx"
import { addedAtom, draftAtom, sideAtom } from "../atoms.ts"
import { useEditor } from "../editor-context.ts"
import { find, replace, whyNotReplace, type Hit, type Search } from "../model/search.ts"
import { HitRow } from "./hit-row.tsx"

const mostShown = 200

type Finding = ReturnType<typeof useFinding>

/** What is looked for, where it stands, and which place one is at. */
function useFinding(draft: FlowDraft) {
  const { commands } = useEditor()
  const store = useStore()
  const [search, setSearch] = useState<Search>({ text: "", matchCase: false })
  const [by, setBy] = useState("")
  const [at, setAt] = useState(0)
  const hits = useMemo(() => find(draft, search), [draft, search])
  const replaceable = useMemo(
    () => hits.filter((hit) => whyNotReplace(draft, hit, search, by) === null),
    [draft, hits, search, by],
  )
  const goTo = (index: number) => {
    const next = hits[(index + hits.length) % hits.length]
    if (!next) return
    setAt(hits.indexOf(next))
    commands.select([next.node])
    store.set(addedAtom, { id: next.node })
  }
  return {
    search,
    by,
    hits,
    replaceable,
    current: hits.at(Math.min(at, hits.length - 1)),
    setBy,
    look: (next: Partial<Search>) => {
      setSearch({ ...search, ...next })
      setAt(0)
    },
    goTo,
    goOn: (step: 1 | -1) => goTo(at + step),
    replace: (chosen: readonly Hit[]) => {
      const replaced = replace(store.get(draftAtom), chosen, search, by)
      if (commands.takeReplaced(replaced))
        toast.done(`Replaced in ${sayCount(replaced.count, "place")}`, { onClick: commands.undo })
    },
  }
}

/** Words in the titles, names and settings of all nodes: to go to, and to replace. */
export function FindPanel() {
  const { mayEdit } = useEditor()
  const draft = useAtomValue(draftAtom)
  const setSide = useSetAtom(sideAtom)
  const finding = useFinding(draft)
  const { hits, search, by, current } = finding
  return (
    <section aria-label="Find and replace" data-panel className="flex min-h-0 flex-1 flex-col">
      <header className="flex items-center justify-between gap-2 px-3 pt-2.5 pb-2">
        <h2 className="text-md font-semibold">Find and replace</h2>
        <IconButton label="Close the search" keys="esc" size="sm" onClick={() => setSide("panel")}>
          <X />
        </IconButton>
      </header>
      <div className="flex flex-col gap-3 border-b px-3 pb-3">
        <FindFields {...finding} />
        {mayEdit && <ReplaceFields {...finding} />}
      </div>
      <ul aria-label="Found" className="min-h-0 flex-1 overflow-y-auto p-1">
        {hits.slice(0, mostShown).map((hit, i) => (
          <HitRow
            key={hit.id}
            hit={hit}
            title={titleIn(draft, hit.node)}
            search={search}
            by={by === "" ? null : by}
            why={by === "" ? null : whyNotReplace(draft, hit, search, by)}
            current={hit === current}
            onGo={() => finding.goTo(i)}
          />
        ))}
        {hits.length > mostShown && (
          <li className="px-2 py-1.5 text-muted">{sayCount(hits.length - mostShown, "more place")}</li>
        )}
      </ul>
    </section>
  )
}

const FindFields = ({ search, hits, look, goOn }: Finding) => (
  <>
    <Field label="Find">
      <Input
        data-find
        value={search.text}
        maxLength={500}
        spellCheck={false}
        onChange={(event) => look({ text: event.target.value })}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return
          event.preventDefault()
          goOn(event.shiftKey ? -1 : 1)
        }}
      />
    </Field>
    <div className="flex items-center gap-1">
      <p role="status" className="tabular min-w-0 flex-1 truncate text-sm text-muted">
        {search.text === "" ? "In titles, names and settings" : sayHits(hits)}
      </p>
      <IconButton
        label="Match case"
        size="sm"
        aria-pressed={search.matchCase}
        onClick={() => look({ matchCase: !search.matchCase })}
        className="aria-pressed:bg-active aria-pressed:text-ink"
      >
        <CaseSensitive />
      </IconButton>
      <IconButton
        label="The one before"
        keys="shift+enter"
        size="sm"
        disabled={hits.length === 0}
        onClick={() => goOn(-1)}
      >
        <ArrowUp />
      </IconButton>
      <IconButton
        label="The next"
        keys="enter"
        size="sm"
        disabled={hits.length === 0}
        onClick={() => goOn(1)}
      >
        <ArrowDown />
      </IconButton>
    </div>
  </>
)

const ReplaceFields = ({ by, hits, replaceable, current, setBy, replace }: Finding) => (
  <>
    <Field label="Replace with">
      <Input value={by} maxLength={500} spellCheck={false} onChange={(event) => setBy(event.target.value)} />
    </Field>
    <div className="flex flex-wrap gap-2">
      <Button
        size="sm"
        disabled={!current || !replaceable.includes(current)}
        onClick={() => current && replace([current])}
      >
        Replace
      </Button>
      <Button size="sm" disabled={replaceable.length === 0} onClick={() => replace(hits)}>
        {replaceable.length === 0 ? "Replace all" : `Replace in ${sayCount(replaceable.length, "place")}`}
      </Button>
    </div>
  </>
)

function sayHits(hits: readonly Hit[]): string {
  if (hits.length === 0) return "Nothing found"
  const nodes = new Set(hits.map(({ node }) => node)).size
  const times = hits.reduce((sum, { at }) => sum + at.length, 0)
  return `${times.toLocaleString("en")}× in ${sayCount(hits.length, "place")} of ${sayCount(nodes, "node")}`
}

import { useState, type KeyboardEvent, type ReactNode } from "react"
import { Button } from "#web/ui/button.tsx"
import { Dialog } from "#web/ui/dialog.tsx"
import { Tabs } from "#web/ui/tabs.tsx"
import { useWide } from "#web/ui/use-media.ts"
import { OfferList } from "./offer-list.tsx"
import { OfferPanel } from "./offer-panel.tsx"
import type { Settled } from "./offer.ts"
import type { Offers } from "./use-offers.ts"

type ImportFrameProps = {
  offers: Offers
  noun: string
  placeWord: string
  /** What went wrong, or was done so far. */
  notice: ReactNode
  /** What holds for all of them. */
  settings: ReactNode
  /** The way back to the source, where the header has no room for it. */
  back: { label: string; onBack: () => void }
}

/** The list of what can be imported, and beside it what holds for all, or the one that is open. */
export function ImportFrame({ offers, noun, placeWord, notice, settings, back }: ImportFrameProps) {
  const wide = useWide()
  const [tab, setTab] = useState("list")
  const { opened, open, choose, ticked, settle } = offers
  const list = <OfferList offers={offers} noun={noun} placeWord={placeWord} />
  const key = opened?.offer.key ?? ""
  const panel = opened && {
    row: opened,
    onTick: () => {
      const next = new Set(ticked)
      if (!next.delete(key)) next.add(key)
      choose(next)
    },
    onSettle: (change: Settled) => settle(key, change),
  }
  const close = () => {
    open(undefined)
    // Whoever came by the keyboard goes on where they were.
    document.querySelector<HTMLElement>(`[role=row][data-key="${CSS.escape(key)}"]`)?.focus()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape" && opened) close()
  }
  if (!wide) {
    return (
      <>
        {notice}
        <Tabs
          label="Import"
          value={tab}
          onChange={setTab}
          className="min-h-0 flex-1"
          panelClassName="flex min-h-0 flex-col data-[state=inactive]:hidden"
          tabs={[
            { value: "list", label: `${noun.charAt(0).toUpperCase()}${noun.slice(1)}s`, panel: list },
            {
              value: "settings",
              label: "For all",
              panel: (
                <div className="flex min-h-0 flex-1 flex-col items-stretch gap-6 overflow-y-auto p-4">
                  {settings}
                  <Button className="self-start md:hidden" onClick={back.onBack}>
                    {back.label}
                  </Button>
                </div>
              ),
            },
          ]}
        />
        {panel && (
          <Dialog open onOpenChange={(isOpen) => !isOpen && open(undefined)} title={`The ${noun}`}>
            <OfferPanel {...panel} />
          </Dialog>
        )}
      </>
    )
  }
  return (
    <>
      {notice}
      <div className="flex min-h-0 flex-1">
        {list}
        {/* Escape leaves what is open, from every field of it. */}
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
        <aside
          aria-label={opened ? "What is open" : "For all of them"}
          onKeyDown={onKeyDown}
          className="flex w-[21.25rem] shrink-0 flex-col overflow-y-auto border-l border-line bg-surface p-4"
        >
          {panel ? <OfferPanel key={key} {...panel} onClose={close} /> : settings}
        </aside>
      </div>
    </>
  )
}

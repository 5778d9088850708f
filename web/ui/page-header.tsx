import { Link } from "@tanstack/react-router"
import { ChevronRight } from "lucide-react"
import { createContext, Fragment, use, useLayoutEffect, useState, type ReactNode } from "react"
import { createPortal } from "react-dom"

type Slots = { crumbs: HTMLElement | null; actions: HTMLElement | null }
const SlotsContext = createContext<Slots>({ crumbs: null, actions: null })

/** The shell owns the header's place; a page fills it. */
export function useHeaderSlots() {
  const [crumbs, setCrumbs] = useState<HTMLElement | null>(null)
  const [actions, setActions] = useState<HTMLElement | null>(null)
  return { slots: { crumbs, actions }, setCrumbs, setActions }
}
export const HeaderSlotsProvider = ({ slots, children }: { slots: Slots; children: ReactNode }) => (
  <SlotsContext value={slots}>{children}</SlotsContext>
)

type Crumb = { label: string; to?: string; content?: ReactNode }

type PageHeaderProps = {
  /** From the section to this page; the last is the page itself and the document's title. */
  crumbs: readonly Crumb[]
  actions?: ReactNode
}

/** Names the page in the breadcrumb and the window, and puts its actions at the header's right. */
export function PageHeader({ crumbs, actions }: PageHeaderProps) {
  const slots = use(SlotsContext)
  const title = crumbs
    .map((crumb) => crumb.label)
    .toReversed()
    .join(" · ")
  useLayoutEffect(() => {
    document.title = `${title} · Edgecrew`
  }, [title])
  return (
    <>
      {slots.crumbs && createPortal(<Crumbs crumbs={crumbs} />, slots.crumbs)}
      {slots.actions && actions && createPortal(actions, slots.actions)}
    </>
  )
}

/** What lies between gives way first, so that one sees where one is. */
const roomOf = (index: number, count: number): string =>
  index === count - 1 ? (count > 2 ? "max-w-1/2 shrink-0" : "min-w-0") : index === 0 ? "shrink-0" : "min-w-0"

function Crumbs({ crumbs }: { crumbs: readonly Crumb[] }) {
  return (
    <nav aria-label="Breadcrumb" className="min-w-0">
      <ol className="flex min-w-0 items-center gap-1">
        {crumbs.map((crumb, index) => {
          const last = index === crumbs.length - 1
          return (
            <Fragment key={crumb.to ?? crumb.label}>
              {index > 0 && (
                <li aria-hidden className="shrink-0 text-muted">
                  <ChevronRight className="size-3.5" />
                </li>
              )}
              <li className={roomOf(index, crumbs.length)}>
                {crumb.to && !last ? (
                  <Link
                    to={crumb.to}
                    className="focus-ring block truncate rounded-sm px-1 py-0.5 text-muted hover:text-ink"
                  >
                    {crumb.label}
                  </Link>
                ) : (
                  (crumb.content ?? (
                    <h1
                      aria-current="page"
                      className="truncate px-1 text-base font-medium"
                      title={crumb.label}
                    >
                      {crumb.label}
                    </h1>
                  ))
                )}
              </li>
            </Fragment>
          )
        })}
      </ol>
    </nav>
  )
}

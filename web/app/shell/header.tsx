import { Search } from "lucide-react"
import { IconButton } from "#web/ui/icon-button.tsx"
import { Kbd } from "#web/ui/kbd.tsx"

type HeaderProps = {
  crumbs: (element: HTMLElement | null) => void
  actions: (element: HTMLElement | null) => void
  onSearch: () => void
}

/** Breadcrumb, search, and the page's own actions. */
export const Header = ({ crumbs, actions, onSearch }: HeaderProps) => (
  <header className="flex h-11 shrink-0 items-center gap-2 border-b border-line bg-surface px-3 max-md:h-12">
    <div ref={crumbs} className="flex min-w-0 flex-1" />
    <button
      type="button"
      onClick={onSearch}
      className="focus-ring flex h-7 w-44 items-center gap-2 rounded-md border border-line bg-sunken px-2 text-sm text-muted hover:border-line-strong hover:text-ink max-lg:hidden"
    >
      <Search aria-hidden className="size-3.5" />
      <span className="flex-1 text-left">Search</span>
      <Kbd keys="mod+k" />
    </button>
    <span className="lg:hidden">
      <IconButton label="Search" keys="mod+k" size="sm" onClick={onSearch}>
        <Search />
      </IconButton>
    </span>
    <div ref={actions} className="flex shrink-0 items-center gap-1.5 empty:hidden" />
  </header>
)

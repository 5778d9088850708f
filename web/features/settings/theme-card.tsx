import type { Theme } from "#web/state/appearance.ts"
import { cn } from "#web/ui/cn.ts"

type ThemeCardProps = { theme: Theme; label: string; checked: boolean; onChoose: () => void }

/** A choice of theme that shows itself: the inner `data-theme` turns the tokens. */
export const ThemeCard = ({ theme, label, checked, onChoose }: ThemeCardProps) => (
  <label className="group block">
    <input type="radio" name="theme" checked={checked} onChange={onChoose} className="peer sr-only" />
    <span
      className={cn(
        "relative block h-24 overflow-hidden rounded-md border border-line-strong peer-focus-visible:outline-2 peer-focus-visible:outline-offset-1 peer-focus-visible:outline-focus group-hover:border-field",
        checked && "border-accent ring-1 ring-accent group-hover:border-accent",
      )}
    >
      {theme === "system" ? (
        <>
          <Miniature theme="light" />
          <Miniature theme="dark" className="[clip-path:polygon(100%_0,100%_100%,0_100%)]" />
        </>
      ) : (
        <Miniature theme={theme} />
      )}
    </span>
    <span className="mt-1.5 block">{label}</span>
  </label>
)

const Miniature = ({ theme, className }: { theme: "light" | "dark"; className?: string }) => (
  <span aria-hidden data-theme={theme} className={cn("absolute inset-0 flex bg-page", className)}>
    <span className="flex w-1/4 flex-col gap-1.5 border-r border-line p-2">
      <span className="h-1.5 w-3/4 rounded-full bg-active" />
      <span className="h-1.5 w-full rounded-full bg-active" />
      <span className="h-1.5 w-2/3 rounded-full bg-active" />
    </span>
    <span className="flex flex-1 flex-col gap-2 bg-surface p-2.5">
      <span className="flex justify-between">
        <span className="h-1.5 w-1/3 rounded-full bg-muted" />
        <span className="h-1.5 w-5 rounded-full bg-accent" />
      </span>
      <span className="h-px bg-line" />
      <span className="h-1.5 w-3/4 rounded-full bg-line-strong" />
      <span className="h-px bg-line" />
      <span className="h-1.5 w-1/2 rounded-full bg-line-strong" />
      <span className="h-px bg-line" />
      <span className="h-1.5 w-2/3 rounded-full bg-line-strong" />
    </span>
  </span>
)

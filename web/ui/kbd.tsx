import { cn } from "./cn.ts"

const isApple = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.userAgent)

/** `mod` is ⌘ on Apple's keyboards and Ctrl elsewhere. */
const glyphs: Record<string, string> = {
  mod: isApple ? "⌘" : "Ctrl",
  shift: isApple ? "⇧" : "Shift",
  ctrl: isApple ? "⌃" : "Ctrl",
  space: "Space",
  alt: isApple ? "⌥" : "Alt",
  enter: "↵",
  esc: "Esc",
  up: "↑",
  down: "↓",
  left: "←",
  right: "→",
  tab: "⇥",
  backspace: "⌫",
}

/** Keys, for those who have them, as written in shortcuts: `mod+k`, `g f`, `?`. */
export function Kbd({ keys, className }: { keys: string; className?: string }) {
  const parts = keys.split(/(?<=.)[+ ]/).filter(Boolean)
  return (
    <span className={cn("inline-flex items-center gap-0.5 pointer-coarse:hidden", className)}>
      {parts.map((part) => (
        <kbd
          key={part}
          className="inline-flex h-[1.125rem] min-w-[1.125rem] items-center justify-center rounded-sm border border-line-strong px-1 font-sans text-xs text-muted"
        >
          {glyphs[part] ?? part.toUpperCase()}
        </kbd>
      ))}
    </span>
  )
}

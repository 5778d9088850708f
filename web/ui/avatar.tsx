import { cn } from "./cn.ts"

const hues = [
  "bg-kind-model-soft text-kind-model",
  "bg-kind-agent-soft text-kind-agent",
  "bg-kind-tool-soft text-kind-tool",
  "bg-kind-person-soft text-kind-person",
  "bg-kind-data-soft text-kind-data",
] as const

/** The same hues as ink alone. */
const inks = [
  "text-kind-model",
  "text-kind-agent",
  "text-kind-tool",
  "text-kind-person",
  "text-kind-data",
] as const

const initials = (name: string): string => {
  const words = name.split(/[\s@._-]+/).filter(Boolean)
  const letters = words.length > 1 ? [words[0]![0], words[1]![0]] : Array.from(words[0] ?? "?").slice(0, 2)
  return letters.join("").toUpperCase()
}

/** Always the same number for the same seed. */
function numberOf(seed: string): number {
  let sum = 0
  for (const letter of seed) sum = (sum * 31 + letter.codePointAt(0)!) >>> 0
  return sum
}
const hueOf = (seed: string): string => hues[numberOf(seed) % hues.length]!

/** The colour of somebody's avatar, as a class of ink. */
export const inkOf = (seed: string): string => inks[numberOf(seed) % inks.length]!

type AvatarProps = {
  name: string
  seed?: string
  size?: "sm" | "md" | "lg"
  shape?: "round" | "square"
  className?: string
}

const sizes = { sm: "size-5 text-[0.5625rem]", md: "size-6 text-[0.625rem]", lg: "size-9 text-sm" }

/** Initials; decoration beside a written name. */
export function Avatar({ name, seed = name, size = "sm", shape = "round", className }: AvatarProps) {
  return (
    <span
      aria-hidden
      // Drawn, not written: a screen reader and a text search should meet the name only once.
      data-initials={initials(name)}
      className={cn(
        "before:content-[attr(data-initials)] inline-flex shrink-0 select-none items-center justify-center font-semibold tracking-tight",
        shape === "round" ? "rounded-full" : "rounded-sm",
        sizes[size],
        hueOf(seed),
        className,
      )}
    />
  )
}

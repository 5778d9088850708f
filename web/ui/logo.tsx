import { cn } from "./cn.ts"

/** The mark: lines of work that meet people. */
export const Logo = ({ className }: { className?: string }) => (
  <svg viewBox="0 0 32 32" aria-hidden className={cn("size-6", className)}>
    <rect width="32" height="32" rx="7" className="fill-accent" />
    <path
      d="M9 10.5h6.5M9 16h10M9 21.5h6.5"
      className="stroke-on-accent"
      strokeWidth="2.6"
      strokeLinecap="round"
      fill="none"
    />
    <circle cx="21.5" cy="10.5" r="2.3" className="fill-on-accent" />
    <circle cx="24" cy="16" r="2.3" className="fill-on-accent opacity-70" />
    <circle cx="21.5" cy="21.5" r="2.3" className="fill-on-accent" />
  </svg>
)

import { formatMicros } from "#core/money"
import { cn } from "./cn.ts"

/** Micro-dollars as "$0.0012". */
export const Money = ({ micros, className }: { micros: number; className?: string }) => (
  <span className={cn("tabular", className)}>{formatMicros(micros)}</span>
)

/** "12,400". */
export const Count = ({ value, className }: { value: number; className?: string }) => (
  <span className={cn("tabular", className)}>{value.toLocaleString("en")}</span>
)

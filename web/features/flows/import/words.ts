import { CircleCheck, CircleX, Puzzle, Shuffle, type LucideIcon } from "lucide-react"
import type { ExchangeFormat } from "#core/exchange/format"
import type { Fidelity } from "#core/exchange/report"

export const formatNames: Record<ExchangeFormat, string> = {
  "edgecrew.flow": "Edgecrew",
  n8n: "n8n",
  dify: "Dify",
  flowise: "Flowise",
  crewai: "CrewAI",
  openapi: "OpenAPI",
}

type Look = { icon: LucideIcon; hue: string; label: string }

export const fidelityLooks: Record<Fidelity, Look> = {
  exact: { icon: CircleCheck, hue: "text-succeeded", label: "Same" },
  changed: { icon: Shuffle, hue: "text-waiting", label: "Changed" },
  opaque: { icon: Puzzle, hue: "text-attention", label: "Placeholder" },
  dropped: { icon: CircleX, hue: "text-failed", label: "Left out" },
}

/** What needs a look comes first. */
export const fidelityOrder: readonly Fidelity[] = ["dropped", "opaque", "changed", "exact"]

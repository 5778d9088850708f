import type { Risk } from "#core/tool/tool"
import { Badge, type Tone } from "#web/ui/badge.tsx"

export const risks: Record<Risk, { word: string; help: string; tone: Tone }> = {
  read: { word: "Reads", help: "It looks, and changes nothing.", tone: "neutral" },
  write: { word: "Writes", help: "It changes something of ours.", tone: "waiting" },
  danger: { word: "Acts outside", help: "It acts on the world outside.", tone: "attention" },
}

/** How much harm a tool can do, in a word. */
export const RiskBadge = ({ risk }: { risk: Risk }) => (
  <Badge tone={risks[risk].tone}>{risks[risk].word}</Badge>
)

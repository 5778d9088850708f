import { market } from "./market.ts"
import { report } from "./report.ts"
import { trip } from "./trip.ts"

/** What a CrewAI project keeps in `config/agents.yaml` and `config/tasks.yaml`. */
export type CrewAiPair = { agents_yaml: string; tasks_yaml: string }

export const pairs = { report, trip, market } as const satisfies Record<string, CrewAiPair>

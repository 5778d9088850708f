import { around } from "#core/agent/lone"
import type { FrozenGraph } from "#core/flow/frozen"
import { crewKey } from "#core/flow/kinds/crew"
import type { CrewDefinition } from "./crew.ts"

/** The flow that a crew by itself amounts to; it is given `input` as it is. */
export const loneCrew = (crew: CrewDefinition): FrozenGraph => {
  const data = { crew_id: crew.crew_id, input: "{{ input.input }}" }
  return {
    ...around({ id: "crew", type: "crew", position: { x: 280, y: 0 }, data, label: crew.name }),
    crews: { [crewKey(data)]: crew },
  }
}

import { Trash2 } from "lucide-react"
import { FormSection } from "#web/agent/form-section.tsx"
import { Button } from "#web/ui/button.tsx"
import { Field } from "#web/ui/field.tsx"
import { NumberInput } from "#web/ui/number-input.tsx"
import { useBuilder } from "../builder-context.ts"
import { delegationOf, withEdge, withEdgeBudget, withoutEdge } from "../edits.ts"
import { PanelHead } from "./parts.tsx"

const microsInDollar = 1_000_000

/** Who may hand work to whom, and what one such piece of work may cost. */
export function EdgePanel({ from, to }: { from: string; to: string }) {
  const { crew, set, mayEdit, onOpen } = useBuilder()
  const edge = delegationOf(crew).edges.find((one) => one.from === from && one.to === to)
  const micros = edge?.max_cost_micros
  return (
    <>
      <PanelHead title={`${from} → ${to}`} under="Delegation" />
      <FormSection
        title={edge ? `${from} may hand work to ${to}` : `${from} may not hand work to ${to}`}
        help="It does so by a tool of its own, whenever it thinks fit. The work is done as the other agent, and its answer comes back."
      >
        {edge ? (
          <>
            <Field
              label="Dollars a delegation"
              note="optional"
              help="Such as 0.02. What it costs ends there; empty: the agent's own limit."
            >
              <NumberInput
                disabled={!mayEdit}
                value={micros === undefined ? undefined : micros / microsInDollar}
                refuse={(dollars) => (dollars > 0 ? undefined : "More than 0")}
                onChange={(dollars) =>
                  set(
                    withEdgeBudget(
                      crew,
                      from,
                      to,
                      dollars === undefined ? undefined : Math.max(1, Math.round(dollars * microsInDollar)),
                    ),
                  )
                }
              />
            </Field>
            {mayEdit && (
              <Button
                className="self-start"
                onClick={() => {
                  set(withoutEdge(crew, from, to))
                  onOpen({ is: "crew" })
                }}
              >
                <Trash2 aria-hidden />
                Remove the line
              </Button>
            )}
          </>
        ) : (
          mayEdit && (
            <Button className="self-start" onClick={() => set(withEdge(crew, from, to))}>
              Allow it
            </Button>
          )
        )}
      </FormSection>
    </>
  )
}

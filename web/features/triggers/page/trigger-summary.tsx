import { Link } from "@tanstack/react-router"
import type { ReactNode } from "react"
import type { Trigger } from "#core/contract/triggers"
import { Switch } from "#web/ui/checkbox.tsx"
import { RelativeTime } from "#web/ui/relative-time.tsx"
import { HealthBadge } from "../health.tsx"
import { triggerKinds } from "../kinds.ts"
import { useTriggerActs } from "../queries.ts"
import { Gist } from "../trigger-columns.tsx"

/** The facts of a trigger in a line, and why it does not work when it does not. */
export function TriggerSummary({ trigger, mayEdit }: { trigger: Trigger; mayEdit: boolean }) {
  const { turn } = useTriggerActs()
  const { id, name, health, flow_id, flow_name, last_fired_at: last, next_fire_at: next } = trigger
  const { icon: Icon, label } = triggerKinds[trigger.kind]
  const isIll = health.status === "dead" || health.status === "failing"
  return (
    <header className="border-b border-line bg-surface px-5 py-3 max-md:px-4">
      <div className="flex flex-wrap items-center gap-x-5 gap-y-2">
        <HealthBadge trigger={trigger} look="soft" />
        <Fact label="Kind">
          <Icon aria-hidden className="size-3.5 text-muted" /> {label}
          {trigger.kind === "schedule" && (
            <>
              {" · "}
              <Gist trigger={trigger} />
            </>
          )}
        </Fact>
        <Fact label="Flow">
          {flow_name === null ? (
            <span className="text-failed">Deleted flow</span>
          ) : (
            <Link
              to="/flows/$flowId"
              params={{ flowId: flow_id }}
              title={flow_name}
              className="focus-ring truncate rounded-sm underline-offset-2 hover:underline"
            >
              {flow_name}
            </Link>
          )}
        </Fact>
        <Fact label="Last fired">{last ? <RelativeTime at={last} /> : "Never"}</Fact>
        {next && (
          <Fact label="Next fire">
            <RelativeTime at={next} />
          </Fact>
        )}
        {mayEdit && (
          <span className="ml-auto flex items-center gap-2">
            <span aria-hidden>Active</span>
            <Switch
              aria-label={`${name} is active`}
              checked={trigger.is_active}
              onCheckedChange={(on) => turn.mutate({ id, on })}
            />
          </span>
        )}
      </div>
      {isIll && trigger.is_active && (
        <p className="prose-width mt-2 break-words text-failed">{health.reason ?? health.last_error}</p>
      )}
    </header>
  )
}

const Fact = ({ label, children }: { label: string; children: ReactNode }) => (
  <span className="flex min-w-0 max-w-80 items-center gap-1.5">
    <span className="sr-only">{label}: </span>
    {label === "Last fired" || label === "Next fire" ? (
      <span aria-hidden className="text-muted">
        {label}
      </span>
    ) : null}
    {children}
  </span>
)

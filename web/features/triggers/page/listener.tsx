import { skipToken, useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { useNavigate } from "@tanstack/react-router"
import { Ear, LoaderCircle, Play } from "lucide-react"
import { useState } from "react"
import type { WebhookConfig } from "#core/contract/trigger-config"
import { triggersApi, type DeliveryEnvelope, type Trigger } from "#core/contract/triggers"
import { isJsonObject, type JsonObject } from "#core/json"
import { call } from "#web/api/call.ts"
import { queryKeys } from "#web/api/query-keys.ts"
import { keepInputs } from "#web/state/last-inputs.ts"
import { Countdown } from "#web/flow/countdown.tsx"
import { Button } from "#web/ui/button.tsx"
import { CheckboxLine } from "#web/ui/checkbox.tsx"
import { ErrorNote } from "#web/ui/error-note.tsx"
import { JsonView } from "#web/ui/json-view.tsx"

type Webhook = Extract<Trigger, { kind: "webhook" }>

/** One answer of the server comes after this many seconds at most, or as soon as something was heard. */
const waitSeconds = 20

/** Waits for the next delivery and shows it whole: the way to see what a sender really sends. */
export function Listener({ trigger }: { trigger: Webhook }) {
  const { heard, begin, stop, isBegun, error } = useListening(trigger)
  const [starts, setStarts] = useState(false)
  if (heard?.sample) return <Heard trigger={trigger} sample={heard.sample} onAgain={() => begin(starts)} />
  if (isBegun && heard?.is_listening) {
    return (
      <div
        role="status"
        className="flex items-center gap-2.5 rounded-md border border-line bg-sunken px-3 py-2.5"
      >
        <LoaderCircle aria-hidden className="animate-spin text-running" />
        <span className="min-w-0 flex-1">
          Waiting for a delivery…{" "}
          {heard.until && <Countdown due={heard.until} over="" className="text-muted" />}
        </span>
        <Button size="sm" tone="ghost" onClick={stop}>
          Stop
        </Button>
      </div>
    )
  }
  return (
    <div className="flex flex-col items-start gap-2">
      {error !== null && <ErrorNote error={error} className="self-stretch" />}
      {isBegun && <p className="text-muted">Nothing came in two minutes.</p>}
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Button onClick={() => begin(starts)}>
          <Ear aria-hidden />
          {isBegun ? "Listen again" : "Listen for a delivery"}
        </Button>
        <CheckboxLine
          label="Also start an execution"
          checked={starts}
          onCheckedChange={(on) => setStarts(on)}
        />
      </div>
    </div>
  )
}

/** Begins to listen, and asks again and again until something was heard or the time is over. */
function useListening({ id }: Webhook) {
  const queries = useQueryClient()
  const params = { trigger_id: id }
  // Not under the trigger, whose own refresh would ask this anew.
  const key = ["heard", id]
  const listen = useMutation({
    mutationFn: (body: { start?: boolean; stop?: boolean }) => call(triggersApi.listen, { params, body }),
    onSuccess: (state) => queries.setQueryData(key, state),
  })
  const isBegun = listen.isSuccess && listen.variables.stop !== true
  const asked = useQuery({
    queryKey: key,
    queryFn: isBegun
      ? async ({ signal }) => {
          const state = await call(triggersApi.heard, { params, query: { wait: waitSeconds }, signal })
          if (state.delivery) void queries.invalidateQueries({ queryKey: queryKeys.trigger(id) })
          return state
        }
      : skipToken,
    staleTime: Infinity,
    gcTime: 0,
    // The server itself waits; the next question follows its answer.
    refetchInterval: ({ state: { data } }) => (data?.is_listening && !data.delivery ? 50 : false),
  })
  return {
    heard: isBegun ? asked.data : undefined,
    isBegun,
    error: listen.error ?? asked.error,
    begin: (start: boolean) => listen.mutate({ start }),
    stop: () => listen.mutate({ stop: true }),
  }
}

/** What the flow would be given of a delivery; null where a mapping decides that on the server. */
export function inputsOf(config: Pick<WebhookConfig, "inputs">, sample: DeliveryEnvelope): JsonObject | null {
  if (typeof config.inputs === "object") return null
  if (config.inputs === "envelope") return { ...sample }
  return isJsonObject(sample.body) ? sample.body : { body: sample.body }
}

type HeardProps = { trigger: Webhook; sample: DeliveryEnvelope; onAgain: () => void }

function Heard({ trigger, sample, onAgain }: HeardProps) {
  const navigate = useNavigate()
  const inputs = inputsOf(trigger.config, sample)
  const use = () => {
    if (inputs === null) return
    keepInputs(trigger.flow_id, inputs)
    void navigate({ to: "/flows/$flowId", params: { flowId: trigger.flow_id } })
  }
  return (
    <div className="flex flex-col gap-2">
      <p role="status" className="font-medium">
        This came in:
      </p>
      <div className="max-h-80 overflow-auto rounded-md border border-line bg-sunken p-2">
        <JsonView value={sample} label="What came in" open={2} />
      </div>
      <div className="flex flex-wrap gap-2">
        {inputs !== null && trigger.flow_name !== null && (
          <Button tone="primary" onClick={use}>
            <Play aria-hidden />
            Use as inputs in the editor
          </Button>
        )}
        <Button onClick={onAgain}>
          <Ear aria-hidden />
          Listen again
        </Button>
      </div>
    </div>
  )
}

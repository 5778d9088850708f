import { useQuery } from "@tanstack/react-query"
import { useMemo, type ReactNode } from "react"
import type { Trigger } from "#core/contract/triggers"
import { nextFires, timingFaults } from "#core/schedule/timing"
import { exampleInputs } from "#web/flow/schema-form.ts"
import { CodeBlock } from "#web/ui/code-block.tsx"
import { useNow } from "#web/ui/use-now.ts"
import { sayEnd } from "../dialog/flow-fields.tsx"
import { sayKind } from "../dialog/signature-fields.tsx"
import { curlOf } from "../model/curl.ts"
import { ownZone } from "../model/time-zones.ts"
import { NextFires } from "../next-fires.tsx"
import { flowOfTriggerQuery } from "../queries.ts"
import { sayTiming } from "../say-timing.ts"
import { addressOf } from "../use-trigger-menu.ts"
import { AddressLine } from "./address-line.tsx"
import { Listener } from "./listener.tsx"

type Of<Kind extends Trigger["kind"]> = { trigger: Extract<Trigger, { kind: Kind }>; mayEdit: boolean }

/** What one needs to use a trigger, by its kind. */
export function TriggerSetup({ trigger, mayEdit }: { trigger: Trigger; mayEdit: boolean }) {
  switch (trigger.kind) {
    case "webhook":
      return <WebhookSetup trigger={trigger} mayEdit={mayEdit} />
    case "schedule":
      return <ScheduleSetup trigger={trigger} mayEdit={mayEdit} />
    case "form":
      return <FormSetup trigger={trigger} mayEdit={mayEdit} />
    case "flow":
      return <FlowSetup trigger={trigger} mayEdit={mayEdit} />
    default:
      return trigger satisfies never
  }
}

const Columns = ({ children }: { children: ReactNode }) => (
  <section
    aria-label="Setup"
    className="grid items-start gap-x-8 gap-y-5 border-b border-line px-5 py-5 max-md:px-4 lg:grid-cols-2"
  >
    {children}
  </section>
)

const Column = ({ children }: { children: ReactNode }) => (
  <div className="flex min-w-0 flex-col gap-3">{children}</div>
)

const noAddress = "Only those who may change triggers see the address."

function WebhookSetup({ trigger, mayEdit }: Of<"webhook">) {
  const address = addressOf(trigger)
  const flow = useQuery(flowOfTriggerQuery(trigger.flow_name === null ? null : trigger.flow_id)).data?.flow
  const { config, secret } = trigger
  const body = exampleInputs(flow?.input_schema) ?? { text: "Hello" }
  const isSigned = config.signature.kind !== "none"
  return (
    <Columns>
      <Column>
        {address === null ? (
          <p className="text-muted">{noAddress}</p>
        ) : (
          <AddressLine label="Address" text={address} />
        )}
        <p className="text-muted">
          {config.methods.join(", ")} ·{" "}
          {isSigned ? `signed: ${sayKind(config.signature.kind)}` : "not signed"}
          {secret?.set && <span className="font-mono text-sm"> …{secret.hint.replace("…", "")}</span>}
          {" · "}
          {config.reply.mode === "outputs" ? "answers with the outputs" : "answers at once"}
        </p>
        {mayEdit && trigger.is_active && <Listener trigger={trigger} />}
      </Column>
      {address !== null && (
        <Column>
          <CodeBlock title="Send to it from a terminal" code={curlOf(config, address, body)} />
        </Column>
      )}
    </Columns>
  )
}

function ScheduleSetup({ trigger }: Of<"schedule">) {
  const { timing, inputs } = trigger.config
  const now = useNow(30_000)
  const zone = timing.kind === "cron" ? timing.time_zone : ownZone()
  const fires = useMemo(
    () => (timingFaults(timing, now).length > 0 ? [] : nextFires(timing, now, 3)),
    [timing, now],
  )
  return (
    <Columns>
      <Column>
        <div>
          <p className="text-md font-medium">{sayTiming(timing)}</p>
          <p className="text-muted">
            {timing.kind === "cron" && <span className="font-mono text-sm">{timing.cron}</span>}
            {timing.kind === "cron" && " · "}
            {zone.replaceAll("_", " ")}
          </p>
        </div>
        {trigger.is_active ? (
          <NextFires fires={fires} zone={zone} />
        ) : (
          <p className="text-muted">It is off: nothing is started.</p>
        )}
      </Column>
      {Object.keys(inputs).length > 0 && (
        <Column>
          <CodeBlock title="Inputs of the flow" code={JSON.stringify(inputs, null, 2)} />
        </Column>
      )}
    </Columns>
  )
}

/** What another site pastes to have the form in its page. */
const embedOf = (address: string, title: string): string =>
  `<iframe src="${address}" title="${title.replaceAll("&", "&amp;").replaceAll('"', "&quot;")}"\n  style="width: 100%; height: 640px; border: 0"></iframe>`

function FormSetup({ trigger }: Of<"form">) {
  const address = addressOf(trigger)
  if (address === null) {
    return (
      <Columns>
        <p className="text-muted">{noAddress}</p>
      </Columns>
    )
  }
  return (
    <Columns>
      <Column>
        <AddressLine label="Link" text={address} opens />
        <p className="text-muted">
          Whoever has the link may send the form in; it needs no account.
          {!trigger.is_active && " It is off: the link says that there is no such form."}
        </p>
      </Column>
      <Column>
        <CodeBlock
          title="Put it into a page of yours"
          code={embedOf(address, trigger.config.title || trigger.name)}
        />
      </Column>
    </Columns>
  )
}

function FlowSetup({ trigger }: Of<"flow">) {
  const { source_flow_id, on, inputs } = trigger.config
  const source = useQuery(flowOfTriggerQuery(source_flow_id)).data?.flow
  return (
    <Columns>
      <Column>
        <p>
          When an execution of <span className="font-medium">{source?.name ?? "another flow"}</span> has{" "}
          {sayEnd(on)}, <span className="font-medium">{trigger.flow_name ?? "this flow"}</span> begins with{" "}
          {inputs === "outputs"
            ? "its outputs"
            : inputs === "envelope"
              ? "all of its end"
              : "a mapping of its end"}
          .
        </p>
      </Column>
      {typeof inputs === "object" && (
        <Column>
          <CodeBlock title="Mapping" code={JSON.stringify(inputs.mapping, null, 2)} />
        </Column>
      )}
    </Columns>
  )
}

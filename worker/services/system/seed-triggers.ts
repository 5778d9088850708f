import { TriggerDraft } from "#core/contract/triggers"
import type { FlowTemplate } from "#core/flow/templates/template"
import type { FlowId } from "#core/ids"
import type { Ctx } from "#worker/context"
import type { Env, Settings } from "#worker/env"
import { createTrigger } from "#worker/services/triggers/create"

/** What starts the examples: one trigger of each kind that needs nothing from outside. The schedule waits to be switched on. */
const drafts: Record<string, (sample: FlowTemplate["sample_inputs"]) => object> = {
  triage: () => ({
    kind: "webhook",
    name: "Mails from the help desk",
    config: {
      dedupe: { id_header: "X-Message-Id" },
      inputs: { mapping: { mail: "{{ input.body.text }}" } },
      reply: { mode: "outputs", wait_seconds: 30 },
    },
  }),
  invoice: () => ({
    kind: "form",
    name: "Invoices by form",
    config: {
      title: "Send us an invoice",
      description:
        "Paste its text. We read number, vendor, date and amounts out of it, and check that they add up.",
      reply: { mode: "outputs", wait_seconds: 30 },
    },
  }),
  briefing: (sample) => ({
    kind: "schedule",
    name: "Briefing on working days",
    is_active: false,
    config: { timing: { kind: "cron", cron: "0 7 * * 1-5", time_zone: "Europe/Berlin" }, inputs: sample },
  }),
}

/** Gives an example flow its trigger, if it has one. */
export async function seedTrigger(
  env: Env,
  ctx: Ctx,
  settings: Settings,
  { id, sample_inputs }: FlowTemplate,
  flow_id: FlowId,
): Promise<void> {
  const draft = drafts[id]?.(sample_inputs)
  if (draft) await createTrigger(env, ctx, settings, TriggerDraft.parse({ ...draft, flow_id }))
}

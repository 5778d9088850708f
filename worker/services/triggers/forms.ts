import { FormConfig } from "#core/contract/trigger-config"
import type { FormAnswer, PublicForm } from "#core/contract/triggers"
import { Failure } from "#core/errors"
import { isSettled } from "#core/execution/status"
import type { JsonSchema } from "#core/flow/graph"
import { schemaFaults, withDefaults } from "#core/json-schema"
import type { JsonObject } from "#core/json"
import type { PublicCtx } from "#worker/context"
import * as attempts from "#worker/db/attempts"
import * as flows from "#worker/db/flows"
import { digestOf } from "#worker/digest"
import type { Env } from "#worker/env"
import { assertOn } from "#worker/services/admin/switches"
import { partsOfFormToken } from "./address.ts"
import { fire } from "./fire.ts"
import { siteAt, type Found } from "./site.ts"
import type { TriggerSettings } from "./shape.ts"

type Form = Found & { config: FormConfig; form: PublicForm }

/** A form that is switched off, or whose flow is gone, is not there. */
async function formAt(env: Env, ctx: PublicCtx, token: string): Promise<Form> {
  await assertOn(ctx, "hosted_forms")
  const parts = partsOfFormToken(token)
  const at = parts && (await siteAt(env, ctx, "form", parts.slug, parts.token))
  const flow = at?.row.is_active ? await flows.byId(at.site.db, at.row.flow_id) : undefined
  if (!at || !flow) throw new Failure("form.not_found")
  const config = FormConfig.parse(at.row.config)
  const published =
    flow.published_version === null
      ? undefined
      : await flows.versionOf(at.site.db, flow.id, flow.published_version)
  const own: JsonSchema | undefined = (published?.graph ?? flow.graph).input_schema
  const form = {
    title: config.title || flow.name,
    description: config.description,
    submit_label: config.submit_label,
    input_schema: config.input_schema ?? own ?? { type: "object", properties: {} },
    tenant_name: at.tenant_name,
  }
  return { ...at, config, form }
}

/** What somebody with the link sees. */
export async function readForm(env: Env, ctx: PublicCtx, token: string): Promise<{ form: PublicForm }> {
  return { form: (await formAt(env, ctx, token)).form }
}

const freeSubmissions = 60

/** So many from one address and then ever more slowly, like wrong passwords. */
async function throttle(ctx: PublicCtx, settings: TriggerSettings, { row }: Form): Promise<void> {
  const key = digestOf(`form:${row.id}:${ctx.client.address}`)
  const free = settings.QUOTAS["form_free_submissions"] ?? freeSubmissions
  const until = await attempts.take(await ctx.control(), key, ctx.now, free)
  if (until === undefined) return
  throw new Failure("form.too_many", { retryAfterSeconds: Math.max(1, Math.ceil((until - ctx.now) / 1000)) })
}

/** Starts the form's flow with what was filled in. */
export async function submitForm(
  env: Env,
  ctx: PublicCtx,
  settings: TriggerSettings,
  sent: { token: string; inputs: JsonObject; origin: string },
): Promise<{ answer: FormAnswer }> {
  const found = await formAt(env, ctx, sent.token)
  await throttle(ctx, settings, found)
  const { site, row, config, form } = found
  const inputs = withDefaults(form.input_schema, sent.inputs)
  const faults = schemaFaults(form.input_schema, inputs)
  if (faults.length > 0) {
    const errors = faults.map(({ path, message }) => ({
      path: ["inputs", path].filter(Boolean).join("."),
      message,
    }))
    throw new Failure("execution.inputs_invalid", { detail: "Some answers are missing or wrong.", errors })
  }
  const { reply } = config
  const waitMs = reply.mode === "outputs" ? reply.wait_seconds * 1000 : 0
  const { begun } = await fire(env, site, row, { is: "form", inputs }, { waitMs, origin: sent.origin })
  if (!begun.ok) throw strangersFailure(begun.failure)
  return { answer: answerOf(reply, begun.started) }
}

/** A stranger is told what to mend in the answers, and of everything else only that it went wrong: the tenant sees why. */
function strangersFailure(failure: Failure): Failure {
  if (failure.code === "execution.inputs_invalid" || failure.code === "request.too_large") return failure
  return new Failure("form.closed")
}

type Started = { status: Parameters<typeof isSettled>[0]; outputs?: unknown; error?: unknown }

function answerOf(reply: FormConfig["reply"], { status, outputs }: Started): FormAnswer {
  if (reply.mode === "message") return { is: "message", message: reply.message }
  if (reply.mode === "redirect") return { is: "redirect", url: reply.url }
  if (!isSettled(status)) return { is: "message", message: "Thank you. It is being worked on." }
  if (status !== "succeeded") return { is: "failed", message: "Something went wrong while it was worked on." }
  return { is: "outputs", outputs: (outputs ?? null) as Extract<FormAnswer, { is: "outputs" }>["outputs"] }
}

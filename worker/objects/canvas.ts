import type { CanvasPorts } from "#durable/canvas/ports"
import type { Env } from "#worker/env"
import { loadDraft, saveCanvas } from "#worker/services/canvas/keep"
import { standingOf } from "#worker/services/canvas/standing"

/** What a Canvas object is given: its flow's row, and who may still do what. */
export const canvasPorts = (env: Env): CanvasPorts => ({
  load: (ref) => loadDraft(env, ref),
  save: (ref, saving) => saveCanvas(env, ref, saving),
  standing: (ref, passes) => standingOf(env, ref, passes),
  now: () => Date.now(),
})

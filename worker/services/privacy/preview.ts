import type { BodyOf, ReplyOf } from "#core/contract/endpoint"
import type { privacyApi } from "#core/contract/privacy"
import { mask } from "#core/privacy/redact"

/** What traces would keep of a text. */
export function previewRedaction({
  text,
  redaction,
}: BodyOf<typeof privacyApi.preview>): ReplyOf<typeof privacyApi.preview> {
  const { text: masked, found } = mask(text)
  return { text: redaction === "full" ? text : redaction === "masked" ? masked : null, found }
}

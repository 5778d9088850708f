import { compareTexts } from "./templates/compare-texts.ts"
import { draftReply } from "./templates/draft-reply.ts"
import { extractInvoice } from "./templates/extract-invoice.ts"
import { routeByLanguage } from "./templates/route-by-language.ts"
import { summariseText } from "./templates/summarise-text.ts"
import type { FlowTemplate } from "./templates/template.ts"
import { triageMail } from "./templates/triage-mail.ts"

/** The gallery: six flows that do something useful on the builtin model. */
export const templates: readonly FlowTemplate[] = [
  summariseText,
  triageMail,
  extractInvoice,
  routeByLanguage,
  compareTexts,
  draftReply,
]

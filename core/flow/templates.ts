import { addUp } from "./templates/add-up.ts"
import { answerByClass } from "./templates/answer-by-class.ts"
import { approveRefunds } from "./templates/approve-refunds.ts"
import { askTable } from "./templates/ask-table.ts"
import { briefing } from "./templates/briefing.ts"
import { checkAddresses } from "./templates/check-addresses.ts"
import { compareTexts } from "./templates/compare-texts.ts"
import { countWords } from "./templates/count-words.ts"
import { digestTexts } from "./templates/digest-texts.ts"
import { draftReply } from "./templates/draft-reply.ts"
import { extractInvoice } from "./templates/extract-invoice.ts"
import { moderateComment } from "./templates/moderate-comment.ts"
import { reminder } from "./templates/reminder.ts"
import { routeByLanguage } from "./templates/route-by-language.ts"
import { shortenText } from "./templates/shorten-text.ts"
import { summariseText } from "./templates/summarise-text.ts"
import type { FlowTemplate } from "./templates/template.ts"
import { triageMail } from "./templates/triage-mail.ts"

/** The gallery: flows that do something useful on the builtin model and without a network; together they show every node kind. */
export const templates: readonly FlowTemplate[] = [
  summariseText,
  triageMail,
  answerByClass,
  extractInvoice,
  digestTexts,
  approveRefunds,
  routeByLanguage,
  compareTexts,
  shortenText,
  briefing,
  draftReply,
  moderateComment,
  reminder,
  checkAddresses,
  addUp,
  askTable,
  countWords,
]

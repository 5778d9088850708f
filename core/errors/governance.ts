/** How the product says no where it governs: audit, privacy, budgets, rates, and the installation's own pages (core/errors.ts). */
export const governanceFailures = {
  "admin.last_platform_admin": {
    status: 409,
    retry: false,
    say: "This is the last platform admin. Make somebody else one first.",
  },
  "impersonation.not_found": {
    status: 404,
    retry: false,
    say: "This impersonation does not exist, is not yours, or has ended.",
  },
  "feature.off": {
    status: 403,
    retry: false,
    say: "The operator of this installation has switched this off.",
  },
  "budget.not_found": { status: 404, retry: false, say: "This budget does not exist." },
  "budget.exceeded": { status: 402, retry: false, say: "A budget has not enough left for this call." },
  "budget.amount": { status: 400, retry: false, say: "An amount is a whole number of micro-USD, 0 or more." },
  "budget.unpriced": {
    status: 402,
    retry: false,
    say: "A hard budget cannot hold a model whose price nobody has stated. State it at its provider.",
  },
  "rate.limited": { status: 429, retry: true, say: "Too many requests. Wait a little and try again." },
  "privacy.held": {
    status: 409,
    retry: false,
    say: "A legal hold is about something of this. Lift it first.",
  },
  "privacy.own": {
    status: 409,
    retry: false,
    say: "You cannot have your own data erased. Another admin can.",
  },
  "privacy.erasure_not_found": { status: 404, retry: false, say: "Nobody has asked for this erasure." },
  "privacy.erasure_closed": {
    status: 409,
    retry: false,
    say: "This erasure was confirmed already, or not within a day. Ask for it again.",
  },
  "privacy.confirm_wrong": {
    status: 422,
    retry: false,
    say: "What was typed is not what must be typed to confirm this.",
  },
  "privacy.hold_not_found": {
    status: 404,
    retry: false,
    say: "There is no such legal hold, or it was lifted already.",
  },

  "audit.unavailable": {
    status: 503,
    retry: true,
    say: "The audit log cannot be had just now, and nothing is changed without it. Try again shortly.",
  },
  "audit.not_found": { status: 404, retry: false, say: "This audit entry does not exist." },
  "audit.no_webhook": {
    status: 404,
    retry: false,
    say: "Checkpoints are sent nowhere. Set an address first.",
  },
  "audit.no_such_size": {
    status: 422,
    retry: false,
    say: "The audit log has never been of this size, or not yet.",
  },
} as const

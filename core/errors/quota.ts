/** How the product says that a tenant has all that it may have; a part of the failure table of `core/errors.ts`. */
export const quotaFailures = {
  "quota.exceeded": { status: 429, retry: true, say: "A quota of this tenant is used up." },
  "quota.full": {
    status: 402,
    retry: false,
    say: "This tenant has as much as it may have. Delete something, or ask the operator for more.",
  },
} as const

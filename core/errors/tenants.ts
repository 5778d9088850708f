/** How the product says no about whole tenants; a part of the failure table of `core/errors.ts`. */
export const tenantFailures = {
  "tenant.deleted": {
    status: 403,
    retry: false,
    say: "This workspace was deleted.",
  },
  "tenant.erased": {
    status: 410,
    retry: false,
    say: "This tenant has been erased for good, or is being erased just now. Nothing brings it back.",
  },
  "tenant.own": {
    status: 409,
    retry: false,
    say: "You are signed in to this tenant. Switch to another one first, or have another platform admin delete it.",
  },
  "tenant.only_way": {
    status: 409,
    retry: false,
    say: "No platform admin would be able to sign in any more. Make somebody one first who is in another workspace too.",
  },
} as const

/** How the product says no about shares; a part of the failure table of `core/errors.ts`. */
export const shareFailures = {
  "share.own_access": {
    status: 409,
    retry: false,
    say: "With these shares you could not change them again. Keep edit for yourself, or have its owner or an admin do it.",
  },
} as const

import { shareFailures } from "./shares.ts"
import { tenantFailures } from "./tenants.ts"

/** How the product says no about people, tenants, invitations and proofs of who somebody is; a part of the failure table of `core/errors.ts`. */
export const peopleFailures = {
  ...shareFailures,
  ...tenantFailures,
  "auth.reauthentication_required": {
    status: 403,
    retry: false,
    say: "This needs your password, given within the last 15 minutes. Confirm it (POST /api/v1/auth/reauthenticate) and try again.",
  },
  "auth.reset_invalid": {
    status: 400,
    retry: false,
    say: "This link to set a password is not valid: it was used, has expired or was replaced. Ask for a new one.",
  },

  "member.not_found": { status: 404, retry: false, say: "This person does not exist, or is no member." },
  "member.exists": { status: 409, retry: false, say: "Somebody with this address is a member already." },
  "member.last_admin": {
    status: 409,
    retry: false,
    say: "This is the tenant's last active admin. Make somebody else an admin first.",
  },
  "member.beyond_you": {
    status: 403,
    retry: false,
    say: "Nobody gives or takes a role that can do more than they can themselves.",
  },
  "member.elsewhere": {
    status: 409,
    retry: false,
    say: "This person's account reaches further than this tenant, so only they can set its password, by a mail to their address.",
  },

  "invitation.not_found": {
    status: 404,
    retry: false,
    say: "This invitation does not exist. Ask whoever invited you for a new link.",
  },
  "invitation.expired": {
    status: 410,
    retry: false,
    say: "This invitation has expired. Ask whoever invited you for a new link.",
  },
  "invitation.used": { status: 410, retry: false, say: "This invitation was accepted already. Sign in." },
  "invitation.withdrawn": {
    status: 410,
    retry: false,
    say: "This invitation was withdrawn, or replaced by a newer one. Use the newest link, or ask for another.",
  },
  "invitation.other_account": {
    status: 403,
    retry: false,
    say: "This invitation is for another address. Sign out, and sign in with the account it is for.",
  },

  "sso.not_configured": {
    status: 404,
    retry: false,
    say: "This tenant has no OpenID provider to sign in by.",
  },
  "sso.unreachable": {
    status: 502,
    retry: true,
    say: "The OpenID provider cannot be reached, or does not answer as one.",
  },
  "sso.refused": { status: 401, retry: false, say: "This sign-in is not valid. Begin it again." },
  "sso.no_member": {
    status: 403,
    retry: false,
    say: "Nobody of this tenant has this verified address, and it is not invited. Ask an admin for an invitation.",
  },
  "sso.confined": {
    status: 403,
    retry: false,
    say: "Signed in by a tenant's own provider you are in this tenant alone. Sign in with your password for others.",
  },
} as const

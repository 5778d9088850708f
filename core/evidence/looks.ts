import { RetentionKind } from "#core/privacy/retention"
import type { Facts } from "./facts.ts"
import type { Finding } from "./report.ts"

type Look = (facts: Facts) => Finding

const many = (count: number, one: string, more = `${one}s`): string =>
  `${count.toLocaleString("en-US")} ${count === 1 ? one : more}`
const listed = (parts: readonly string[]): string => parts.join(", ")

/** What templates share: each says only what its figures show. */
export const looks = {
  roles: ({ members }) => ({
    says: `${many(members.active, "active member")}: ${listed(
      Object.entries(members.roles).map(([role, count]) => `${count} ${role}`),
    )}.`,
  }),
  fewAdmins: ({ members: { roles, active } }) =>
    active > 4 && roles.admin * 2 > active
      ? { lacks: `${roles.admin} of ${many(active, "active member")} are admins: more than half.` }
      : { says: `${many(roles.admin, "member")} of ${active} can change who may do what.` },
  leavers: ({ members }) => ({
    says:
      members.disabled === 0
        ? "No membership is disabled at this moment."
        : `${many(members.disabled, "membership")} of people who left ${members.disabled === 1 ? "is" : "are"} disabled: their sessions and keys do not work.`,
  }),
  sessions: ({ sessions }) => ({
    says: `${many(sessions.alive, "session")} ${sessions.alive === 1 ? "is" : "are"} alive; the oldest began ${many(sessions.oldest_days, "day")} ago.`,
  }),
  passwords: ({ passwords }) =>
    passwords.hashed < passwords.kept
      ? {
          lacks: `${passwords.kept - passwords.hashed} of ${many(passwords.kept, "password")} are not kept as argon2id or scrypt.`,
        }
      : {
          says:
            passwords.kept === 0
              ? "No password is kept: everybody signs in elsewhere."
              : `${passwords.kept === 1 ? "The password is" : `All ${many(passwords.kept, "password")} are`} kept as ${passwords.kept === 1 ? "an argon2id or scrypt hash" : "argon2id or scrypt hashes"}.`,
        },
  keysExpire: ({ keys }) =>
    keys.total === 0
      ? { says: "There is no API key." }
      : keys.without_expiry > 0
        ? {
            says: `${many(keys.total, "API key")}, ${keys.restricted} of them held to one chat partner.`,
            lacks: `${many(keys.without_expiry, "API key")} never expire${keys.without_expiry === 1 ? "s" : ""}.`,
          }
        : { says: `${many(keys.total, "API key")}, all with an end.` },
  keysUsed: ({ keys }) =>
    keys.total === 0
      ? { says: "There is no API key." }
      : keys.unused_90_days > 0
        ? {
            lacks: `${many(keys.unused_90_days, "API key")} ${keys.unused_90_days === 1 ? "was" : "were"} not used for 90 days.`,
          }
        : {
            says: `Every API key was used within 90 days; the oldest is ${many(keys.oldest_days, "day")} old.`,
          },
  encryption: ({ secrets: { kept, sealed } }) =>
    sealed < kept
      ? { lacks: `${kept - sealed} of ${many(kept, "stored secret")} are not sealed.` }
      : {
          says:
            kept === 0
              ? "No credential of another system is stored."
              : `All ${many(kept, "stored credential")} of other systems are sealed with AES-256-GCM.`,
        },
  keyAge: ({ secrets }) =>
    secrets.newest_key_days === null
      ? { lacks: "The data key was not renewed since the workspace was made, or the ring does not say when." }
      : { says: `The data key was last renewed ${many(secrets.newest_key_days, "day")} ago.` },
  audit: ({ audit }) =>
    audit.entries === 0
      ? { lacks: "The audit log is empty." }
      : {
          says: `${many(audit.entries, "audit entry", "audit entries")} from ${audit.first_at} to ${audit.last_at}; ${audit.since_entries.toLocaleString("en-US")} of them in this report's time.`,
        },
  sealed: ({ audit }) =>
    audit.checkpoints === 0
      ? { lacks: "The audit log has no signed checkpoint yet." }
      : { says: `${many(audit.checkpoints, "signed checkpoint")} of the audit log.` },
  review: ({ changes }) =>
    changes.review_required
      ? {
          says: `Flows are published only after somebody else's approval. ${changes.reviewed} of ${many(changes.published, "version")} published in this report's time had one.`,
        }
      : changes.published === 0
        ? { lacks: "A review before publishing is not required." }
        : {
            says: `${changes.reviewed} of ${many(changes.published, "version")} published in this report's time had somebody else's approval.`,
            lacks: "A review before publishing is not required.",
          },
  operations: ({ executions }) => ({
    says: `${many(executions.since, "execution")} in this report's time, ${executions.failed.toLocaleString("en-US")} failed.`,
  }),
  people: ({ executions }) =>
    executions.answered_questions === 0
      ? { lacks: "No execution asked a person anything in this report's time." }
      : { says: `People decided ${many(executions.answered_questions, "question")} that executions asked.` },
  spend: ({ budgets }) =>
    budgets.total === 0
      ? { lacks: "There is no budget." }
      : { says: `${many(budgets.total, "budget")}, ${budgets.hard} of them with a hard cap.` },
  retention: ({ retention }) => {
    const limited = RetentionKind.options.filter((kind) => retention[kind] !== null)
    const kept = RetentionKind.options.filter((kind) => retention[kind] === null)
    const name = (kind: RetentionKind) => kind.replace("_", " ")
    return {
      ...(limited.length > 0
        ? {
            says: `Deleted after their time: ${listed(limited.map((kind) => `${name(kind)} (${many(retention[kind]!, "day")})`))}.`,
          }
        : {}),
      ...(kept.length > 0 ? { lacks: `Kept without an end: ${listed(kept.map(name))}.` } : {}),
    }
  },
  minimised: ({ redaction }) =>
    redaction === "full"
      ? { lacks: "Traces keep the beginnings of prompts and answers in full." }
      : {
          says:
            redaction === "masked"
              ? "Traces keep prompts and answers without addresses, telephone, card and account numbers and keys."
              : "Traces keep neither prompts nor answers.",
        },
  holds: ({ holds }) => ({
    says:
      holds === 0
        ? "There is no legal hold."
        : `${many(holds, "legal hold")} keep${holds === 1 ? "s" : ""} data from being deleted.`,
  }),
  exports: ({ exports }) =>
    exports === 0
      ? { lacks: "Nobody took personal data out in this report's time, so nothing shows how that goes." }
      : { says: `Personal data was taken out as an archive ${many(exports, "time")} in this report's time.` },
  erasures: ({ erasures: { done, open, longest_days } }) => ({
    ...(done > 0
      ? {
          says: `${many(done, "erasure")} done in this report's time, the slowest within ${many(longest_days ?? 0, "day")} of being asked for.`,
        }
      : { lacks: "Nobody's data was erased in this report's time, so nothing shows how that goes." }),
    ...(open > 0 ? { lacks: `${many(open, "erasure")} asked for and not done.` } : {}),
  }),
} satisfies Record<string, Look>

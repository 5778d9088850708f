import * as z from "zod"
import { AuditEntry, Hash } from "#core/audit/entry"
import { AuditId } from "#core/ids"
import { endpoint, Time } from "./endpoint.ts"

/** So many entries at most are looked through for a text before an answer; `next` looks further. */
export const auditWindow = 20_000

/** An entry of the audit log, with names as they are today. */
export const AuditRecord = z
  .object({
    id: AuditId,
    /** Its place in the log; null for the moment until it is sealed. */
    seq: z.int().nullable(),
    at: Time,
    /** The id of who did it: a person, an API key, a trigger, or `system`. */
    actor: z.string(),
    /** What they are called now; null when nobody is called anything, or is gone. */
    actor_name: z.string().nullable(),
    action: z.string(),
    /** What it was done to. */
    target: z.string().nullable(),
    request_id: z.string(),
    /** `before`, `after`, and from where it was done; null when it was erased. */
    detail: z.json().nullable(),
    is_erased: z.boolean(),
    hash: Hash.nullable(),
  })
  .meta({ id: "AuditRecord" })
export type AuditRecord = z.infer<typeof AuditRecord>

export const AuditCheckpoint = z
  .object({
    /** How many entries it is over. */
    size: z.int(),
    at: Time,
    /** A C2SP signed note: https://c2sp.org/tlog-checkpoint. */
    note: z.string(),
  })
  .meta({ id: "AuditCheckpoint" })
export type AuditCheckpoint = z.infer<typeof AuditCheckpoint>

/** An entry as it was sealed: what is hashed, and what opens its commitment. */
export const SealedAudit = z.object({
  entry: AuditEntry,
  hash: Hash,
  detail: z.json().nullable(),
  detail_key: Hash.nullable(),
})

const tag = "Audit"
const time = z.iso.datetime({ offset: true }).optional()
const seq = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER)

export const auditApi = {
  list: endpoint({
    method: "GET",
    path: "/audit",
    needs: "audit.read",
    tag,
    summary: "Search the audit log, the newest entries first",
    description: `\`next\` is the \`before\` of the next page. A page may hold less than asked for, or nothing, and still have one: ${auditWindow.toLocaleString("en")} entries are looked through for \`search\` at a time.`,
    query: z.strictObject({
      /** Who did it, by id. */
      actor: z.string().max(64).optional(),
      /** What was done: `flow.update`, or `flow` for all that is done to flows. */
      action: z
        .string()
        .regex(/^[a-z_]+(\.[a-z_]+)*$/, { error: "Use an action such as flow.update, or its first word" })
        .max(64)
        .optional(),
      /** What it was done to, by id. */
      target: z.string().max(200).optional(),
      request_id: z.string().max(64).optional(),
      from: time,
      to: time,
      /** In actions, ids and details. */
      search: z.string().max(200).optional(),
      before: seq.optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
    reply: z.object({ entries: z.array(AuditRecord), next: z.int().nullable() }),
  }),
  get: endpoint({
    method: "GET",
    path: "/audit/entries/:audit_id",
    needs: "audit.read",
    tag,
    summary: "One entry, with the proof that it is in the log",
    description:
      "Whoever trusts `verifier_key` need not trust the answer: docs/audit-format.md says how the entry, its details, the proof and the checkpoint are checked.",
    params: z.object({ audit_id: AuditId }),
    reply: z.object({
      entry: AuditRecord,
      /** Null until it is sealed. */
      sealed: SealedAudit.nullable(),
      inclusion: z.object({ index: z.int(), hashes: z.array(Hash), checkpoint: AuditCheckpoint }).nullable(),
      verifier_key: z.string(),
    }),
  }),
  state: endpoint({
    method: "GET",
    path: "/audit/state",
    needs: "audit.read",
    tag,
    summary: "How large the log is, its last hash, its root and its newest checkpoint",
    reply: z.object({
      size: z.int(),
      hash: Hash,
      root: Hash,
      checkpoint: AuditCheckpoint.nullable(),
    }),
  }),
  checkpoints: endpoint({
    method: "GET",
    path: "/audit/checkpoints",
    needs: "audit.read",
    tag,
    summary: "The signed checkpoints, the newest first",
    query: z.strictObject({
      /** Of fewer entries than this. */
      before: seq.optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
    reply: z.object({ checkpoints: z.array(AuditCheckpoint), next: z.int().nullable() }),
  }),
  consistency: endpoint({
    method: "GET",
    path: "/audit/consistency",
    needs: "audit.read",
    tag,
    summary: "Proof that the log of one size is the beginning of that of another",
    description: "The hashes are PROOF(from, D[to]) of RFC 6962, section 2.1.2.",
    query: z.strictObject({ from: seq, to: seq }),
    reply: z.object({ from: z.int(), to: z.int(), hashes: z.array(Hash) }),
  }),
  key: endpoint({
    method: "GET",
    path: "/audit/key",
    needs: "audit.read",
    tag,
    summary: "The key that checkpoints are signed with",
    description: "Keep it where nobody who could change the log can change it.",
    reply: z.object({
      /** As tools for signed notes take it: name, hash and key. */
      verifier_key: z.string(),
      /** The 32 bytes of the Ed25519 public key, in base64. */
      public_key: z.string(),
    }),
  }),
  export: endpoint({
    method: "GET",
    path: "/audit/export",
    needs: "audit.export",
    support: "withheld",
    tag,
    summary: "The whole log as a signed file",
    description:
      "Lines of canonical JSON, as docs/audit-format.md describes them. `npm run audit:verify -- file` checks it offline.",
    /** It is the whole log or none of it: a filter that nobody knows is refused, and not passed over. */
    query: z.strictObject({}),
    also: { 200: { description: "The log", type: "application/x-ndjson" } },
    raw: true,
  }),
} as const

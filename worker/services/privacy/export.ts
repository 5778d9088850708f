import { actorId } from "#core/access/roles"
import { found, Failure } from "#core/errors"
import type { TenantId, UserId } from "#core/ids"
import { audit } from "#worker/audit/record"
import { allow, isoTime, type Ctx } from "#worker/context"
import { commit } from "#worker/db/commit"
import { memberOf, namesOf, places, rowsOf } from "#worker/db/person"
import type { Env } from "#worker/env"
import { zipOf, type ZipEntry } from "#worker/zip"
import { messagesBy, remarksBy } from "./said.ts"

type Pages = AsyncIterable<object[]>
type File = { name: string; says: string; pages: Pages }

/**
 * One person's data in this tenant as a ZIP archive, written while it is read: one's own, or another member's for those who may
 * manage members. That it was taken is in the audit log before its first byte is sent.
 */
export async function exportPerson(env: Env, ctx: Ctx, wanted?: UserId): Promise<ReadableStream<Uint8Array>> {
  if (ctx.actor.is !== "user")
    throw new Failure("access.denied", { detail: "Only a person may take personal data out." })
  const user = wanted ?? ctx.actor.id
  if (user !== ctx.actor.id) allow(ctx.actor, "user.edit")
  const control = await ctx.control()
  const person = found(await memberOf(control, ctx.tenant.id, user), "member.not_found")
  const names = await namesOf(control, ctx.tenant.id, user)
  const target = user
  await commit(
    ctx,
    undefined,
    audit(ctx, "privacy.export", { target, after: { by: actorId(ctx.actor) } }, true),
  )
  const files = [
    ...places.map(({ file, says, ...place }) => ({
      name: `${file}.ndjson`,
      says,
      pages: rowsOf(
        place.from === "control" ? control : ctx.db,
        { file, says, ...place },
        names,
        ctx.tenant.id,
      ),
    })),
    {
      name: "messages.ndjson",
      says: "What you said in chats, whoever began them.",
      pages: messagesBy(env, ctx, new Set(names)),
    },
    {
      name: "comments.ndjson",
      says: "What you said about flows on their canvases, and the states of flows that you gave a name to.",
      pages: remarksBy(env, ctx, new Set(names)),
    },
  ]
  const about = { tenant_id: ctx.tenant.id, person: person.id, email: person.email, at: isoTime(ctx.now) }
  return streamed(zipOf(entriesOf(files, about)))
}

type About = { tenant_id: TenantId; person: UserId; email: string; at: string }

async function* entriesOf(files: readonly File[], about: About): AsyncGenerator<ZipEntry> {
  const at = new Date(about.at)
  yield { name: "README.md", at, content: [readme(files, about)] }
  const rows: Record<string, number> = {}
  for (const { name, pages } of files) yield { name, at, content: linesOf(pages, (n) => (rows[name] = n)) }
  const manifest = { format: "edgecrew.person.v1", ...about, rows }
  yield { name: "manifest.json", at, content: [`${JSON.stringify(manifest, null, 2)}\n`] }
}

async function* linesOf(pages: Pages, done: (rows: number) => void): AsyncGenerator<string> {
  let rows = 0
  for await (const page of pages) {
    rows += page.length
    yield page.map((row) => `${JSON.stringify(row)}\n`).join("")
  }
  done(rows)
}

const readme = (
  files: readonly File[],
  { tenant_id, email, at }: About,
): string => `# Your data in this workspace

Everything that the workspace ${tenant_id} holds about ${email}, as of ${at}.

Every \`.ndjson\` file has one JSON object a line, in UTF-8; a file without lines says that there is nothing of the kind. Times are ISO
8601 in UTC, amounts of money millionths of a US dollar. \`manifest.json\` says how many lines each file has.

| File | What is in it |
| --- | --- |
${files.map(({ name, says }) => `| \`${name}\` | ${says} |`).join("\n")}

Not in here: passwords, keys and their digests, which nobody can read; and what agents remember of conversations, which is kept
without a name.
`

function streamed(pieces: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(stream) {
      const { done, value } = await pieces.next()
      if (done) stream.close()
      else stream.enqueue(value)
    },
    async cancel() {
      await pieces.return(undefined)
    },
  })
}

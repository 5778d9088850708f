import { settingsOf, type Env } from "#worker/env"

export type Mail = { to: string; subject: string; text: string }

/** How mails leave, and what links in them begin with. */
export type Post = {
  /** Never by the request's own word: a link in a mail leads where the installation says it is. */
  origin: string
  /** False when it could not be sent. */
  send(mail: Mail): Promise<boolean>
}

/** The way mails leave, or undefined where the installation has none: it takes the binding, MAIL_FROM and PUBLIC_ORIGIN. */
export function postOf(env: Env): Post | undefined {
  const { MAIL_FROM: from, PUBLIC_ORIGIN: origin } = settingsOf(env)
  const { MAIL } = env
  if (MAIL === undefined || from === "" || origin === "") return undefined
  return {
    origin,
    send: async ({ to, subject, text }) => {
      try {
        await MAIL.send({ from, to, subject: oneLine(subject), text })
        return true
      } catch (error) {
        console.error(JSON.stringify({ level: "error", event: "mail.failed", message: String(error) }))
        return false
      }
    },
  }
}

/** A header is one line, whatever a tenant is called. */
const oneLine = (text: string): string =>
  text
    .replace(/\p{Cc}+/gu, " ")
    .trim()
    .slice(0, 200)

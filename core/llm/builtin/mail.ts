import { tidy } from "./text.ts"

/** What a text shows of itself when it is a letter or mail; a plain text has a body only. */
export type Mail = {
  headers: { from?: string; to?: string; subject?: string; date?: string }
  /** Without headers, greeting, closing, signature and quoted mail. */
  body: string
  greeting: string | undefined
  /** Who wrote it: the name under the closing, in the sender line or after "my name is". */
  sender: string | undefined
}

const headerNames: Record<string, keyof Mail["headers"]> = {
  from: "from",
  von: "from",
  de: "from",
  van: "from",
  da: "from",
  to: "to",
  an: "to",
  à: "to",
  para: "to",
  aan: "to",
  subject: "subject",
  betreff: "subject",
  objet: "subject",
  asunto: "subject",
  oggetto: "subject",
  assunto: "subject",
  onderwerp: "subject",
  date: "date",
  sent: "date",
  datum: "date",
  gesendet: "date",
}
const greeting =
  /^(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|hallo|guten (?:tag|morgen|abend)|sehr geehrte[rs]?|liebe[rs]?|bonjour|bonsoir|cher|chère|madame|monsieur|hola|buenos días|buenas tardes|estimad[oa]s?|buongiorno|gentile|ciao|olá|bom dia|prezad[oa]s?|beste|geachte|to whom it may concern)\b[^.?]{0,60}[,!:.]?$/i
const closing =
  /^(?:(?:many |kind |best |warm |warmest )?(?:thanks|regards|wishes)|thank you(?: (?:very much|so much|in advance))?|thanks (?:a lot|again|in advance|so much)|cheers|best|sincerely|yours (?:sincerely|faithfully|truly)|all the best|(?:mit )?(?:freundlichen?|besten?|vielen?|herzlichen?|lieben?|schönen?) (?:grüßen|grüße|gruß|dank)(?: im voraus)?|danke|lg|mfg|cordialement|bien (?:à vous|cordialement)|merci(?: d'avance)?|salutations|saludos(?: cordiales)?|un saludo|(?:muchas )?gracias|atentamente|cordiali saluti|distinti saluti|grazie(?: mille)?|saluti|atenciosamente|(?:com os melhores )?cumprimentos|obrigad[oa]|met vriendelijke groeten?|vriendelijke groeten?|groeten|(?:alvast )?bedankt)\b[\s,.!–-]*$/i
const quoteStart =
  /^(?:>|on .{5,80} wrote:$|am .{5,80} schrieb.{0,60}:$|le .{5,80} a écrit\s?:$|-{2,}\s*original message)/i

export function readMail(text: string): Mail {
  const lines = tidy(text).trim().split("\n")
  const headers = takeHeaders(lines)
  const kept: string[] = []
  for (const line of lines) {
    if (quoteStart.test(line.trim()) && !line.startsWith(">")) break
    if (line === "-- " || line === "--") break
    if (!line.startsWith(">")) kept.push(line)
  }
  const hello = takeGreeting(kept)
  const signed = takeClosing(kept)
  const body = kept.join("\n").trim()
  const sender =
    signed ??
    nameInHeader(headers.from) ??
    /\bmy name is ((?:\p{Lu}[\p{L}'-]+ ?){1,3})/u.exec(body)?.[1]?.trim()
  return { headers, body: body || tidy(text).trim(), greeting: hello, sender }
}

function takeHeaders(lines: string[]): Mail["headers"] {
  const headers: Mail["headers"] = {}
  let taken = 0
  for (const line of lines) {
    const match = /^([\p{L}]{1,10}):\s*(.+)$/u.exec(line.trim())
    const name = match && headerNames[match[1]!.toLowerCase()]
    if (!name) break
    headers[name] = match[2]!.trim()
    taken += 1
  }
  // One line such as "Date: …" may begin anything; a subject or two header lines make it a mail.
  if (taken < 2 && !headers.subject) return {}
  lines.splice(0, taken)
  return headers
}

function takeGreeting(lines: string[]): string | undefined {
  const first = lines.findIndex((line) => line.trim() !== "")
  const line = lines[first]?.trim()
  if (!line) return undefined
  if (line.length < 80 && greeting.test(line)) {
    lines.splice(first, 1)
    return line
  }
  const inline = /^((?:hi|hello|hey|dear|hallo|hola|bonjour)(?: \p{L}+){0,3}[,!])\s+(?=\S)/iu.exec(line)
  if (!inline) return undefined
  lines[first] = line.slice(inline[0].length)
  return inline[1]
}

const personName =
  /^(?:\p{Lu}[\p{L}'’-]*\.?)(?: (?:(?:van|von|de|der|den|di|da|la|le|del) ){0,2}\p{Lu}[\p{L}'’-]*\.?){0,3}$/u

const lastWords =
  /(?<=[.!?] )(\p{L}{1,30}(?:['’]\p{L}{1,30})?(?:[ -]\p{L}{1,30}(?:['’]\p{L}{1,30})?){0,3})[,!.]? (\p{Lu}[\p{L}'’-]{1,40}(?: \p{Lu}[\p{L}'’-]{1,40}){0,2})\.?$/u

/** Cuts the closing and what follows it; answers the name that stands there. */
function takeClosing(lines: string[]): string | undefined {
  const from = Math.max(0, lines.length - 12)
  for (let i = lines.length - 1; i >= from; i--) {
    const line = lines[i]!.trim()
    const inline = /^(.{2,30}?)[,!.]\s+(\p{Lu}[\p{L}'’-]+(?: \p{Lu}[\p{L}'’-]+){0,2})$/u.exec(line)
    if (inline && closing.test(inline[1]!)) {
      lines.length = i
      return inline[2]
    }
    const end = lastWords.exec(line)
    if (end && closing.test(end[1]!.trim())) {
      lines.length = i + 1
      lines[i] = line.slice(0, end.index).trim()
      return end[2]
    }
    if (!closing.test(line)) continue
    const name = lines
      .slice(i + 1)
      .map((one) => one.trim())
      .find((one) => one !== "")
    lines.length = i
    return name && name.length < 50 && personName.test(name) ? name : undefined
  }
  return undefined
}

const nameInHeader = (from: string | undefined): string | undefined => {
  const name = from
    ?.replace(/<[^<>]*>|\([^()]*\)/g, "")
    .replace(/["']/g, "")
    .trim()
  return name && personName.test(name) ? name : undefined
}

import { detectLanguage } from "./language.ts"
import { readMail } from "./mail.ts"
import { isStopWord } from "./stop-words.ts"
import { unique } from "./text.ts"

/** Names of people and companies, by shape, title, signature and a list of frequent given names. */

const givenNames = new Set(
  (
    "anna anne maria marie julia laura lisa sarah sara sophie sofia emma mia lena lea hannah johanna katharina claudia sabine petra monika susanne martina nicole stefanie andrea eva " +
    "emily olivia charlotte grace alice jane mary jennifer jessica linda karen susan elizabeth margaret nancy amy rachel rebecca helen kate karin ingrid greta ida astrid " +
    "carmen lucia elena isabel ana paula marta cristina rosa pilar teresa giulia chiara francesca valentina federica beatriz mariana camille chloé manon claire isabelle nathalie hélène élodie priya aisha fatima yuki mei olga natalia irina katarzyna agnieszka " +
    "thomas michael andreas stefan peter martin christian markus matthias daniel david alexander sebastian jan jonas lukas felix maximilian paul leon tim tom tobias florian klaus hans jürgen wolfgang uwe dieter karl ben " +
    "john james robert william richard joseph charles christopher matthew anthony mark steven andrew kevin brian george edward jack oliver harry henry sam samuel max liam noah ethan lucas adam " +
    "pierre jean jacques louis antoine nicolas julien françois philippe laurent luc marc carlos josé juan luis miguel javier antonio manuel diego pablo jorge marco luca giovanni giuseppe paolo francesco andrea matteo alessandro joão pedro tiago rui bruno " +
    "erik lars sven nils anders johan henrik mikkel piotr jakub tomasz krzysztof ivan dmitri sergei ahmed mohamed omar ali raj arjun wei hiroshi kenji willem pieter bram daan sander jeroen maarten"
  ).split(" "),
)
const companySuffix = String.raw`(?:GmbH(?: & Co\.? KG)?|AG|KG|SE|UG|e\.K\.|Ltd\.?|Limited|Inc\.?|LLC|LLP|PLC|Corp\.?|Corporation|Company|Co\.|S\.?A\.?R?\.?L\.?|SAS|S\.A\.|S\.L\.|S\.p\.A\.|S\.r\.l\.|B\.?V\.?|N\.V\.|Oy|AB|A\/S|ApS|Lda\.?|Group|Holdings?|Bank|University|Institute|Foundation)`
const capital = String.raw`\p{Lu}[\p{L}\d'’&-]{0,40}`
const companyPattern = new RegExp(
  String.raw`(?<![\p{L}\d])(?:${capital} (?:(?:&|and|und|et|y|of|de|der) )?){1,4}${companySuffix}(?![\p{L}\d])`,
  "gu",
)
const notNames = new Set(
  (
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december montag dienstag mittwoch donnerstag freitag samstag sonntag " +
    "invoice order customer support team service street road avenue date total subject please thank thanks best kind regards dear hello hi north south east west united states kingdom new " +
    "product company account department office management payment bank terms number amount due due bill ship vat tax net dev data cloud web api"
  ).split(" "),
)

export const findOrganisations = (text: string): string[] =>
  unique(
    Array.from(text.replaceAll("\n", " \n ").matchAll(companyPattern), ([name]) =>
      name.replace(/^(?:The|Die|Der|Das|From|At|Von|Our|Dear|Invoice|Vendor|Supplier|Seller) /, "").trim(),
    ),
  )

const honorific = /^(?:Mrs?|Ms|Dr|Prof|Herrn?|Frau|Mme|Sr|Sra|Sig|Dhr|Mevr)$/
const titled =
  /(?<!\p{L})(?:Mrs?|Ms|Dr|Prof|Herrn?|Frau|Mme|M|Sr|Sra|Sig|Dhr|Mevr)\.? ((?:(?:Dr|Prof|van|von|de|der)\.? ){0,3}\p{Lu}[\p{L}'’-]{1,40}(?: \p{Lu}[\p{L}'’-]{1,40})?)/gu
const pair =
  /(?<![\p{L}\d@./-])(\p{Lu}[\p{Ll}'’-]{1,40})((?: (?:van|von|de|der|den|di|da|del|la|ter|zu|\p{Lu}\.)){0,3} \p{Lu}\p{Ll}{1,40}(?:[-'’]\p{Lu}\p{Ll}{1,40})?)(?![\p{L}\d@])/gu

/** People's names in order of appearance, without titles. */
export function findNames(text: string): string[] {
  const found: { name: string; at: number }[] = []
  const { sender } = readMail(text)
  if (sender) found.push({ name: sender, at: text.lastIndexOf(sender) })
  for (const match of text.matchAll(titled)) found.push({ name: match[1]!, at: match.index })
  const companies = findOrganisations(text).join("\n")
  const nounsAreCapital = detectLanguage(text).code === "de"
  for (const match of text.matchAll(pair)) {
    const name = match[0]
    const known = givenNames.has(match[1]!.toLowerCase())
    if (companies.includes(name) || hasCommonWord(name) || honorific.test(match[1]!)) continue
    if (!known && (nounsAreCapital || !insideSentence(text, match.index))) continue
    found.push({ name, at: match.index })
  }
  found.sort((a, b) => a.at - b.at)
  const names = unique(found.map((one) => one.name))
  return names.filter((name) => !names.some((other) => other !== name && other.split(" ").includes(name)))
}

const hasCommonWord = (name: string): boolean =>
  name
    .split(" ")
    .some(
      (part) => notNames.has(part.toLowerCase()) || (part.length > 3 && isStopWord(part.toLowerCase(), "en")),
    )

/** A capital at the start of a sentence or line says nothing. */
const insideSentence = (text: string, at: number): boolean =>
  /[\p{Ll}\d,;] $/u.test(text.slice(Math.max(0, at - 2), at))

/** Chance that can be had again: the same seed gives the same bodies. Mulberry32, public domain. */
export function chanceOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** A number for a name, so that each route has its own bodies. */
export const seedOf = (text: string): number =>
  Array.from(text).reduce((sum, sign) => (Math.imul(sum, 31) + sign.codePointAt(0)!) >>> 0, 7)

/** What a database would do if it were told. */
export const sqlPayloads = [
  "' or 1=1 --",
  "'; drop table flows; --",
  "') union select password_hash from identities --",
  "\\' or '1'='1",
  "x' and (select 1 from sqlite_master) = '1",
  "%' or name like '%",
  "_",
  "'||(select group_concat(name) from sqlite_master)||'",
  '" or ""="',
  "1; attach database 'x' as y",
  "\u0000' --",
  "ʼ or 1=1 --",
]

/** Values that no field expects, as they stand in JSON. */
const odd = [
  ..."null true false 0 -0 -1 1.5 1e400 -1e400 1e-400 9007199254740993 1e21 [] {} [[]] [null]".split(" "),
  '""',
  '" "',
  '"\\u0000"',
  '"\\ud800"',
  '"\\udc00\\ud800"',
  '"\\ufeff"',
  '"\\u202egnp.exe"',
  '"A\\u0301"',
  '"😀"',
  '"__proto__"',
  '"constructor"',
  '{"__proto__":{"role":"admin"}}',
  '{"constructor":{"prototype":{"role":"admin"}}}',
  '{"toString":1,"valueOf":2,"then":3,"toJSON":4}',
  '{"length":1e9}',
  '"{{ $error(1) }}"',
  '"{{"',
  '"${7*7}"',
  '"../../../etc/passwd"',
  '"%00%0d%0aset-cookie: a=b"',
  '"\\r\\nx-evil: 1"',
  '"data:text/html,<script>"',
  '"http://169.254.169.254/"',
  '"2026-02-30T25:61:61Z"',
  '"flow_01JD0000000000000000000000"',
  ...sqlPayloads.map((one) => JSON.stringify(one)),
  JSON.stringify("x".repeat(70_000)),
  JSON.stringify("é".repeat(5_000)),
  `[${"1,".repeat(9_999)}1]`,
  `{${Array.from({ length: 2_000 }, (_, i) => `"k${i}":1`).join(",")}}`,
  `${"[".repeat(10_000)}${"]".repeat(10_000)}`,
  `${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}`,
]

type Place = { path: (string | number)[] }

function placesIn(value: unknown, path: (string | number)[] = []): Place[] {
  if (typeof value !== "object" || value === null) return [{ path }]
  const inner = Object.entries(value).flatMap(([key, one]) =>
    placesIn(one, [...path, Array.isArray(value) ? Number(key) : key]),
  )
  return path.length === 0 ? inner : [{ path }, ...inner]
}

const mark = "\u0001here\u0001"

/** The sample as text with another piece of JSON in one place; the piece need be no JSON. */
function withPiece(sample: unknown, { path }: Place, piece: string): string {
  const copy = structuredClone(sample) as Record<string | number, unknown>
  let at = copy
  for (const step of path.slice(0, -1)) at = at[step] as typeof at
  at[path.at(-1)!] = mark
  return JSON.stringify(copy).replace(JSON.stringify(mark), () => piece)
}

/** Every text that a sample holds with each of some texts in its place. */
export function withTexts(sample: unknown, texts: readonly string[]): string[] {
  const strings = placesIn(sample).filter(({ path }) => {
    const value = path.reduce<unknown>((at, step) => (at as Record<string | number, unknown>)[step], sample)
    return typeof value === "string"
  })
  return strings.flatMap((place) => texts.map((text) => withPiece(sample, place, JSON.stringify(text))))
}

/** A body that is not as it should be, or may not be. */
export type Malformed = { body: string | Uint8Array<ArrayBuffer>; headers?: Record<string, string> }

type Way = (sample: unknown, chance: () => number) => Malformed

const pick = <T>(list: readonly T[], chance: () => number): T => list[Math.floor(chance() * list.length)]!
const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(new TextEncoder().encode(text))

const ways: Way[] = [
  // Another value in one place; three times as likely as the rest.
  ...Array.from({ length: 3 }, (): Way => (sample, chance) => {
    const places = placesIn(sample)
    const piece = pick(odd, chance)
    return { body: places.length === 0 ? piece : withPiece(sample, pick(places, chance), piece) }
  }),
  // Nothing but another value.
  (_, chance) => ({ body: pick(odd, chance) }),
  // A part left out.
  (sample, chance) => {
    const text = JSON.stringify(sample)
    const from = Math.floor(chance() * text.length)
    return { body: text.slice(0, from) + text.slice(from + Math.floor(chance() * 12)) }
  },
  // Cut off.
  (sample, chance) => {
    const text = JSON.stringify(sample)
    return { body: text.slice(0, Math.floor(chance() * text.length)) }
  },
  // Bytes that are no UTF-8.
  (sample, chance) => {
    const bytes = bytesOf(JSON.stringify(sample))
    for (let i = 0; i < 3 && bytes.length > 0; i++)
      bytes[Math.floor(chance() * bytes.length)] = Math.floor(chance() * 256)
    return { body: bytes }
  },
  // A name that stands twice, or that is nobody's.
  (sample, chance) => {
    const name = pick([...Object.keys(sample ?? {}), "id", "__proto__", "tenant_id", ""], chance)
    return {
      body: JSON.stringify(sample).replace("{", () => `{${JSON.stringify(name)}:${pick(odd, chance)},`),
    }
  },
  // Another kind of content, or a length or packing that is not true.
  (sample, chance) => ({
    body: JSON.stringify(sample),
    headers: pick(
      [
        { "content-type": "text/plain" },
        { "content-type": "multipart/form-data; boundary=x" },
        { "content-type": "application/json; charset=utf-16" },
        { "content-type": "application/x-www-form-urlencoded" },
        { "content-type": "" },
        { "content-encoding": "gzip" },
        { "content-encoding": "br, gzip, deflate, identity" },
        { "if-match": '"v' + "9".repeat(400) + '"' },
        { "if-match": "*, *" },
        { "idempotency-key": "x".repeat(300) },
        { "idempotency-key": "é" },
        { prefer: "wait=99999999999999999999" },
        { prefer: "wait=-1, respond-async, wait=x" },
        { accept: "application/xml" },
        { "accept-language": "x".repeat(5_000) },
        { "last-event-id": "-1" },
      ] as Record<string, string>[],
      chance,
    ),
  }),
  // Several at once.
  (sample, chance) => {
    let text = JSON.stringify(sample)
    for (let i = 0; i < 4; i++) {
      const value = JSON.parse(text) as unknown
      const places = placesIn(value)
      if (places.length === 0) break
      const piece = pick(odd.slice(0, 12), chance)
      try {
        text = JSON.stringify(JSON.parse(withPiece(value, pick(places, chance), piece)))
      } catch {
        break
      }
    }
    return { body: text }
  },
]

/** Some of the ways in which a body can be wrong, the same for the same seed. */
export function* malformed(sample: unknown, seed: number, count: number): Generator<Malformed> {
  const chance = chanceOf(seed)
  for (let i = 0; i < count; i++) yield pick(ways, chance)(sample, chance)
}

/** What a part of an address may be that it should not: the last three are no text at all once they are unescaped. */
const oddParts = [
  ...sqlPayloads,
  ..." |.|..|../../etc/passwd|null|undefined|true|-1|0|1.5|1e999|NaN|9007199254740993|{}|[]".split("|"),
  ..."__proto__|constructor|toString|*|<script>|2026-02-30T25:61:61Z|flow_01jd0000000000000000000000".split(
    "|",
  ),
  "",
  "flow_01JD0000000000000000000000",
  "9".repeat(400),
  "😀\u202e",
  "\u0000",
  "\r\nx-evil: 1",
  "x".repeat(6_000),
  "é".repeat(2_000),
].map((text) => encodeURIComponent(text))
oddParts.push("%ff", "%zz", "%")

/** Some of the ways in which an address can be wrong: a part, a value that is asked for, one twice, or one that is nobody's. */
export function* malformedAddresses(
  address: string,
  { parts, names }: { parts: readonly string[]; names: readonly string[] },
  seed: number,
  count: number,
): Generator<string> {
  const chance = chanceOf(seed)
  const asked = [...names, "tenant_id", "__proto__", "limit", "page", ""]
  for (let i = 0; i < count; i++) {
    let text = address
    if (parts.length > 0 && chance() < 0.5) {
      const part = `/${pick(parts, chance)}`
      const from = text.lastIndexOf(part)
      text = `${text.slice(0, from)}/${pick(oddParts, chance)}${text.slice(from + part.length)}`
    }
    const queries = text === address ? 1 + Math.floor(chance() * 3) : Math.floor(chance() * 2)
    for (let j = 0; j < queries; j++)
      text += `${text.includes("?") ? "&" : "?"}${pick(asked, chance)}=${pick(oddParts, chance)}`
    yield text
  }
}

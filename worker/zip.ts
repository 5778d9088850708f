import { crc32 } from "node:zlib"

/** A file of an archive: its name and what is in it, piece by piece. */
export type ZipEntry = { name: string; at: Date; content: AsyncIterable<string> | Iterable<string> }

type Written = { name: Uint8Array; at: number; crc: number; packed: number; size: number; offset: number }

const encoder = new TextEncoder()
/** The name is UTF-8 (bit 11), and sizes follow the file (bit 3), since it is written while it is read. */
const flags = 0x0808
const deflate = 8
/** Without ZIP64 nothing may lie beyond this. */
const mostBytes = 0xffff_ffff

/**
 * A ZIP archive, written while its files are read: nothing but the piece under way is in memory. As APPNOTE 6.3.10 has it
 * (https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT): local header, deflated data, data descriptor; then the directory.
 */
export async function* zipOf(entries: AsyncIterable<ZipEntry>): AsyncGenerator<Uint8Array> {
  const written: Written[] = []
  let offset = 0
  for await (const entry of entries) {
    const name = encoder.encode(entry.name)
    const head = headerOf(0x0403_4b50, [20, flags, deflate], dosTime(entry.at), [0, 0, 0], [name.length, 0])
    const one: Written = { name, at: dosTime(entry.at), crc: 0, packed: 0, size: 0, offset }
    yield head
    yield name
    for await (const bytes of deflated(entry.content, one)) yield bytes
    const tail = numbers([0x0807_4b50, 4], [one.crc, 4], [one.packed, 4], [one.size, 4])
    yield tail
    offset += head.length + name.length + one.packed + tail.length
    if (offset > mostBytes) throw new Error("the archive is larger than 4 GB")
    written.push(one)
  }
  yield* directory(written, offset)
}

async function* deflated(content: ZipEntry["content"], one: Written): AsyncGenerator<Uint8Array> {
  const packing = new CompressionStream("deflate-raw")
  const writer = packing.writable.getWriter()
  const feeding = (async () => {
    for await (const text of content) {
      const bytes = encoder.encode(text)
      one.crc = crc32(bytes, one.crc)
      one.size += bytes.length
      await writer.write(bytes)
    }
    await writer.close()
  })()
  // A source that fails must end the reading below, not leave it waiting.
  feeding.catch((error: unknown) => writer.abort(error).catch(() => {}))
  const reader = packing.readable.getReader()
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    one.packed += piece.value.length
    yield piece.value
  }
  await feeding
}

function* directory(written: readonly Written[], offset: number): Generator<Uint8Array> {
  let length = 0
  for (const { name, at, crc, packed, size, offset: start } of written) {
    const head = headerOf(0x0201_4b50, [20, 20, flags, deflate], at, [crc, packed, size], [name.length, 0])
    const rest = numbers([0, 2], [0, 2], [0, 2], [0, 4], [start, 4])
    yield head
    yield rest
    yield name
    length += head.length + rest.length + name.length
  }
  const count = written.length
  yield numbers([0x0605_4b50, 4], [0, 2], [0, 2], [count, 2], [count, 2], [length, 4], [offset, 4], [0, 2])
}

const headerOf = (sign: number, first: number[], at: number, sizes: number[], lengths: number[]) =>
  numbers(
    [sign, 4],
    ...first.map((value): [number, number] => [value, 2]),
    [at, 4],
    ...sizes.map((value): [number, number] => [value, 4]),
    ...lengths.map((value): [number, number] => [value, 2]),
  )

/** Numbers with their widths in bytes, the low byte first. */
function numbers(...given: [value: number, width: number][]): Uint8Array {
  const bytes = new Uint8Array(given.reduce((sum, [, width]) => sum + width, 0))
  const view = new DataView(bytes.buffer)
  let at = 0
  for (const [value, width] of given) {
    if (width === 2) view.setUint16(at, value, true)
    else view.setUint32(at, value >>> 0, true)
    at += width
  }
  return bytes
}

/** MS-DOS' date and time in one number, to two seconds; the year counts from 1980. */
function dosTime(at: Date): number {
  const date = ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate()
  const time = (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1)
  return ((date << 16) | time) >>> 0
}

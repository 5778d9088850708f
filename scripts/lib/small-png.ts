import { deflateSync, inflateSync, crc32 } from "node:zlib"

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

type Pixels = { width: number; height: number; bytes: number; data: Uint8Array }

/**
 * The same picture with at most 256 colours, each pixel one byte: a page of text and lines is a third of its size then. Takes the
 * PNGs that Chromium makes: eight bits a channel, not interlaced.
 */
export function smallPng(png: Buffer): Buffer {
  const pixels = decoded(png)
  const { indexes, palette } = reduced(pixels)
  const { width, height } = pixels
  const rows = Buffer.alloc((width + 1) * height)
  for (let y = 0; y < height; y++) rows.set(indexes.subarray(y * width, (y + 1) * width), y * (width + 1) + 1)
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, 3, 0, 0, 0], 8)
  return Buffer.concat([
    signature,
    chunk("IHDR", head),
    chunk("PLTE", Buffer.from(palette)),
    chunk("IDAT", deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ])
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data])
  const framed = Buffer.alloc(body.length + 8)
  framed.writeUInt32BE(data.length, 0)
  body.copy(framed, 4)
  framed.writeUInt32BE(crc32(body), body.length + 4)
  return framed
}

function decoded(png: Buffer): Pixels {
  const parts: Buffer[] = []
  let head: Buffer | undefined
  for (let at = signature.length; at < png.length;) {
    const length = png.readUInt32BE(at)
    const type = png.toString("latin1", at + 4, at + 8)
    const data = png.subarray(at + 8, at + 8 + length)
    if (type === "IHDR") head = data
    if (type === "IDAT") parts.push(data)
    at += length + 12
  }
  const bytes = head?.[9] === 2 ? 3 : head?.[9] === 6 ? 4 : 0
  if (!head || head[8] !== 8 || bytes === 0 || head[12] !== 0)
    throw new Error("not a PNG as Chromium makes it")
  const width = head.readUInt32BE(0)
  const height = head.readUInt32BE(4)
  return {
    width,
    height,
    bytes,
    data: unfiltered(inflateSync(Buffer.concat(parts)), width * bytes, height, bytes),
  }
}

/** Undoes what PNG does to rows before it packs them (PNG specification, section 9). */
function unfiltered(raw: Buffer, stride: number, height: number, bytes: number): Uint8Array {
  const data = new Uint8Array(stride * height)
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (stride + 1)] ?? 0
    for (let x = 0; x < stride; x++) {
      const left = x < bytes ? 0 : (data[y * stride + x - bytes] ?? 0)
      const up = y === 0 ? 0 : (data[(y - 1) * stride + x] ?? 0)
      const corner = y === 0 || x < bytes ? 0 : (data[(y - 1) * stride + x - bytes] ?? 0)
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter] ?? 0
      data[y * stride + x] = ((raw[y * (stride + 1) + 1 + x] ?? 0) + guess) & 255
    }
  }
  return data
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)]
  return a <= b && a <= c ? left : b <= c ? up : corner
}

const mostColours = 256

/** The colours that are seen most, each exactly; every other pixel takes the nearest of them. */
function reduced({ width, height, bytes, data }: Pixels): { indexes: Uint8Array; palette: number[] } {
  const counts = new Map<number, number>()
  const colours = new Uint32Array(width * height)
  for (let i = 0; i < colours.length; i++) {
    const at = i * bytes
    const colour = ((data[at] ?? 0) << 16) | ((data[at + 1] ?? 0) << 8) | (data[at + 2] ?? 0)
    colours[i] = colour
    counts.set(colour, (counts.get(colour) ?? 0) + 1)
  }
  const kept = [...counts]
    .sort(([, one], [, other]) => other - one)
    .slice(0, mostColours)
    .map(([colour]) => colour)
  const nearest = new Map(kept.map((colour, i) => [colour, i]))
  const indexes = new Uint8Array(colours.length)
  for (const [i, colour] of colours.entries()) {
    let index = nearest.get(colour)
    if (index === undefined) {
      index = nearestOf(kept, colour)
      nearest.set(colour, index)
    }
    indexes[i] = index
  }
  return { indexes, palette: kept.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]) }
}

function nearestOf(kept: readonly number[], colour: number): number {
  let best = 0
  let least = Infinity
  for (const [i, one] of kept.entries()) {
    const red = (one >> 16) - (colour >> 16)
    const green = ((one >> 8) & 255) - ((colour >> 8) & 255)
    const blue = (one & 255) - (colour & 255)
    const distance = red * red + green * green + blue * blue
    if (distance < least) [best, least] = [i, distance]
  }
  return best
}

/** A piece of output as a frame carries it: text where it is text, else bytes. */
export type Piece = { d: string } | { b64: string }

/** How many bytes at the end begin a character whose rest is still to come: 0 to 3. */
function unfinished(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte < 0x80) return 0
    if (byte < 0xc0) continue
    const whole = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc2 ? 2 : 1
    return byte <= 0xf4 && back < whole ? back : 0
  }
  return 0
}

/** Cuts a byte stream into pieces at the borders of characters: what a chunk ends in the middle of waits for the next one. */
export class Utf8Splitter {
  readonly #decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
  #held: Buffer = Buffer.alloc(0)

  /** The next piece, or null when all of it has to wait. */
  push(chunk: Buffer): Piece | null {
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk])
    const cut = bytes.length - unfinished(bytes)
    this.#held = Buffer.from(bytes.subarray(cut))
    return cut === 0 ? null : this.#piece(bytes.subarray(0, cut))
  }

  /** What still waited, when the stream has ended. */
  end(): Piece | null {
    const bytes = this.#held
    this.#held = Buffer.alloc(0)
    return bytes.length === 0 ? null : this.#piece(bytes)
  }

  #piece(bytes: Buffer): Piece {
    try {
      return { d: this.#decoder.decode(bytes) }
    } catch {
      return { b64: bytes.toString("base64") }
    }
  }
}

/** The bytes of a piece. */
export const bytesOf = (piece: { d?: string | undefined; b64?: string | undefined }): Buffer =>
  piece.b64 === undefined ? Buffer.from(piece.d ?? "", "utf8") : Buffer.from(piece.b64, "base64")

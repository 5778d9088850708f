import { memo, type ReactNode } from "react"

/** Text is laid out in pieces of about so many characters: only the last of them changes as words come. */
const pieceSize = 2_000

/** Cuts a text after a line or a word, from its beginning on: what was cut once stays cut there, however much is added. */
export function piecesOf(text: string): string[] {
  const pieces: string[] = []
  let from = 0
  while (text.length - from > pieceSize) {
    const line = text.lastIndexOf("\n", from + pieceSize)
    const word = line > from + pieceSize / 2 ? line : text.lastIndexOf(" ", from + pieceSize)
    const until = word > from ? word + 1 : from + pieceSize
    pieces.push(text.slice(from, until))
    from = until
  }
  pieces.push(text.slice(from))
  return pieces
}

/** A long text that grows at its end, with what stands behind its last word. */
export function GrowingText({ text, children }: { text: string; children?: ReactNode }) {
  const pieces = piecesOf(text)
  const last = pieces.pop()
  return (
    <>
      {pieces.map((piece, i) => (
        // Pieces neither move nor change.
        // oxlint-disable-next-line react/no-array-index-key
        <Piece key={i} text={piece} />
      ))}
      <span className="block">
        {last}
        {children}
      </span>
    </>
  )
}

const Piece = memo(function Piece({ text }: { text: string }) {
  return <span className="block [content-visibility:auto] [contain-intrinsic-size:auto_24rem]">{text}</span>
})

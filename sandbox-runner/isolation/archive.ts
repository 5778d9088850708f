import type { RunRequest } from "../../core/contract/sandbox.ts"

const block = 512

function header(name: string, size: number, type: "0" | "L"): Buffer {
  const bytes = Buffer.alloc(block)
  const put = (text: string, at: number): number => bytes.write(text, at, "latin1")
  bytes.write(name, 0, 100, "utf8")
  put("0000644\0", 100)
  put("0001750\0", 108)
  put("0001750\0", 116)
  put(`${size.toString(8).padStart(11, "0")}\0`, 124)
  put("00000000000\0", 136)
  put("        ", 148)
  put(type, 156)
  put("ustar  \0", 257)
  put(
    `${bytes
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, "0")}\0 `,
    148,
  )
  return bytes
}

const padded = (content: Buffer): Buffer[] => [
  content,
  Buffer.alloc((block - (content.length % block)) % block),
]

/** The run's files as a tar stream; names that are too long for a header go before it, as GNU tar has it. */
export function archiveOf(files: RunRequest["files"]): Buffer {
  const parts: Buffer[] = []
  for (const file of files) {
    const content = Buffer.from(file.content, file.encoding)
    const name = Buffer.from(`${file.path}\0`)
    if (name.length > 100) parts.push(header("././@LongLink", name.length, "L"), ...padded(name))
    parts.push(header(file.path, content.length, "0"), ...padded(content))
  }
  return Buffer.concat([...parts, Buffer.alloc(block * 2)])
}

import {
  allowed,
  countedByCgroup,
  families,
  forbidden,
  newNamespaces,
  personalities,
  protocols,
  socketTypes,
  terminalTricks,
} from "./policy.ts"
import { numbers, type Architecture } from "./numbers.ts"

/** One classic BPF instruction: opcode, jumps if true and false, constant. */
type Instruction = readonly [code: number, jt: number, jf: number, k: number]

const load = (offset: number): Instruction => [0x20, 0, 0, offset]
const and = (mask: number): Instruction => [0x54, 0, 0, mask]
const jumpIf = (code: number, k: number, jt: number, jf: number): Instruction => [code, jt, jf, k]
const equal = 0x15
const greater = 0x25
const atLeast = 0x35
const anyBit = 0x45
const answer = (value: number): Instruction => [0x06, 0, 0, value]

const allow = answer(0x7fff0000)
const refuse = (errno: number): Instruction => answer(0x00050000 | errno)
const killProcess = answer(0x80000000)
const eperm = refuse(1)
const enosys = refuse(38)
const eafnosupport = refuse(97)

const nr = 0
const arch = 4
/** The low half of an argument; both architectures are little-endian, and all that we look at are 32-bit. */
const argument = (index: number): number => 16 + 8 * index

const auditArch: Record<Architecture, number> = { x86_64: 0xc000003e, aarch64: 0xc00000b7 }
/** From here on numbers belong to x32, another architecture in disguise. */
const x32 = 0x40000000

/** The argument is one of these, or the call is refused; the accumulator holds it. */
const oneOf = (values: readonly number[], otherwise: Instruction): Instruction[] => [
  ...values.map((value, i) => jumpIf(equal, value, values.length - i, 0)),
  otherwise,
]

function forCall(number: number | undefined, body: readonly Instruction[]): Instruction[] {
  if (number === undefined) return []
  return [jumpIf(equal, number, 0, body.length), ...body]
}

/** Numbers in a row cost one comparison more than a single one. */
function forRanges(list: readonly number[], verdict: Instruction): Instruction[] {
  const ranges: [number, number][] = []
  for (const number of [...list].sort((a, b) => a - b)) {
    const last = ranges.at(-1)
    if (last !== undefined && last[1] === number - 1) last[1] = number
    else ranges.push([number, number])
  }
  return ranges.flatMap(([from, to]) =>
    from === to
      ? [jumpIf(equal, from, 0, 1), verdict]
      : [jumpIf(atLeast, from, 0, 2), jumpIf(greater, to, 1, 0), verdict],
  )
}

function checked(table: Readonly<Record<string, number>>): Instruction[] {
  return [
    ...forCall(table["clone"], [load(argument(0)), jumpIf(anyBit, newNamespaces, 0, 1), eperm, allow]),
    ...forCall(table["socket"], [
      load(argument(0)),
      ...oneOf(families, eafnosupport),
      load(argument(1)),
      and(0xf),
      ...oneOf(socketTypes, eperm),
      load(argument(2)),
      ...oneOf(protocols, eperm),
      allow,
    ]),
    ...forCall(table["socketpair"], [load(argument(0)), ...oneOf([1], eafnosupport), allow]),
    ...forCall(table["ioctl"], [
      load(argument(1)),
      ...terminalTricks.flatMap((trick) => [jumpIf(equal, trick, 0, 1), eperm]),
      allow,
    ]),
    ...forCall(table["personality"], [load(argument(0)), ...oneOf(personalities, eperm), allow]),
  ]
}

/** The filter as the kernel takes it: eight bytes an instruction. `counted`: a cgroup counts memory that no process holds. */
export function assemble(architecture: Architecture, counted: boolean): Buffer {
  const table = numbers[architecture]
  const numbersOf = (names: readonly string[]): number[] =>
    names.map((name) => table[name]).filter((number) => number !== undefined)
  const program: Instruction[] = [
    load(arch),
    jumpIf(equal, auditArch[architecture], 1, 0),
    killProcess,
    load(nr),
    ...(architecture === "x86_64" ? [jumpIf(atLeast, x32, 0, 1), killProcess] : []),
    ...forRanges(numbersOf(counted ? [...allowed, ...countedByCgroup] : allowed), allow),
    ...checked(table),
    ...forRanges(numbersOf(forbidden), eperm),
    enosys,
  ]
  const bytes = Buffer.alloc(program.length * 8)
  program.forEach(([code, jt, jf, k], i) => {
    bytes.writeUInt16LE(code, i * 8)
    bytes.writeUInt8(jt, i * 8 + 2)
    bytes.writeUInt8(jf, i * 8 + 3)
    bytes.writeUInt32LE(k >>> 0, i * 8 + 4)
  })
  return bytes
}

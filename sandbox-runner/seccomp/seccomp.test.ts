import { readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { assemble } from "./assemble.ts"
import { filters } from "./filters.ts"
import { numbers, type Architecture } from "./numbers.ts"
import { allowed, countedByCgroup, forbidden } from "./policy.ts"

const audit = { x86_64: 0xc000003e, aarch64: 0xc00000b7, i386: 0x40000003, arm: 0x40000028 }

/** The kernel's interpreter for the instructions that we use; anything else is a mistake of ours. */
function answer(program: Buffer, nr: number, arch: number, args: readonly bigint[] = []): number {
  const data = Buffer.alloc(64)
  data.writeUInt32LE(nr >>> 0, 0)
  data.writeUInt32LE(arch >>> 0, 4)
  args.forEach((arg, i) => data.writeBigUInt64LE(BigInt.asUintN(64, arg), 16 + 8 * i))
  let a = 0
  for (let pc = 0; pc < program.length / 8; pc++) {
    const code = program.readUInt16LE(pc * 8)
    const [jt, jf] = [program.readUInt8(pc * 8 + 2), program.readUInt8(pc * 8 + 3)]
    const k = program.readUInt32LE(pc * 8 + 4)
    if (code === 0x06) return k
    if (code === 0x20) a = data.readUInt32LE(k)
    else if (code === 0x54) a = (a & k) >>> 0
    else if (code === 0x15) pc += a === k ? jt : jf
    else if (code === 0x25) pc += a > k ? jt : jf
    else if (code === 0x35) pc += a >= k ? jt : jf
    else if (code === 0x45) pc += (a & k) >>> 0 === 0 ? jf : jt
    else throw new Error(`instruction ${pc} is ${code.toString(16)}`)
  }
  throw new Error("the program runs over its end")
}

const allow = 0x7fff0000
const eperm = 0x00050001
const enosys = 0x00050026
const eafnosupport = 0x00050061
const kill = 0x80000000

describe.each(filters)("[SB5] the filter $file", ({ file, architecture, counted }) => {
  const program = readFileSync(join(import.meta.dirname, file))
  const table = numbers[architecture]
  const ask = (name: string, ...args: (number | bigint)[]): number =>
    answer(program, table[name] ?? -1, audit[architecture], args.map(BigInt))

  it("is what the policy says today", () => {
    expect(program.equals(assemble(architecture, counted)), "node sandbox-runner/seccomp/write.ts").toBe(true)
    expect(program.length).toBeLessThan(8 * 4_096)
  })

  it("allows what programs need", () => {
    for (const name of allowed) if (name in table) expect(ask(name), name).toBe(allow)
    for (const name of ["read", "write", "openat", "execve", "wait4", "futex", "mmap", "exit_group"])
      expect(table[name], name).toBeDefined()
  })

  it("refuses what is forbidden, and knows nothing else", () => {
    for (const name of forbidden) if (name in table) expect(ask(name), name).toBe(eperm)
    for (const name of ["clone3", "io_uring_setup", "io_uring_enter", "io_uring_register"])
      expect(answer(program, table[name] ?? 435, audit[architecture]), name).toBe(enosys)
    const known = new Set(Object.values(table))
    for (let nr = 0; nr < 700; nr++)
      if (!known.has(nr)) expect(answer(program, nr, audit[architecture]), String(nr)).toBe(enosys)
  })

  it("allows memory that belongs to no process only where a group counts it", () => {
    for (const name of countedByCgroup)
      if (name in table) expect(ask(name), name).toBe(counted ? allow : enosys)
  })

  it("lets clone make processes and threads, no namespaces", () => {
    expect(ask("clone", 17)).toBe(allow)
    expect(ask("clone", 0x3d0f00)).toBe(allow)
    for (const flag of [0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000])
      expect(ask("clone", flag | 17), flag.toString(16)).toBe(eperm)
  })

  it("lets sockets be of three families, plain kinds and plain protocols", () => {
    for (const family of [1, 2, 10])
      for (const kind of [1, 2, 5, 1 | 0o2000000 | 0o4000]) expect(ask("socket", family, kind, 0)).toBe(allow)
    expect(ask("socket", 2, 1, 6)).toBe(allow)
    for (let family = 0; family < 64; family++)
      if (![1, 2, 10].includes(family))
        expect(ask("socket", family, 1, 0), `family ${family}`).toBe(eafnosupport)
    // What the kernel cuts off, the filter must cut off too.
    expect(ask("socket", (1n << 32n) | 40n, 1, 0)).toBe(eafnosupport)
    for (const kind of [3, 4, 6, 10, 3 | 0o2000000])
      expect(ask("socket", 2, kind, 0), `kind ${kind}`).toBe(eperm)
    for (const protocol of [1, 58, 132, 136, 255, 256, 262]) expect(ask("socket", 2, 1, protocol)).toBe(eperm)
    expect([ask("socketpair", 1, 1, 0), ask("socketpair", 40, 1, 0), ask("socketpair", 30, 1, 0)]).toEqual([
      allow,
      eafnosupport,
      eafnosupport,
    ])
  })

  it("keeps terminals from being typed into, whatever the high bits say", () => {
    expect(ask("ioctl", 0, 0x5401)).toBe(allow)
    for (const number of [0x5412, 0x541c, 0x5423]) {
      expect(ask("ioctl", 0, number)).toBe(eperm)
      expect(ask("ioctl", 0, (0xffffffffn << 32n) | BigInt(number))).toBe(eperm)
    }
    expect([ask("personality", 0xffffffff), ask("personality", 0), ask("personality", 0x0400000)]).toEqual([
      allow,
      allow,
      eperm,
    ])
  })

  it("ends whoever speaks for another architecture", () => {
    const others = Object.entries(audit).filter(([name]) => name !== architecture)
    for (const [name, arch] of others) expect(answer(program, 1, arch), name).toBe(kill)
    if (architecture === ("x86_64" satisfies Architecture))
      expect(answer(program, 0x40000000 + 1, audit.x86_64)).toBe(kill)
  })
})

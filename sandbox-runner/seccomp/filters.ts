import type { Architecture } from "./numbers.ts"

/** The filters that are checked in, beside this file. */
export const filters: readonly { file: string; architecture: Architecture; counted: boolean }[] = [
  { file: "x86_64.bpf", architecture: "x86_64", counted: true },
  { file: "x86_64-uncounted.bpf", architecture: "x86_64", counted: false },
  { file: "aarch64.bpf", architecture: "aarch64", counted: true },
  { file: "aarch64-uncounted.bpf", architecture: "aarch64", counted: false },
]

import type { ModelUsage } from "./event.ts"

/** What two answers of one model cost together. */
export function addedUsage(a: ModelUsage, b: ModelUsage): ModelUsage {
  const part = (name: "cache_read_tokens" | "cache_write_tokens" | "reasoning_tokens") => {
    const sum = (a[name] ?? 0) + (b[name] ?? 0)
    return sum === 0 ? {} : { [name]: sum }
  }
  return {
    input_tokens: a.input_tokens + b.input_tokens,
    output_tokens: a.output_tokens + b.output_tokens,
    ...part("cache_read_tokens"),
    ...part("cache_write_tokens"),
    ...part("reasoning_tokens"),
    estimated: a.estimated || b.estimated,
  }
}

export const noUsage: ModelUsage = { input_tokens: 0, output_tokens: 0, estimated: false }

/** A usage as the journal has it; that it was counted by us is said there only when it is so. */
export const wholeUsage = (
  usage: Omit<ModelUsage, "estimated"> & { estimated?: boolean | undefined },
): ModelUsage => ({
  ...usage,
  estimated: usage.estimated ?? false,
})

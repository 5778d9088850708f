import * as z from "zod"
import { out, type Kind } from "./kind.ts"

/** How many of its edges a merge waits for: all that are not skipped, any one, or n. */
export const MergeMode = z.union([z.literal("all"), z.literal("any"), z.int().min(1).max(100)])
export type MergeMode = z.infer<typeof MergeMode>

export const merge: Kind = {
  type: "merge",
  title: "Merge",
  summary: "Joins routes: waits for all of them, any, or the first n",
  family: "control",
  icon: "merge",
  act: "pure",
  data: z.strictObject({
    mode: MergeMode.default("all").meta({
      title: "Wait for",
      description: "all routes that are not skipped, any one, or a number of them",
    }),
  }),
  takesInput: true,
  handles: () => [out],
  expressions: () => [],
  substance: (data) => {
    const mode = MergeMode.safeParse(data["mode"]).data ?? "all"
    return mode === "all" ? "Waits for all" : mode === "any" ? "Takes the first" : `Takes the first ${mode}`
  },
}

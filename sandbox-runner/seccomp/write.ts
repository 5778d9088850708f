// `node sandbox-runner/seccomp/write.ts` writes the filters after a change of the policy; a test says when it was forgotten.
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { filters } from "./filters.ts"
import { assemble } from "./assemble.ts"

for (const { file, architecture, counted } of filters)
  writeFileSync(join(import.meta.dirname, file), assemble(architecture, counted))

import { cpSync } from "node:fs"
import { join } from "node:path"
import { defineConfig } from "vite"

const root = join(import.meta.dirname, "../..")
const outDir = process.env["SANDBOX_BUNDLE"] ?? join(root, "dist/sandbox")

/** The runner as one file for Node, with the files that it hands to sandboxes beside it. */
export default defineConfig({
  root,
  publicDir: false,
  logLevel: "warn",
  // Everything is bundled: the image has no packages.
  ssr: { noExternal: true },
  build: {
    ssr: "sandbox-runner/main.ts",
    target: "node24",
    outDir,
    emptyOutDir: true,
    rollupOptions: { output: { entryFileNames: "main.mjs" } },
  },
  plugins: [
    {
      name: "assets-beside",
      closeBundle() {
        for (const folder of ["runners", "seccomp"])
          cpSync(join(root, "sandbox-runner", folder), join(outDir, folder), {
            recursive: true,
            filter: (source) => !source.endsWith(".ts"),
          })
      },
    },
  ],
})

import { cloudflareTest } from "@cloudflare/vitest-plugin"
import { defineConfig } from "vitest/config"

const root = import.meta.dirname

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["core/**/*.test.ts", "worker/**/*.test.ts", "scripts/**/*.test.ts", "test/wire/**/*.test.ts", "test/llm/**/*.test.ts"],
          environment: "node",
        },
      },
      {
        // Objects by themselves: real storage and alarms, fake ports.
        plugins: [
          cloudflareTest({
            main: "./test/objects/worker.ts",
            miniflare: {
              compatibilityDate: "2026-10-01",
              compatibilityFlags: ["nodejs_compat"],
              durableObjects: { EXECUTION: { className: "FakeExecution", useSQLite: true } },
            },
          }),
        ],
        test: { name: "objects", root, include: ["test/objects/**/*.test.ts"] },
      },
    ],
  },
})

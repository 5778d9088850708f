import { cloudflareTest } from "@cloudflare/vitest-plugin"
import { mkdirSync } from "node:fs"
import { availableParallelism } from "node:os"
import { join } from "node:path"
import { defineConfig } from "vitest/config"
import { testQuotas } from "./test/kit/quotas.ts"
import { testSecrets } from "./test/kit/secrets.ts"

const root = import.meta.dirname

// The Worker's assets binding wants its folder; no test needs the pages to be built.
mkdirSync(join(root, "dist/web"), { recursive: true })

export default defineConfig({
  test: {
    // Most tests wait for a process or a timer of theirs: one file for each core keeps two cores busy, which vitest's own choice does not.
    maxWorkers: availableParallelism(),
    projects: [
      {
        test: {
          name: "unit",
          include: [
            "core/**/*.test.ts",
            "durable/**/*.test.ts",
            "worker/**/*.test.ts",
            "sandbox-runner/**/*.test.ts",
            "scripts/**/*.test.ts",
            "test/wire/**/*.test.ts",
            "test/fixtures/**/*.test.ts",
            "test/llm/**/*.test.ts",
            "test/security/**/*.test.ts",
          ],
          environment: "node",
          // Files have modules of their own all the same; packages they share.
          isolate: false,
          // A machine that does other things as well is slow, not wrong.
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: "web",
          include: ["web/**/*.test.{ts,tsx}"],
          environment: "happy-dom",
          setupFiles: ["web/test-setup.ts"],
          // Files have modules and a page of their own all the same; packages, which take longest to load, they share.
          isolate: false,
          css: { include: [/styles\/t\w+\.css/] },
          // Typing letter by letter takes its time where others want the cores too.
          testTimeout: 30_000,
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
              durableObjects: {
                EXECUTION: { className: "FakeExecution", useSQLite: true },
                CLOCK: { className: "FakeClock", useSQLite: true },
                CHAT: { className: "FakeChat", useSQLite: true },
                CANVAS: { className: "FakeCanvas", useSQLite: true },
                SEALER: { className: "FakeSealer", useSQLite: true },
                SANDBOX: { className: "FakeSandbox", useSQLite: true },
                GOVERNOR: { className: "FakeGovernor", useSQLite: true },
              },
            },
          }),
        ],
        test: {
          name: "objects",
          root,
          include: ["test/objects/**/*.test.ts"],
          testTimeout: 20_000,
          // What comes late on a busy machine comes.
          expect: { poll: { timeout: 10_000 } },
        },
      },
      {
        // The whole Worker by its HTTP, with the databases and objects of wrangler.toml.
        plugins: [
          cloudflareTest({
            wrangler: { configPath: "./wrangler.toml" },
            miniflare: {
              bindings: { ...testSecrets, ...testQuotas, SECURITY: process.env["SECURITY"] ?? "" },
            },
          }),
        ],
        test: {
          name: "workerd",
          root,
          include: ["test/workerd/**/*.test.ts"],
          testTimeout: 90_000,
          hookTimeout: 90_000,
          expect: { poll: { timeout: 10_000 } },
        },
      },
      {
        // The sandbox runner as a process of its own, with programs that mean harm: one file at a time, they measure the whole machine.
        test: {
          name: "sandbox",
          root,
          include: ["test/sandbox/**/*.test.ts"],
          environment: "node",
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        // The server is killed again and again: what must hold then. Longer forms are `npm run chaos`.
        test: {
          name: "chaos",
          root,
          include: ["test/chaos/**/*.test.ts"],
          environment: "node",
          fileParallelism: false,
          testTimeout: 600_000,
        },
      },
      {
        // Whole journeys against `npm start` as a child process. They wait more than they work, so two go at a time.
        test: {
          name: "e2e",
          root,
          include: ["test/e2e/**/*.test.ts"],
          environment: "node",
          testTimeout: 60_000,
          hookTimeout: 120_000,
          // A page's own time is measured by the benches; here it only has to come.
          expect: { poll: { timeout: 10_000 } },
        },
      },
    ],
  },
})

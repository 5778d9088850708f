import { defineConfig } from "vite"

/** The widget: one classic script without imports, since `data-key` is read from the tag that runs it. */
export default defineConfig({
  root: import.meta.dirname,
  publicDir: false,
  build: {
    outDir: "../../dist/web",
    // The pages lie there already.
    emptyOutDir: false,
    target: ["chrome123", "edge123", "firefox128", "safari17.5"],
    reportCompressedSize: false,
    lib: { entry: "main.ts", name: "edgecrew", formats: ["iife"], fileName: () => "widget.js" },
  },
})

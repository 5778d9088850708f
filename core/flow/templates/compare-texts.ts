import { at, longText, to } from "./draw.ts"
import { template } from "./template.ts"

export const compareTexts = template(
  "compare",
  "Compare two texts",
  "Says what two texts share and what only one of them has, beside a summary of each.",
  {
    nodes: [
      at(0, 1, "texts", "input", "Two texts"),
      at(1, 0, "first_gist", "llm", "Gist of the first", {
        prompt: "Summarise this text in 1 sentence.\n\n{{ input.first }}",
      }),
      at(1, 1, "comparison", "llm", "Compare", {
        prompt: "Compare these two texts.\n\nText A:\n{{ input.first }}\n\nText B:\n{{ input.second }}",
      }),
      at(1, 2, "second_gist", "llm", "Gist of the second", {
        prompt: "Summarise this text in 1 sentence.\n\n{{ input.second }}",
      }),
      at(2, 1, "all", "merge", "All three", { mode: "all" }),
      at(3, 1, "report", "output", "Report", {
        value:
          "# Comparison\n\n{{ nodes.comparison }}\n\n## The first in short\n\n{{ nodes.first_gist }}\n\n## The second in short\n\n{{ nodes.second_gist }}",
      }),
    ],
    edges: [
      to("texts", "first_gist"),
      to("texts", "comparison"),
      to("texts", "second_gist"),
      to("first_gist", "all"),
      to("comparison", "all"),
      to("second_gist", "all"),
      to("all", "report"),
    ],
    inputs: {
      first: longText("First text", "One version, offer or opinion"),
      second: longText("Second text", "The other"),
    },
  },
  {
    first:
      "Tenants may keep pets with the written consent of the landlord. The rent is due on the first day of each month. Either party may end the contract with three months' notice. Repairs under 100 euros are paid by the tenant.",
    second:
      "Tenants may not keep pets. The rent is due on the first day of each month. Either party may end the contract with six months' notice. The landlord pays for all repairs. Subletting needs the written consent of the landlord.",
  },
)

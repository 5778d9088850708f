/** A flow of so many steps between an input and an output, for measuring. */
export const largeFlow = (steps: number) => ({
  name: "A large flow",
  nodes: [
    { id: "input", type: "input", position: { x: 0, y: 0 }, data: {} },
    ...Array.from({ length: steps }, (_, i) => ({
      id: `step_${i}`,
      type: "transform",
      position: { x: (i % 25) * 240, y: Math.floor(i / 25) * 120 },
      data: { value: "input" },
    })),
    { id: "output", type: "output", position: { x: 0, y: 3_000 }, data: {} },
  ],
  edges: Array.from({ length: steps }, (_, i) => ({ id: `e${i}`, source: "input", target: `step_${i}` })),
})

import { describe, expect, it } from "vitest"
import theme from "./theme.css?raw"
import css from "./tokens.css?raw"

type Lch = { l: number; c: number; h: number; a: number }

const oklch = /oklch\(([\d.]+) ([\d.]+) ([\d.]+)(?: \/ ([\d.]+))?\)/g

/** Every colour token, by theme. */
const tokens = new Map(
  [...css.matchAll(/--([\w-]+): ((?:light-dark\(|oklch\().*);/g)].map(([, name, value]) => {
    const colours = [...value!.matchAll(oklch)].map(([, l, c, h, a]): Lch => ({
      l: +l!,
      c: +c!,
      h: +h!,
      a: a ? +a : 1,
    }))
    return [name!, { light: colours[0]!, dark: colours[1] ?? colours[0]! }] as const
  }),
)

/** Relative luminance (WCAG 2) of an OKLCH colour, by https://bottosson.github.io/posts/oklab/. */
function luminance({ l, c, h }: Lch): number {
  const [a, b] = [c * Math.cos((h * Math.PI) / 180), c * Math.sin((h * Math.PI) / 180)]
  const long = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const middle = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const short = (l - 0.0894841775 * a - 1.291485548 * b) ** 3
  const within = (value: number) => Math.min(1, Math.max(0, value))
  const red = within(4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short)
  const green = within(-1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short)
  const blue = within(-0.0041960863 * long - 0.7034186147 * middle + 1.707614701 * short)
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(over: string, under: string, theme: "light" | "dark"): number {
  const [a, b] = [tokens.get(over), tokens.get(under)]
  if (!a || !b) throw new Error(`tokens.css has no --${a ? under : over}`)
  const [one, other] = [luminance(a[theme]), luminance(b[theme])]
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)
}

const statuses = ["running", "waiting", "succeeded", "failed", "cancelled", "attention"]
const kinds = ["model", "agent", "tool", "control", "person", "data"].map((kind) => `kind-${kind}`)
const surfaces = ["page", "surface", "raised", "sunken", "hover", "active"]

/** The pairs that fall short, each with its contrast. */
const tooFaint = (
  pairs: readonly (readonly [string, string])[],
  least: number,
  on: "light" | "dark",
): string[] =>
  pairs
    .map(([over, under]) => ({ over, under, ratio: contrast(over, under, on) }))
    .filter(({ ratio }) => ratio < least)
    .map(({ over, under, ratio }) => `${over} on ${under}: ${ratio.toFixed(2)}`)

const pairs = (overs: readonly string[], unders: readonly string[]) =>
  overs.flatMap((over) => unders.map((under) => [over, under] as const))

describe.each(["light", "dark"] as const)("the %s theme", (on) => {
  it("has text that reads on every surface (4.5)", () => {
    expect(tooFaint(pairs(["ink", "soft", "muted"], surfaces), 4.5, on)).toEqual([])
  })

  it("has hues that read on surfaces and on their own soft ground (4.5)", () => {
    const hues = [...statuses, ...kinds]
    const own = [...hues.map((hue) => [hue, `${hue}-soft`] as const), ["accent-ink", "accent-soft"] as const]
    expect(
      tooFaint([...pairs([...hues, "accent-ink"], ["surface", "raised", "hover"]), ...own], 4.5, on),
    ).toEqual([])
    expect(tooFaint(pairs(["ink", "soft", "muted"], ["accent-soft"]), 4.5, on)).toEqual([])
  })

  it("has buttons whose words read (4.5)", () => {
    expect(
      tooFaint(pairs(["on-accent"], ["accent", "accent-hover", "danger", "danger-hover"]), 4.5, on),
    ).toEqual([])
  })

  it("has edges of controls and focus rings that stand out (3, WCAG 1.4.11)", () => {
    expect(tooFaint(pairs(["field", "focus"], ["page", "surface", "raised"]), 3, on)).toEqual([])
  })
})

it("components name colours by token only", () => {
  const mapped = [...theme.matchAll(/--color-([\w-]+): var\(--([\w-]+)\)/g)]
  expect(mapped.length).toBeGreaterThan(40)
  for (const [, name, token] of mapped) expect(tokens.has(token!), `--color-${name}`).toBe(true)
})

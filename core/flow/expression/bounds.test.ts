import { describe, expect, it } from "vitest"
import { compileExpression } from "./compile.ts"
import { ExpressionError, type ExpressionErrorCode } from "./error.ts"
import { evaluateExpression, type Scope } from "./evaluate.ts"
import type { Limits } from "./limits.ts"
import { resolveFields, resolveTemplate } from "./template.ts"

const scope: Scope = { input: { name: "Ann" }, nodes: {}, execution: {}, vars: {} }

async function codeOf(evaluation: Promise<unknown>): Promise<string | undefined> {
  try {
    await evaluation
    return undefined
  } catch (fault) {
    if (fault instanceof ExpressionError) return fault.code
    throw fault
  }
}

const runs = (source: string, limits?: Partial<Limits>) => codeOf(evaluateExpression(source, scope, limits))

/** Milliseconds of this thread's own work. Tests share the machine, and the first try also compiles, so the best of a few counts. */
async function quickest(work: () => Promise<unknown>): Promise<number> {
  let best = Infinity
  for (let i = 0; i < 4; i++) {
    const start = process.threadCpuUsage()
    await work().catch(() => undefined)
    const { user, system } = process.threadCpuUsage(start)
    best = Math.min(best, (user + system) / 1_000)
  }
  return best
}

const long = (length: number) => `$pad("", ${length}, "a")`

const bombs: [ExpressionErrorCode, string, string][] = [
  ["expression.timeout", "tail recursion", "($f := function($x){$f($x)}; $f(1))"],
  [
    "expression.timeout",
    "tail recursion behind a condition",
    "($f := function($x){ $x > 0 ? $f($x + 1) : $f($x) }; $f(1))",
  ],
  [
    "expression.timeout",
    "two functions in turn",
    "($a := function($x){$b($x)}; $b := function($x){$a($x)}; $a(1))",
  ],
  ["expression.timeout", "the omega combinator", "(function($f){ $f($f) })(function($f){ $f($f) })"],
  [
    "expression.timeout",
    "a tree of calls",
    "($f := function($n){ $n = 0 ? 0 : $f($n-1) + $f($n-1) }; $f(30))",
  ],
  [
    "expression.timeout",
    "a matcher that never ends",
    "($m := function(){ {'match':'','start':0,'end':0,'groups':[],'next':$m} }; $match('a', $m))",
  ],
  ["expression.depth", "recursion that is not in tail position", "($f := function($x){1 + $f($x)}; $f(1))"],
  ["expression.depth", "recursion in an object", "($f := function($x){ {'a': $f($x)} }; $f(1))"],
  ["expression.depth", "recursion through $map", "($f := function($x){ $map([1], $f) }; $f(1))"],
  ["expression.depth", "recursion in an order", "($f := function($x){ [1,2]^($f($)) & '' }; $f(1))"],
  ["expression.depth", "recursion in a predicate", "($f := function($x){ [1][$f($)] & '' }; $f(1))"],
  [
    "expression.depth",
    "recursion in a replacement",
    "($f := function($x){ $replace('a', /a/, function($m){ $f(1) }) & '' }; $f(1))",
  ],
  ["expression.too_large", "a range", "[1..10000000]"],
  ["expression.too_large", "a range from below zero", "[-5000000..5000000]"],
  ["expression.timeout", "ranges of ranges", "[1..99999].([1..99999])"],
  [
    "expression.timeout",
    "maps within maps",
    "$map([1..50000], function($x){ $map([1..50000], function($y){$x*$y}) })",
  ],
  ["expression.timeout", "a product of paths", "[1..300].($a := $; [1..300].($b := $; [1..300].($a+$b+$)))"],
  ["expression.timeout", "a wide join of contexts", "($l := [1..2000]; $l@$a.$l@$b.{'a': $a, 'b': $b})"],
  ["expression.too_large", "a text that doubles", "$reduce([1..60], function($a,$b){$a & $a}, 'x')"],
  ["expression.too_large", "a list that doubles", "$reduce([1..60], function($a,$b){$append($a,$a)}, [1])"],
  ["expression.too_large", "padding", "$pad('x', 1000000000)"],
  ["expression.too_large", "padding to the left", "$pad('x', -1000000000, 'ab')"],
  [
    "expression.too_large",
    "padding with a long filler",
    `$pad('', 1000000, ${long(1000)}) & $pad('', 1000000, 'b')`,
  ],
  ["expression.too_large", "a join", `$join($map([1..1500], function($x){ ${long(1000)} }))`],
  [
    "expression.too_large",
    "a join with a long separator",
    `$join($map([1..5000], function($x){ 'a' }), ${long(1000)})`,
  ],
  ["expression.too_large", "a replacement", `$replace(${long(10000)}, 'a', ${long(10000)})`],
  ["expression.too_large", "a replacement of matches", `$replace(${long(5000)}, /a/, ${long(10000)})`],
  [
    "expression.too_large",
    "a replacement that repeats a group",
    `$replace(${long(5000)}, /(a+)/, $join($map([1..5000], function($i){ '$1' })))`,
  ],
  ["expression.too_large", "a list as text", "($l := [1..90000]; $string([$l, $l, $l]))"],
  ["expression.too_large", "a split into characters", `$split(${long(1000000)}, '')`],
  ["expression.timeout", "a quadratic filter by positions", "($x := [1..90000]; $x[$x])"],
  ["expression.timeout", "a quadratic $distinct", "$distinct($map([1..5000], function($x){ {'a':$x} }))"],
  ["expression.timeout", "a large $sort", "$sort([1..90000], function($a,$b){$a<$b})"],
  ["expression.timeout", "a large order", "[1..90000]^(-$)"],
  ["expression.timeout", "large groups", "[1..90000]{$string($ % 100): $}"],
  ["expression.timeout", "many keys", "$merge($map([1..90000], function($i){ {$string($i): 1} }))"],
  ["expression.timeout", "$spread", "$spread($map([1..90000], function($i){ {'a':1,'b':2,'c':3} }))"],
  ["expression.timeout", "$zip", "($l := [1..90000]; $zip($l,$l,$l,$l,$l,$l,$l,$l,$l,$l))"],
  ["expression.timeout", "deep data by $reduce", "$reduce([1..90000], function($a,$x){ {'a':$a} }, {})"],
  [
    "expression.timeout",
    "reading a long text again and again",
    `($s := ${long(1000000)}; $map([1..90000], function($i){ $length($s) }))`,
  ],
  [
    "expression.timeout",
    "comparing long texts",
    `($s := ${long(1000000)}; $t := $s & 'b'; $u := $s & 'c'; $map([1..90000], function($i){ $t = $u }))`,
  ],
  [
    "expression.timeout",
    "long texts as keys",
    `($s := ${long(1000000)}; $map([1..90000], function($i){ $lookup({}, $s & $i) }))`,
  ],
  [
    "expression.timeout",
    "comparing large objects",
    "($o := $merge($map([1..1000], function($i){ {$string($i): $i} })); $map([1..90000], function($i){ {} = $o }))",
  ],
  [
    "expression.timeout",
    "a regular expression with nested repetition on a long text",
    `$match(${long(1000000)}, /(a+)+$/)`,
  ],
  [
    "expression.timeout",
    "a regular expression that looks far ahead of each match",
    `$match(${long(20000)}, /a(.*b)?/)`,
  ],
  [
    "expression.timeout",
    "a large regular expression",
    `$contains(${long(50000)}, /(?:[ab]?){400}[ab]{400}[x-z]/)`,
  ],
  [
    "expression.timeout",
    "a date picture that can be read in many ways",
    "$toMillis('MMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMM!', '[YI][MI][DI][HI][mI][sI][dI][WI]')",
  ],
  ["expression.failed", "a date picture with a wide field", "$fromMillis(0, '[Y,999999999]')"],
  [
    "expression.failed",
    "a date picture with a wide field in pieces",
    "$fromMillis(0, '[Y, 9 9 9 9 9 9 9 9]')",
  ],
  ["expression.failed", "a long picture", "$formatNumber(1, $pad('', 100000, '0'))"],
  [
    "expression.failed",
    "an empty separator in a picture",
    "$formatNumber(1, '0', {'grouping-separator': ''})",
  ],
  ["expression.failed", "a large Roman number", "$formatInteger(100000000000000, 'I')"],
  ["expression.output", "a large answer", "[1..60000]"],
  ["expression.output", "a long answer", long(300000)],
]

describe("an expression that would run away", () => {
  it.each(bombs)("ends with %s: %s", async (code, _, source) => {
    expect(await runs(source)).toBe(code)
    expect(await quickest(() => evaluateExpression(source, scope))).toBeLessThan(100)
  })
})

const sources: [ExpressionErrorCode, string, string][] = [
  ["expression.too_large", "a source that is too long", `"${"a".repeat(16_384)}"`],
  ["expression.too_large", "too many tokens", "1" + "+1".repeat(3_000)],
  ["expression.depth", "brackets", "(".repeat(1_000) + "1" + ")".repeat(1_000)],
  ["expression.depth", "arrays", "[".repeat(1_000) + "]".repeat(1_000)],
  ["expression.depth", "objects", '{"a":'.repeat(700) + "1" + "}".repeat(700)],
  ["expression.depth", "signs", "-".repeat(3_000) + "a"],
  ["expression.depth", "a chain of operators", "1" + "+1".repeat(1_000)],
  [
    "expression.depth",
    "?? on the left of ??, which the parser doubles",
    "(".repeat(40) + "a" + " ?? b)".repeat(40),
  ],
  [
    "expression.depth",
    "?: on the left of ?:, which the parser doubles",
    "[".repeat(40) + "a" + " ?: b]".repeat(40),
  ],
  ["expression.depth", "functions in functions", "function($x){".repeat(300) + "1" + "}".repeat(300)],
  ["expression.syntax", "a long regular expression", `$match("a", /${"a".repeat(2_000)}/)`],
  ["expression.syntax", "a large repetition in a regular expression", '$match("a", /(?:[a-z]{900}){900}/)'],
  [
    "expression.syntax",
    "groups in groups of a regular expression",
    `$match("a", /${"(".repeat(100)}a${")".repeat(100)}/)`,
  ],
]

describe("a source that would choke the parser", () => {
  it.each(sources)("is refused with %s: %s", async (code, _, source) => {
    expect(await runs(source)).toBe(code)
    expect(await quickest(() => evaluateExpression(source, scope))).toBeLessThan(100)
  })
})

describe("the budget", () => {
  it("lets ordinary work through", async () => {
    const rows = Array.from({ length: 2_000 }, (_, i) => ({ id: i, price: i % 7, tags: ["a", "b"] }))
    const busy: Scope = { ...scope, input: { rows } }
    expect(await evaluateExpression("$sum(input.rows[price > 3].price)", busy)).toBe(4_279)
    expect(await evaluateExpression("$count(input.rows.tags)", busy)).toBe(4_000)
    expect(await evaluateExpression("$count($distinct(input.rows.price))", busy)).toBe(7)
    expect(await evaluateExpression("input.rows^(>price, id)[0].id", busy)).toBe(6)
    expect(await evaluateExpression("$keys(input.rows{$string(price): id})", busy)).toHaveLength(7)
    expect(await evaluateExpression("$length($join(input.rows.($string(id)), ','))", busy)).toBe(8_889)
    expect(
      await evaluateExpression(
        "$reduce([1..5000], function($a, $i){ $a & 'line ' & $i & '\n' }, '') ~> $length",
        busy,
      ),
    ).toBe(48_893)
  })

  it("lets tail recursion go on where other recursion ends", async () => {
    const count = "($f := function($n, $a){ $n = 0 ? $a : $f($n - 1, $a + 1) }; $f(5000, 0))"
    expect(await evaluateExpression(count, scope)).toBe(5_000)
    expect(
      await evaluateExpression("($f := function($n){ $n <= 1 ? 1 : $n * $f($n - 1) }; $f(20))", scope),
    ).toBe(2432902008176640000)
  })

  it("is each evaluation's own, also of one expression at the same time", async () => {
    const source = "$sum($map([1..1000], function($x){ $x }))"
    const alone = await Promise.all(Array.from({ length: 100 }, () => evaluateExpression(source, scope)))
    expect(new Set(alone)).toEqual(new Set([500_500]))
    const mixed = await Promise.all(
      [10, 250_000, 10, 250_000].map((steps) => codeOf(evaluateExpression(source, scope, { steps }))),
    )
    expect(mixed).toEqual(["expression.timeout", undefined, "expression.timeout", undefined])
  })

  it("is shared by all the expressions of one text or value", async () => {
    const work = "{{ $sum([1..20000]) }}"
    expect(await codeOf(resolveTemplate(work, scope))).toBeUndefined()
    expect(await codeOf(resolveTemplate(work.repeat(60), scope))).toBe("expression.timeout")
    expect(
      await codeOf(
        resolveFields(
          Array.from({ length: 60 }, () => work),
          scope,
        ),
      ),
    ).toBe("expression.timeout")
    const half = `{{ ${long(150_000)} }}`
    expect(await codeOf(resolveFields([half, half], scope))).toBe("expression.output")
  })

  it("is what the caller says", async () => {
    expect(await runs("[1..100]", { list: 50 })).toBe("expression.too_large")
    expect(await runs("'a' & 'bcdef'", { string: 5 })).toBe("expression.too_large")
    expect(await runs("[[1..1000], [1..1000]]", { memory: 10_000 })).toBe("expression.too_large")
    expect(await runs("'abcdef'", { output: 5 })).toBe("expression.output")
    expect(await runs("'éé'", { output: 5 })).toBe("expression.output")
    expect(await runs("'abc'", { output: 5 })).toBeUndefined()
    expect(await runs("1 + (2 + (3 + 4))", { depth: 5 })).toBe("expression.depth")
    expect(await runs("1 + 2", { steps: 2 })).toBe("expression.timeout")
  })

  it("has a clock where clocks advance", async () => {
    const endless = "($f := function($x){$f($x)}; $f(1))"
    expect(await runs(endless, { steps: Infinity, memory: Infinity, deadlineMs: 20 })).toBe(
      "expression.timeout",
    )
  })

  it("says what to do", async () => {
    await expect(evaluateExpression("[1..10000000]", scope)).rejects.toThrow(
      "The expression builds an array of more than 100,000 items. Work on less data at a time.",
    )
  })
})

describe("the hot path", () => {
  it("takes less than 10 µs for a simple expression and a simple template", async () => {
    const count = 2_000
    const perCall = async (work: () => Promise<unknown>) =>
      ((await quickest(async () => {
        for (let i = 0; i < count; i++) await work()
      })) *
        1_000) /
      count
    expect(await perCall(() => evaluateExpression("input.name", scope))).toBeLessThan(10)
    expect(await perCall(() => resolveTemplate("Hello {{ input.name }}", scope))).toBeLessThan(10)
    expect(await perCall(() => evaluateExpression('"Hello " & input.name', scope))).toBeLessThan(10)
  })

  it("compiles a source once", () => {
    expect(compileExpression("input.name & 1")).toBe(compileExpression("input.name & 1"))
  })
})

/** Programs for tests of tools in flows. */

/** Reads its arguments, tells of it, leaves a file and gives their sum; has a secret that it cannot keep. */
export const python = `import json, os, sys
given = json.load(sys.stdin)
print("adding up", len(given["amounts"]), "amounts with", os.environ["SHOP_KEY"], flush=True)
print("a warning", file=sys.stderr, flush=True)
os.makedirs("/box/out", exist_ok=True)
with open("/box/out/amounts.csv", "w") as file:
    file.write("amount\\n" + "\\n".join(str(one) for one in given["amounts"]) + "\\n")
print(json.dumps({"sum": sum(given["amounts"])}))
`
export const node = `let text = ""
for await (const part of process.stdin) text += part
const { sum } = JSON.parse(text)
console.log("doubling " + sum)
console.log(JSON.stringify({ doubled: sum * 2 }))
`
export const shell = `said=$(cat)
echo "heard $said" >&2
echo "{\\"order\\": \\"A-$(echo "$said" | tr -dc 0-9)\\"}"
`

/** Says what time it is, three times with a pause between. */
export const clocks = {
  python: `import sys, time
sys.stdin.read()
for i in range(3):
    print("tick", int(time.time() * 1000), flush=True)
    time.sleep(1.5)
print('{"done": true}')
`,
  node: `process.stdin.resume()
for (let i = 0; i < 3; i++) {
  console.log("tick", Date.now())
  await new Promise((resolve) => setTimeout(resolve, 1500))
}
console.log('{"done": true}')
`,
  bash: `cat >/dev/null
for i in 1 2 3; do echo "tick $(date +%s%3N)"; sleep 1.5; done
echo '{"done": true}'
`,
} as const

/** A tree of processes that ignores what it is told, one of them away from its parent. */
export const stubborn = (mark: string) => `trap '' TERM INT HUP
cat >/dev/null
setsid sh -c "trap '' TERM; sleep ${mark}" &
(trap '' TERM; sleep ${mark} & sleep ${mark}) &
echo started
while true; do sleep ${mark}; done
`

/** Does its work from a time on, and fails before. */
export const notYet = `import json, sys, time
given = json.load(sys.stdin)
if time.time() * 1000 < given["ready_at"]:
    print("not yet", file=sys.stderr, flush=True)
    sys.exit(3)
print(json.dumps({"ready": True}))
`

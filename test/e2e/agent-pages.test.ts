import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { agentsApi } from "#core/contract/agents"
import { crewsApi } from "#core/contract/crews"
import { debuggingApi } from "#core/contract/debugging"
import { executionsApi } from "#core/contract/executions"
import type { JsonObject } from "#core/json"
import { launch, phone, violationsOf } from "./kit/browser.ts"
import { calls, CrewStage, plays } from "./kit/crew-stage.ts"
import { chain, journal, publish, settled, unique } from "./kit/world.ts"

const desk = { width: 1440, height: 900 }
const [mailing, looping, faulty, plain, hostile, caller] = [
  "gpt-4o",
  "gpt-4o-mini",
  "gpt-4.1",
  "gpt-4.1-mini",
  "gpt-4.1-nano",
  "gpt-5",
]

let stage: CrewStage
let browser: Browser
let page: Page
let mailTool: string
let mailer: string

beforeAll(async () => {
  const mail = [calls("send_mail", { to: "ana@example.com" })]
  plays(mailing, [{ text: "I send it.", calls: mail }, { text: "That was it." }])
  plays(looping, [{ text: "Once more.", calls: [calls("math", { expression: "1 + 1" })] }])
  plays(faulty, [{ text: "This is far too long an answer for the guardrail." }])
  plays(plain, [{ text: "First words." }])
  plays(caller, [
    { text: "I ask.", calls: [calls("delegate_to_writer", { task: "Write" })] },
    { text: "It is written." },
  ])
  stage = await CrewStage.set()
  mailTool = await stage.riskyTool("send_mail")
  mailer = await stage.agent("Mailer", mailing, { tool_ids: [mailTool] })
  browser = await launch()
  page = (await stage.visit(browser, desk)).page
})
afterAll(async () => {
  await browser?.close()
  await stage?.strike()
})
beforeEach(() => void (stage.receiver.effects.length = 0))

const admin = () => stage.tenant.admin
const tried = async (agent: string, task = "Go") =>
  (await admin().ask(agentsApi.test.reply, "POST", `/agents/${agent}/test`, { body: { task } })).execution_id

describe("a risky call", () => {
  it("is allowed in the agent's try-out, where it is asked, with its arguments in view", async () => {
    await page.goto(`/agents/${mailer}`)
    await page.getByLabel("Try it out").fill("Mail Ana")
    await page.getByRole("button", { name: "Run", exact: true }).click()
    const trial = page.getByRole("region", { name: "What it does" })
    await trial.getByText('"ana@example.com"').last().waitFor()
    expect(stage.receiver.effects).toEqual([])
    await trial.getByLabel("Comment").fill("Only this once")
    await trial.getByRole("button", { name: "Allow" }).click()
    await trial.getByText("That was it.").waitFor()
    await trial.getByText(/Allowed by .*: Only this once/).waitFor()
    expect(stage.receiver.effects).toMatchObject([{ name: "send_mail", body: { to: "ana@example.com" } }])
  })

  it("is refused with a word in the crew's test, and nothing is sent", async () => {
    const crew = await stage.crew("Mail crew", {
      agents: { mailer },
      tasks: [{ id: "mail", description: "Mail Ana", position: "mailer" }],
    })
    await page.goto(`/crews/${crew}`)
    await page.getByRole("tab", { name: "Run" }).click()
    await page.getByRole("button", { name: "Run", exact: true }).click()
    const progress = page.getByRole("region", { name: "Progress" })
    await progress.getByLabel("Comment").fill("Not to her")
    await progress.getByRole("button", { name: "Refuse" }).click()
    await progress.getByText("That was it.").first().waitFor()
    await progress.getByText(/Refused by .*: Not to her/).waitFor()
    expect(stage.receiver.effects).toEqual([])
  })
})

describe("an agent that does not come through says so, and what to do", () => {
  const shown = async (execution: string, ...words: (string | RegExp)[]) => {
    await settled(admin(), execution)
    await page.goto(`/executions/${execution}`)
    for (const word of words) await page.getByText(word).first().waitFor()
    expect(await violationsOf(page)).toEqual([])
  }

  it("when its guardrail refuses the answer again and again", async () => {
    const agent = await stage.agent("Chatty", faulty, {
      config: { guardrails: [{ type: "max_characters", most: 10 }], guardrail_retries: 1 },
    })
    const execution = await tried(agent)
    await shown(execution, /10 are the most/, /loosen the guardrail/)
    await page.getByRole("button", { name: "Show the step" }).click()
    await page.getByText(/Sent back to be mended/).waitFor()
    await page.getByRole("tab", { name: "Error" }).click()
    await page.getByRole("link", { name: "Open the agent" }).click()
    await page.waitForURL(`**/agents/${agent}**`)
  })

  it("when it goes in a circle, and when it has had all its turns", async () => {
    const stuck = await stage.agent("Circling", looping, { tool_ids: ["builtin:math"] })
    await shown(await tried(stuck), /It went in a circle/)
    const short = await stage.agent("Hasty", looping, {
      tool_ids: ["builtin:math"],
      config: { limits: { max_iterations: 2 } },
    })
    await shown(await tried(short), /It had reached a limit/)
  })

  it("when its task would cost more than it may", async () => {
    const dear = await stage.agent("Dear", looping, {
      tool_ids: ["builtin:math"],
      config: { limits: { max_cost_micros: 1 } },
    })
    await shown(await tried(dear), /had cost what it may/, /raise what one task may cost/)
  })
})

describe("what stands inside of a crew", () => {
  let flow = ""
  let first = ""
  const inner = "team/report[0]/calls[0]/to_writer[0]/think"

  beforeAll(async () => {
    const crew = await stage.crew("Pair", {
      agents: { boss: await stage.agent("Boss", caller), writer: await stage.agent("Writer", plain) },
      manager: "boss",
      tasks: [{ id: "report", description: "Report" }],
    })
    flow = await publish(admin(), {
      name: unique("Pair"),
      ...chain(
        { id: "input", type: "input", data: {} },
        { id: "team", type: "crew", data: { crew_id: crew, input: {} } },
        { id: "result", type: "output", data: { value: "{{ nodes.team }}" } },
      ),
    })
    first = await begun({})
    await settled(admin(), first)
  })

  const begun = async (config: object) =>
    (
      await admin().ask(executionsApi.execute.reply, "POST", `/flows/${flow}/execute`, {
        body: { inputs: {}, config },
      })
    ).execution_id
  const again = async (path: "fork" | "replay", body: object) =>
    (await admin().ask(debuggingApi[path].reply, "POST", `/executions/${first}/${path}`, { body }))
      .execution_id
  const outputsOf = async (execution: string) =>
    Object.fromEntries(
      (await journal(admin(), execution)).flatMap((event) =>
        event.type === "node.succeeded"
          ? [[[event.scope, event.node_id].filter(Boolean).join("/"), event.data]]
          : [],
      ),
    ) as Record<string, { output: JsonObject | string; pinned?: boolean; reused?: boolean }>

  it("is forked from with other words, and only what follows is asked for anew", async () => {
    const before = stage.vendor.requests.length
    const execution = await again("fork", { from_step: inner, data: "Other words." })
    expect(await settled(admin(), execution)).toMatchObject({
      status: "succeeded",
      outputs: "It is written.",
    })
    const outputs = await outputsOf(execution)
    expect(outputs["team/report[0]/calls[0]/to_writer"]?.output).toBe("Other words.")
    expect(outputs["team/report[0]/think"]?.reused).toBe(true)
    // The boss's last thought, who was told something else.
    expect(stage.vendor.requests.length - before).toBe(1)
    expect(JSON.stringify(stage.vendor.requests.at(-1)?.body)).toContain("Other words.")
  })

  it("is done again from a step in the page", async () => {
    await page.goto(`/executions/${first}?node=${encodeURIComponent(inner)}`)
    await page.getByRole("button", { name: "From here" }).click()
    await page.getByRole("menuitem", { name: "Do this step again" }).click()
    await page.waitForURL((url) => !url.pathname.endsWith(first))
    const execution = new URL(page.url()).pathname.split("/").at(-1)!
    expect(await settled(admin(), execution)).toMatchObject({
      status: "succeeded",
      outputs: "It is written.",
    })
  })

  it("is replayed without asking anybody", async () => {
    const before = stage.vendor.requests.length
    const execution = await again("replay", {})
    expect(await settled(admin(), execution)).toMatchObject({
      status: "succeeded",
      outputs: "It is written.",
    })
    expect(stage.vendor.requests.length).toBe(before)
  })

  it("is pinned by its key: a task of the crew, a colleague's work wherever it is, one thought", async () => {
    const pinned = async (pins: JsonObject) => {
      const execution = await begun({ pinned: pins })
      const ended = await settled(admin(), execution)
      return { ended, outputs: await outputsOf(execution) }
    }
    const before = stage.vendor.requests.length
    const task = await pinned({ "team/report": "The report." })
    expect(task.ended.outputs).toBe("The report.")
    expect(stage.vendor.requests.length).toBe(before)
    const work = await pinned({ "team/report/calls/to_writer": "Pinned words." })
    expect(work.outputs["team/report[0]/calls[0]/to_writer"]).toMatchObject({
      output: "Pinned words.",
      pinned: true,
    })
    expect(work.ended.outputs).toBe("It is written.")
    const thought = await pinned({ "team/report[0]/think": "I know it already." })
    expect(thought.ended.outputs).toBe("I know it already.")
  })

  it("is retried from where it failed: what colleagues gave is kept", async () => {
    plays(caller, [{ text: "I ask.", calls: [calls("delegate_to_writer", { task: "Write" })] }, { text: "" }])
    const failed = await begun({})
    expect(await settled(admin(), failed)).toMatchObject({ status: "failed" })
    plays(caller, [{ text: "never" }, { text: "At last." }])
    const before = stage.vendor.requests.length
    const { execution_id } = await admin().ask(
      executionsApi.retry.reply,
      "POST",
      `/executions/${failed}/retry`,
      {
        body: { from: "failed_step" },
      },
    )
    expect(await settled(admin(), execution_id)).toMatchObject({ status: "succeeded", outputs: "At last." })
    expect(stage.vendor.requests.length - before).toBe(1)
  })
})

describe("words that want to be more than words", () => {
  const evil = (sink: string) =>
    `<img src=x onerror="window.fired='${sink}'"><script>window.fired='${sink}'</script>[x](javascript:window.fired='${sink}') ![x](https://canary.example/${sink})`

  it("fire nowhere: in names, roles, tasks, tools, what they answer, what a model says", async () => {
    plays(hostile, [
      { text: evil("thought"), calls: [calls("send_mail", { to: evil("arguments") })] },
      { text: evil("answer") },
    ])
    const agent = await stage.agent(evil("name").slice(0, 110), hostile, {
      role: evil("role"),
      goal: evil("goal"),
      tool_ids: [mailTool],
    })
    const crew = await stage.crew(evil("crew").slice(0, 110), {
      agents: { mailer: agent },
      tasks: [{ id: "mail", description: evil("task"), position: "mailer" }],
    })
    const { execution_id } = await admin().ask(crewsApi.test.reply, "POST", `/crews/${crew}/test`, {
      body: { input: { text: evil("input") } },
    })
    const { page: victim, visitor } = await stage.visit(browser, desk)
    const strange: string[] = []
    victim.on("request", (request) => {
      if (!request.url().startsWith(stage.server.address) && !/^(data|blob):/.test(request.url()))
        strange.push(request.url())
    })
    victim.on("dialog", (dialog) => void strange.push(dialog.message()))
    await victim.goto(`/executions/${execution_id}`)
    await victim.getByRole("button", { name: "Allow" }).click()
    await settled(admin(), execution_id)
    const places = [
      `/executions/${execution_id}`,
      `/executions/${execution_id}?node=crew%2Fmail`,
      `/executions/${execution_id}?node=crew%2Fmail%5B0%5D%2Fthink`,
      `/executions/${execution_id}?node=crew%2Fmail%5B0%5D%2Fcalls%5B0%5D%2Fcall`,
      `/executions/${execution_id}?node=crew%2Fmail%5B0%5D%2Fcalls%5B0%5D%2Fask`,
      `/agents/${agent}`,
      `/crews/${crew}`,
      `/traces?execution=${execution_id}`,
    ]
    for (const size of [desk, phone]) {
      await victim.setViewportSize(size)
      for (const place of places) {
        await victim.goto(place)
        await victim.getByRole("main").waitFor()
        await victim.waitForTimeout(400)
        expect(await victim.evaluate(() => (window as unknown as { fired?: string }).fired)).toBeUndefined()
      }
    }
    expect(strange).toEqual([])
    await visitor.context.close()
  })
})

import { describe, expect, it } from "vitest"
import { app, end, executed, field, imported, start, template, told, when, type Part } from "#test/kit/dify"
import type { Outside } from "#test/kit/simulate"
import { StepFailure } from "#core/execution/steps/failure"
import type { Json, JsonObject } from "#core/json"
import { readDocument } from "../read.ts"

/** What was found wrong with how real apps came out, each in its smallest form. */
/** A model's step that is asked one thing. */
const think = { id: "think", type: "llm", prompt_template: [{ role: "user", text: "Hi" }] }

describe("the results of an app", () => {
  const either = [start(field("text", "text-input")), when("long", [["start", "text"], "not empty"])]
  it("are the values of all ends that were reached", async () => {
    const made = app(
      [...either, end("one", ["text", "start", "text"]), end("other", ["none", "start", "text"])],
      [
        ["start", "long"],
        ["long", "one", "true"],
        ["long", "other", "false"],
      ],
    )
    expect(await executed(made, { text: "hi" })).toEqual({ text: "hi" })
  })

  it("are one text of all answers, also of one that something follows", async () => {
    const made = app(
      [
        start(),
        { id: "first", type: "answer", answer: "You said: {{#sys.query#}}. " },
        template("loud", "{{ q }}!", ["q", "sys", "query"]),
        { id: "second", type: "answer", answer: "{{#loud.output#}}" },
      ],
      [
        ["start", "first"],
        ["first", "loud"],
        ["loud", "second"],
      ],
      {},
      "advanced-chat",
    )
    expect(await executed(made, { query: "go" })).toBe("You said: go. go!")
    expect(imported(made).report.dropped).toEqual([])
  })
})

describe("a step that fails", () => {
  const asking = (more: JsonObject): Part => ({
    id: "ask",
    type: "http-request",
    method: "get",
    url: "https://example.com/{{#start.text#}}",
    ...more,
  })
  const failing: Outside["http"] = () => Promise.reject(new StepFailure("http.status_503", "It is gone."))

  it("takes its route, where others read what went wrong", async () => {
    const made = app(
      [
        start(field("text", "text-input")),
        asking({ error_strategy: "fail-branch" }),
        template("say", "It said: {{ why }}", ["why", "ask", "error_message"]),
        end("bad", ["said", "say", "output"]),
        end("good", ["body", "ask", "body"]),
      ],
      [
        ["start", "ask"],
        ["ask", "say", "fail-branch"],
        ["say", "bad"],
        ["ask", "good"],
      ],
    )
    const said = (await executed(made, { text: "a" }, { http: failing })) as { said: string }
    expect(said.said).toBe("It said: It is gone.")
  })

  it("goes on with its value, in the shape of what it gives otherwise", async () => {
    const default_value = [
      { key: "status_code", value: 503, type: "number" },
      { key: "body", value: "none", type: "string" },
    ]
    const made = app(
      [
        start(field("text", "text-input")),
        asking({ error_strategy: "default-value", default_value }),
        end("end", ["status", "ask", "status_code"], ["body", "ask", "body"]),
      ],
      [
        ["start", "ask"],
        ["ask", "end"],
      ],
    )
    expect(await executed(made, { text: "a" }, { http: failing })).toEqual({ status: 503, body: "none" })
    expect(told(imported(made), "ask")?.notes).toEqual([])
  })

  it("of a model is tried again and goes on with its text", () => {
    const { nodes } = imported(
      app(
        [
          start(),
          {
            ...think,
            error_strategy: "default-value",
            default_value: [{ key: "text", value: "Sorry." }],
            retry_config: { retry_enabled: true, max_retries: 2, retry_interval: 500 },
          },
        ],
        [["start", "think"]],
      ),
    )
    expect(nodes.find((node) => node.id === "think")?.data).toMatchObject({
      on_error: "continue",
      error_value: "Sorry.",
      retry: { max_attempts: 3, backoff_ms: 500, factor: 1 },
    })
  })
})

describe("a request", () => {
  const made = imported(
    app(
      [
        start(),
        {
          id: "send",
          type: "http-request",
          method: "post",
          url: "https://example.com",
          headers: "X-Key:{{#env.KEY#}}\nX-Team:{{#env.TEAM#}}",
          body: { type: "x-www-form-urlencoded", data: [{ key: "a", type: "text", value: "1" }] },
        },
        {
          id: "json",
          type: "http-request",
          method: "post",
          url: "https://example.com",
          body: { type: "json", data: '{ "n": {{#start.n#}} }' },
        },
      ],
      [
        ["start", "send"],
        ["send", "json"],
      ],
      {
        environment_variables: [
          { name: "KEY", value_type: "secret", value: "" },
          { name: "TEAM", value_type: "string", value: "first" },
        ],
      },
    ),
  )
  const data = (id: string) => made.nodes.find((node) => node.id === id)?.data

  it("leaves a header with a secret to a credential, and says which", () => {
    expect(data("send")?.["headers"]).toEqual({
      "X-Team": '{{ "first" }}',
      "Content-Type": "application/x-www-form-urlencoded",
    })
    expect(made.report.missing_credentials).toEqual([
      { name: "KEY", kind: "environment variable", node_ids: ["send"] },
    ])
  })

  it("says of which type a text is that is JSON once it is filled in", () => {
    expect(data("json")).toMatchObject({
      headers: { "Content-Type": "application/json" },
      body: '{ "n": {{ input.n }} }',
    })
  })

  it("says that an answer of 400 or above fails here, unless it failed there", () => {
    expect(told(made, "json")?.notes.join()).toContain("400")
  })
})

describe("conditions", () => {
  const asks = async (condition: Parameters<typeof when>[1], value: Json): Promise<Json> => {
    const made = app(
      [
        start(field("value", "file")),
        when("is", condition),
        template("yes", "yes"),
        template("no", "no"),
        {
          id: "either",
          type: "variable-aggregator",
          variables: [
            ["yes", "output"],
            ["no", "output"],
          ],
        },
        end("end", ["is", "either", "output"]),
      ],
      [
        ["start", "is"],
        ["is", "yes", "true"],
        ["is", "no", "false"],
        ["yes", "either"],
        ["no", "either"],
        ["either", "end"],
      ],
    )
    return ((await executed(made, { value })) as { is: Json }).is
  }
  it.each<[string, Parameters<typeof when>[1], Json, string]>([
    ["a truth value by itself, not by its name", [["start", "value"], "is", true, "boolean"], true, "yes"],
    [
      "a list of empty texts as no empty list",
      [["start", "value"], "empty", "", "array[string]"],
      [""],
      "no",
    ],
    ["an empty list as one", [["start", "value"], "empty", "", "array[string]"], [], "yes"],
    ["null as nothing", [["start", "value"], "null"], null, "yes"],
    ["what is not null", [["start", "value"], "not null"], 0, "yes"],
    ["all of several", [["start", "value"], "all of", ["a", "b"]], ["a", "b", "c"], "yes"],
    ["one of several that is missing", [["start", "value"], "all of", ["a", "z"]], ["a"], "no"],
  ])("take %s", async (_, condition, value, expected) => {
    expect(await asks(condition, value)).toBe(expected)
  })
})

describe("what a step is read by", () => {
  it("is the query also as a variable of the start, as older files write it", async () => {
    const made = app(
      [
        start(),
        template("a", "{{ q }}", ["q", "start", "sys.query"]),
        { id: "say", type: "answer", answer: "{{#a.output#}}{{#start.sys.query#}}{{#userinput.query#}}" },
      ],
      [
        ["start", "a"],
        ["a", "say"],
      ],
      {},
      "advanced-chat",
    )
    expect(await executed(made, { query: "x" })).toBe("xxx")
  })

  it("is a class by its name, and a name without letters of ours has a route", async () => {
    const made = app(
      [
        start(field("text", "text-input")),
        {
          id: "分類",
          type: "question-classifier",
          query_variable_selector: ["start", "text"],
          classes: [
            { id: "1", name: "返品" },
            { id: "2", name: "Everything else" },
          ],
        },
        template("say", "It is {{ which }}", ["which", "分類", "class_name"]),
        end("end", ["said", "say", "output"]),
      ],
      [
        ["start", "分類"],
        ["分類", "say", "1"],
        ["分類", "say", "2"],
        ["say", "end"],
      ],
    )
    expect(imported(made).nodes.find((node) => node.type === "classify")).toMatchObject({
      id: "question_classifier",
      data: { classes: [{ id: "class" }, { id: "everything_else" }] },
    })
    const said = (await executed(made, { text: "everything else" })) as { said: string }
    expect(["It is 返品", "It is Everything else"]).toContain(said.said)
  })

  it("is an object that fits a schema also as its text", () => {
    const { nodes } = imported(
      app(
        [
          start(),
          {
            ...think,
            structured_output_enabled: true,
            structured_output: { schema: { type: "object", properties: { n: { type: "number" } } } },
          },
          { id: "helper", type: "agent", agent_parameters: { query: { value: "Hi" } } },
          end(
            "end",
            ["text", "think", "text"],
            ["n", "think", "structured_output", "n"],
            ["said", "helper", "text"],
          ),
        ],
        [
          ["start", "think"],
          ["think", "helper"],
          ["helper", "end"],
        ],
      ),
    )
    expect(nodes.find((node) => node.id === "end")?.data).toEqual({
      value: { text: "{{ $string(nodes.think) }}", n: "{{ nodes.think.n }}", said: "{{ nodes.helper }}" },
    })
  })

  it("stays a text in a template that is one variable", async () => {
    const made = app(
      [
        start(field("n", "number")),
        template("a", "{{ n }}", ["n", "start", "n"]),
        end("end", ["a", "a", "output"]),
      ],
      [
        ["start", "a"],
        ["a", "end"],
      ],
    )
    expect(await executed(made, { n: 5 })).toEqual({ a: "5" })
  })
})

describe("an app", () => {
  it("is known by its settings where nothing else tells, and keeps those of its model", () => {
    const made = imported(
      [
        "app: {name: Pages, mode: chat}",
        "model_config:",
        "  model: {provider: openai, name: gpt-4o, completion_params: {temperature: 0, max_tokens: 512, top_p: 0.5}}",
        "  pre_prompt: Make a page about {{topic}}.",
        "  user_input_form: [{text-input: {variable: topic, label: Topic, required: true, max_length: 48}}]",
        "  opening_statement: Hello there",
        "  agent_mode: {enabled: false, tools: []}",
        "",
      ].join("\n"),
    )
    expect(made.nodes.find((node) => node.type === "llm")?.data).toEqual({
      prompt: "{{ input.query }}",
      system: "Make a page about {{ input.topic }}.",
      temperature: 0,
      max_tokens: 512,
    })
    expect(made.input_schema).toMatchObject({ properties: { topic: { maxLength: 48 } } })
    expect(made.report.notes.join()).toContain("Hello there")
    expect(told(made, "Pages")?.notes.join()).toContain("top_p")
  })

  it("is read out of what the console answers, which stays the original", () => {
    const text = JSON.stringify({
      data: "app: {name: Inside, mode: workflow}\nkind: app\nworkflow:\n  graph: {nodes: [{id: a, data: {type: start, title: Go}}]}\n",
    })
    const made = imported(text)
    expect(made.name).toBe("Inside")
    expect(made.original).toBe(text)
    expect(readDocument('{"data":"app: [unclosed"}').ok).toBe(false)
  })

  it("names what is on beside its steps", () => {
    const features = {
      opening_statement: "Welcome!",
      suggested_questions: ["What?", ""],
      file_upload: { enabled: true },
      speech_to_text: { enabled: false },
    }
    const { notes } = imported(app([start()], [], { features })).report
    expect(notes.join()).toContain("Welcome!")
    expect(notes.join()).toContain("1 suggested questions")
    expect(notes.join()).toContain("files that are sent along")
    expect(notes.join()).not.toContain("speech")
  })
})

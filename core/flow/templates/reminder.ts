import { around, at, field, note, to } from "./draw.ts"
import { template } from "./template.ts"

export const reminder = template(
  "reminder",
  "Remind and wait for a word",
  "Rests for some seconds, reminds, then waits until somebody calls an address to say that it is done, or takes too long.",
  {
    nodes: [
      note(
        2,
        -1.4,
        "hint",
        "The output of *Reminder* holds the address. `POST` any JSON there and the execution goes on with it, also after a restart.",
      ),
      at(0, 0, "task", "input", "Task"),
      ...around(at(1, -0.5, "waiting", "group", "Rests without costing anything"), [
        at(0, 0, "later", "wait", "Later", { seconds: "{{ input.seconds }}" }),
        at(1, 0, "remind", "transform", "Reminder", {
          value: {
            text: "Please do: {{ input.task }}",
            call_when_done: "{{ execution.callbacks.word }}",
          },
        }),
        at(2, 0, "word", "wait", "A word", {
          callback: true,
          seconds: "{{ input.patience }}",
          on_error: "continue",
          error_value: { done: false },
        }),
      ]),
      at(4.25, 0, "end", "output", "How it ended", {
        value: { task: "{{ input.task }}", heard: "{{ nodes.word }}" },
      }),
    ],
    edges: [to("task", "later"), to("later", "remind"), to("remind", "word"), to("word", "end")],
    inputs: {
      task: field("Task", "What somebody should do", { minLength: 1 }),
      seconds: {
        type: "number",
        title: "Remind after",
        description: "Seconds; a day is 86400",
        minimum: 0,
        maximum: 31_536_000,
        default: 5,
      },
      patience: {
        type: "number",
        title: "Then wait for",
        description: "Seconds until it goes on without a word",
        minimum: 1,
        maximum: 31_536_000,
        default: 60,
      },
    },
  },
  { task: "Water the plants", seconds: 2, patience: 3 },
)

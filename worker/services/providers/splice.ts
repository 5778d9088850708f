import type { ModelCall } from "#core/llm/call"

/** The call after an answer that broke off: the next target is shown how far it came. */
export const goingOn = (call: ModelCall, said: string): ModelCall =>
  said === ""
    ? call
    : {
        ...call,
        messages: [
          ...call.messages,
          { role: "assistant", content: said },
          {
            role: "user",
            content:
              "Your answer broke off there. Go on with the very next character, repeat nothing, and say nothing about the break.",
          },
        ],
      }

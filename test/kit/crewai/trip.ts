/** Context by name, tools, a person's word, guardrails in words and in Python, keys that are no identifiers. */
export const trip = {
  agents_yaml: `City-Scout:
  role: "City scout"
  goal: 'Choose the best city for {interests} between {from-date} and {to_date}'
  backstory: |
    You have lived in nine cities.

    You never send anybody where it rains in the season.
  tools:
    - SerperDevTool
    - web_page
  max_iter: 15
  max_rpm: 30
  verbose: true
local_expert:
  role: Local expert
  goal: Know every street
  backstory: You were born there.
  max_execution_time: 120
  cache: false
  respect_context_window: true
concierge:
  role: Concierge
  goal: Make a plan of the days, to the hour
  backstory: You have planned three thousand trips.
  llm: openai/gpt-4o-mini
  inject_date: true
  date_format: "%d %B %Y"
  guardrail: Never name a place that is closed on the day in question
`,
  tasks_yaml: `choose_city:
  description: Weigh the cities for {interests}.
  expected_output: One city, and why
  agent: City-Scout
  async_execution: true
gather:
  description: |
    Gather what there is to see and do:
      - museums
      - food
    Answer with JSON such as {"places": []}.
  expected_output: A list
  agent: local_expert
  context: [choose_city]
  tools: [time]
  output_json: PlacesModel
  guardrail: check_places
plan:
  name: The plan
  description: Plan {days} days.
  expected_output: A plan by the hour
  agent: concierge
  context:
    - choose_city
    - gather
  human_input: true
  guardrails:
    - Every day begins after nine o'clock
    - no_overlaps
  guardrail_max_retries: 4
  callback: send_mail
`,
}

type Option = { value: string; label: string }

/** The usual values, and the one that is set when it is none of them. */
export const withOwn = (options: readonly Option[], value: string, label: string): readonly Option[] =>
  options.some((one) => one.value === value) ? options : [...options, { value, label }]

/** How a comparison of another product is said here, given both sides; undefined where it has no counterpart. */
export function compared(operation: string, left: string, right: string): string | undefined {
  switch (operation) {
    case "equals":
    case "is":
    case "=":
    case "equal":
      return `${left} = ${right}`
    case "notEquals":
    case "is not":
    case "≠":
    case "notEqual":
      return `${left} != ${right}`
    case "gt":
    case ">":
    case "larger":
      return `${left} > ${right}`
    case "lt":
    case "<":
    case "smaller":
      return `${left} < ${right}`
    case "gte":
    case "≥":
    case "largerEqual":
      return `${left} >= ${right}`
    case "lte":
    case "≤":
    case "smallerEqual":
      return `${left} <= ${right}`
    case "contains":
      return `($type(${left}) = "array" ? ${right} in ${left} : $contains($string(${left}), ${right}))`
    case "notContains":
    case "not contains":
      return `$not($type(${left}) = "array" ? ${right} in ${left} : $contains($string(${left}), ${right}))`
    case "startsWith":
    case "start with":
      return `$substring(${left}, 0, $length(${right})) = ${right}`
    case "notStartsWith":
      return `$substring(${left}, 0, $length(${right})) != ${right}`
    case "endsWith":
    case "end with":
      return `$substring(${left}, -$length(${right})) = ${right}`
    case "exists":
      return `$exists(${left})`
    case "notExists":
    case "not exists":
      return `$not($exists(${left}))`
    // What has no value is no value, and what is null has one.
    case "null":
      return `(${left} ?? null) = null`
    case "not null":
      return `(${left} ?? null) != null`
    // A list is empty when nothing is in it; for $boolean one of empty texts is empty too.
    case "empty":
    case "isEmpty":
      return `($type(${left}) = "array" ? $count(${left}) = 0 : $not($boolean(${left})))`
    case "notEmpty":
    case "not empty":
    case "isNotEmpty":
      return `($type(${left}) = "array" ? $count(${left}) > 0 : $boolean(${left}))`
    case "true":
      return `${left} = true`
    case "false":
      return `${left} = false`
    case "lengthEquals":
      return `$count(${left}) = ${right}`
    case "lengthGt":
      return `$count(${left}) > ${right}`
    case "lengthLt":
      return `$count(${left}) < ${right}`
    case "in":
      return `($type(${right}) = "array" ? ${left} in ${right} : $contains($string(${right}), $string(${left})))`
    case "not in":
      return `$not($type(${right}) = "array" ? ${left} in ${right} : $contains($string(${right}), $string(${left})))`
    case "all of":
      return `$count($filter(${right}, function($one) { $not($one in ${left}) })) = 0`
    default:
      return undefined
  }
}

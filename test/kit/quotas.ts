/** Quotas that no test and no bench comes to; what they cost is measured all the same, for they are counted. */
export const roomyQuotas = {
  flows: 1_000_000,
  storage_bytes: 1_000_000_000_000,
  executions_per_day: 1_000_000_000,
  concurrent_executions: 1_000_000,
  waiting_executions: 1_000_000,
}

/** The same for a Worker that is tested without a server. */
export const testQuotas = { QUOTAS: JSON.stringify(roomyQuotas) }

/**
 * Ways of being away: no connection, 500 to everything, never an answer, or, worst, the work done and its answer lost.
 */
export type Outage = 'refused' | 'error' | 'timeout' | 'answer-lost'

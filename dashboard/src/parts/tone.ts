/** How good or bad news is. */
export type Tone = 'info' | 'good' | 'warning' | 'bad'

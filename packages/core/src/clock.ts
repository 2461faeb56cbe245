/** Now, epoch ms UTC. An argument wherever a decision depends on time, so that tests never sleep. */
export type Clock = () => number

export const systemClock: Clock = () => Date.now()

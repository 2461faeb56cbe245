/** For `node --import`: a program whose wall clock jumps by an hour, ahead and back, whenever it looks. */
export const wildClock = new URL('./wild-clock-preload.js', import.meta.url).href

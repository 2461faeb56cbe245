/**
 * Ends with one sentence on a Node that is too old. This file, and whatever imports it before anything else, keeps to syntax
 * that an old Node can read.
 */
export function requireNode() {
  const major = Number(process.versions.node.split('.')[0])
  if (major >= 20) return
  console.error(
    `Sath needs Node 20 or later, and this is Node ${process.versions.node}: see https://nodejs.org/en/download`,
  )
  process.exit(1)
}

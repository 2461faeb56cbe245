/**
 * `npm start`: installs what is missing, builds what has changed and runs Sath in this very process, so that signals and the
 * exit code are its own. Only the first start takes long.
 */
import { requireNode } from './node-version.mjs'

requireNode()
import('./prepare.mjs').then((prepare) => prepare.prepareAndRun())

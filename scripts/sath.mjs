/**
 * `npm run --silent sath -- <command>`: installs what is missing, builds what has changed and runs the command line. All
 * words about that go to stderr: stdout is the command's alone.
 */
import { requireNode } from './node-version.mjs'

requireNode()
import('./command-line.mjs').then((commandLine) => commandLine.prepareAndRun())

import { defineConfig } from 'drizzle-kit'

export default defineConfig({
  dialect: 'postgresql',
  schema: './build/schema/index.js',
  out: './migrations',
  casing: 'snake_case',
})

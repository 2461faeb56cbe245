import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [react()],
  build: { outDir: 'dist', sourcemap: true },
  // `vite` serves the page while it is worked on; the API runs beside it with its defaults.
  server: { proxy: { '/api': { target: 'http://127.0.0.1:8080', ws: true } } },
})

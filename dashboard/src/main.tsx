import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { AppProvider, createApp } from './app.js'
import { createAppRouter } from './router.js'
import './styles/index.css'

const app = createApp(location.origin)
const router = createAppRouter(app)

// Signing out anywhere on the page, or a session that ended, leads to the sign-in page through the routes' own guard.
app.session.subscribe(() => {
  if (app.session.get().kind === 'signed-out') void router.invalidate()
})

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')
createRoot(root).render(
  <StrictMode>
    <AppProvider value={app}>
      <QueryClientProvider client={app.queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </AppProvider>
  </StrictMode>,
)

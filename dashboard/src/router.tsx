import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { ApiError } from './api/problem.js'
import type { App } from './app.js'
import { CheckMailPage } from './pages/auth/check-mail-page.js'
import { ForgotPasswordPage } from './pages/auth/forgot-password-page.js'
import { ResetPasswordPage } from './pages/auth/reset-password-page.js'
import { SignInPage } from './pages/auth/sign-in-page.js'
import { SignUpPage } from './pages/auth/sign-up-page.js'
import { VerifyEmailPage } from './pages/auth/verify-email-page.js'
import { BotPage } from './pages/bot/bot-page.js'
import { FailedPage, NotFoundPage } from './pages/failed-page.js'
import { OpenLayout, SignedInLayout } from './pages/layouts.js'
import { Loading } from './parts/loaded.js'

const root = createRootRouteWithContext<App>()({ component: Outlet, notFoundComponent: NotFoundPage })

const open = createRoute({ getParentRoute: () => root, id: 'open', component: OpenLayout })
const page = { getParentRoute: () => open } as const

const signUp = createRoute({ ...page, path: '/sign-up', component: SignUpPage })
const signIn = createRoute({
  ...page,
  path: '/sign-in',
  component: SignInPage,
  validateSearch: (search): { to?: string } => {
    // Only a path of this page: "//host" would lead elsewhere.
    const to = text(search.to)
    return to !== undefined && /^\/(?!\/)/.test(to) ? { to } : {}
  },
})
const checkMail = createRoute({
  ...page,
  path: '/check-mail',
  component: CheckMailPage,
  validateSearch: (search) => ({ email: text(search.email) ?? '' }),
})
const verifyEmail = createRoute({
  ...page,
  path: '/verify-email',
  component: VerifyEmailPage,
  validateSearch: (search) => ({ token: text(search.token) ?? '' }),
})
const forgotPassword = createRoute({ ...page, path: '/forgot-password', component: ForgotPasswordPage })
const resetPassword = createRoute({
  ...page,
  path: '/reset-password',
  component: ResetPasswordPage,
  validateSearch: (search) => ({ token: text(search.token) ?? '' }),
})

const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  component: SignedInLayout,
  beforeLoad: async ({ context: { client }, location }) => {
    try {
      await client.accessToken()
    } catch (error) {
      if (!(error instanceof ApiError) || error.status === 0 || error.status >= 500 || error.status === 429) throw error
      throw redirect({ to: '/sign-in', search: location.pathname === '/' ? {} : { to: location.href } })
    }
  },
})
const own = { getParentRoute: () => signedIn } as const

const bot = createRoute({ ...own, path: '/', component: BotPage })
const setup = createRoute({
  ...own,
  path: '/setup',
  component: lazyRouteComponent(() => import('./pages/setup/setup-page.js'), 'SetupPage'),
})
const keys = createRoute({
  ...own,
  path: '/keys',
  component: lazyRouteComponent(() => import('./pages/keys/keys-page.js'), 'KeysPage'),
})
const market = createRoute({
  ...own,
  path: '/market',
  component: lazyRouteComponent(() => import('./pages/market/market-page.js'), 'MarketPage'),
  validateSearch: (search) => texts(search, ['symbol', 'timeframe', 'source']),
})
const trades = createRoute({
  ...own,
  path: '/trades',
  component: lazyRouteComponent(() => import('./pages/trades/trades-page.js'), 'TradesPage'),
  validateSearch: (search) => texts(search, ['strategyId', 'status', 'from', 'to', 'trade', 'at']),
})
const decisions = createRoute({
  ...own,
  path: '/decisions',
  component: lazyRouteComponent(() => import('./pages/decisions/decisions-page.js'), 'DecisionsPage'),
  validateSearch: (search) => texts(search, ['strategyId', 'from', 'to']),
})
const backtests = createRoute({
  ...own,
  path: '/backtests',
  component: lazyRouteComponent(() => import('./pages/backtests/backtests-page.js'), 'BacktestsPage'),
})
const backtest = createRoute({
  ...own,
  path: '/backtests/$id',
  component: lazyRouteComponent(() => import('./pages/backtests/backtest-page.js'), 'BacktestPage'),
})
const simulations = createRoute({
  ...own,
  path: '/simulations',
  component: lazyRouteComponent(() => import('./pages/simulations/simulations-page.js'), 'SimulationsPage'),
})
const simulation = createRoute({
  ...own,
  path: '/simulations/$id',
  component: lazyRouteComponent(() => import('./pages/simulations/simulation-page.js'), 'SimulationPage'),
})
const billing = createRoute({
  ...own,
  path: '/billing',
  component: lazyRouteComponent(() => import('./pages/plan/plan-page.js'), 'PlanPage'),
  validateSearch: (search) => texts(search, ['checkout', 'changed']),
})
const account = createRoute({
  ...own,
  path: '/account',
  component: lazyRouteComponent(() => import('./pages/account/account-page.js'), 'AccountPage'),
})

const admin = createRoute({
  ...own,
  path: '/admin',
  component: lazyRouteComponent(() => import('./pages/admin/admin-layout.js'), 'AdminLayout'),
  beforeLoad: ({ context: { session } }) => {
    const state = session.get()
    if (state.kind === 'signed-in' && state.user.role === 'subscriber') throw redirect({ to: '/' })
  },
})
const underAdmin = { getParentRoute: () => admin } as const
const adminBots = createRoute({
  ...underAdmin,
  path: '/',
  component: lazyRouteComponent(() => import('./pages/admin/bots-page.js'), 'AdminBotsPage'),
})
const adminUsers = createRoute({
  ...underAdmin,
  path: '/users',
  component: lazyRouteComponent(() => import('./pages/admin/users-page.js'), 'AdminUsersPage'),
})
const adminPromos = createRoute({
  ...underAdmin,
  path: '/promo-codes',
  component: lazyRouteComponent(() => import('./pages/admin/promos/promos-page.js'), 'AdminPromosPage'),
})
const adminPayments = createRoute({
  ...underAdmin,
  path: '/payments',
  component: lazyRouteComponent(() => import('./pages/admin/payments/payments-page.js'), 'AdminPaymentsPage'),
})
const adminPlans = createRoute({
  ...underAdmin,
  path: '/plans',
  component: lazyRouteComponent(() => import('./pages/admin/plans/plans-page.js'), 'AdminPlansPage'),
})
const adminAudit = createRoute({
  ...underAdmin,
  path: '/audit',
  component: lazyRouteComponent(() => import('./pages/admin/audit-page.js'), 'AdminAuditPage'),
})

const routeTree = root.addChildren([
  open.addChildren([signUp, signIn, checkMail, verifyEmail, forgotPassword, resetPassword]),
  signedIn.addChildren([
    bot,
    setup,
    keys,
    market,
    trades,
    decisions,
    backtests,
    backtest,
    simulations,
    simulation,
    billing,
    account,
    admin.addChildren([adminBots, adminUsers, adminPromos, adminPayments, adminPlans, adminAudit]),
  ]),
])

export function createAppRouter(app: App) {
  return createRouter({
    routeTree,
    context: app,
    defaultPendingComponent: Loading,
    defaultErrorComponent: FailedPage,
    scrollRestoration: true,
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>
  }
}

/** Search values arrive parsed as JSON, so a token of digits comes as a number. */
function text(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}

/** Those of the named values that are there. */
function texts<Name extends string>(search: Record<string, unknown>, names: readonly Name[]) {
  const given = names.flatMap((name) => {
    const value = text(search[name])
    return value === undefined || value === '' ? [] : [[name, value]]
  })
  return Object.fromEntries(given) as { [N in Name]?: string | undefined }
}

import { Link, Outlet, useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useUser } from '../app.js'
import { useBotUpdates } from './bot/use-bot-updates.js'
import { MainNav } from './main-nav.js'
import { SyntheticBanner } from './synthetic-banner.js'

function Brand() {
  return (
    <Link to="/" className="brand">
      <img src="/favicon.svg" alt="" /> Sath
    </Link>
  )
}

/** The head of pages without a way on: the name alone. */
export function OpenTop() {
  return (
    <header className="top">
      <div className="top-inner">
        <Brand />
      </div>
    </header>
  )
}

/** Pages for people who are not signed in. */
export function OpenLayout() {
  return (
    <>
      <OpenTop />
      <Outlet />
    </>
  )
}

function BotUpdates() {
  useBotUpdates()
  return null
}

/** Everything behind the sign-in. */
export function SignedInLayout() {
  const user = useUser()
  const navigate = useNavigate()
  const gone = user === undefined
  useEffect(() => {
    if (gone) void navigate({ to: '/sign-in' })
  }, [gone, navigate])
  if (gone) return null
  return (
    <>
      <BotUpdates />
      <a className="skip" href="#main">
        Skip to the content
      </a>
      <header className="top">
        <div className="top-inner">
          <Brand />
          <MainNav isStaff={user.role !== 'subscriber'} />
        </div>
      </header>
      <SyntheticBanner />
      <Outlet />
    </>
  )
}

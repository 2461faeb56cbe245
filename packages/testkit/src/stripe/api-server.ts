/** The HTTP dress of the API: who asks, with which version and key, and answers and errors in Stripe's shape. */
import type { Account } from './account.js'
import { parseForm } from './form.js'
import { createIdempotency, type KeptAnswer } from './idempotency.js'
import type { LoggedRequest } from './request-log.js'
import { routes } from './routes.js'
import { StripeFault } from './stripe-fault.js'

export interface ApiRequest {
  readonly method: string
  readonly path: string
  /** The body, or the query of a GET. */
  readonly form: string
  readonly contentType: string | undefined
  readonly authorization: string | undefined
  readonly idempotencyKey: string | undefined
  readonly stripeVersion: string | undefined
}

export interface ApiAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface Api {
  readonly requests: readonly LoggedRequest[]
  answer(request: ApiRequest): ApiAnswer
}

export function createApi(account: Account, secretKey: string, clock: () => number): Api {
  const idempotency = createIdempotency(clock)
  const requests: LoggedRequest[] = []

  function answer(request: ApiRequest): ApiAnswer {
    const id = account.newId('req_', 14)
    const key = request.method === 'POST' ? request.idempotencyKey : undefined
    const { said, replayed } = settle(request, id, key)
    requests.push({
      id,
      method: request.method,
      path: request.path,
      form: request.form,
      idempotencyKey: request.idempotencyKey,
      stripeVersion: request.stripeVersion,
      status: said.status,
      replayed,
    })
    return {
      status: said.status,
      body: said.body,
      headers: {
        'content-type': 'application/json',
        'request-id': id,
        'stripe-version': account.apiVersion,
        ...(key !== undefined && { 'idempotency-key': key, 'original-request': said.requestId }),
        ...(replayed && { 'idempotent-replayed': 'true' }),
      },
    }
  }

  /** Who asks is settled before what was answered to the key. */
  function settle(request: ApiRequest, id: string, key: string | undefined): Settled {
    const shape = `${request.method} ${request.path} ${request.form}`
    const checked = attempt(() => {
      checkKey(request.authorization, secretKey)
      checkVersion(request.stripeVersion)
      return key === undefined ? undefined : idempotency.find(key, shape)
    })
    if (checked.fault) return { said: faultAnswer(id, checked.fault), replayed: false }
    if (checked.value) return { said: checked.value, replayed: true }
    const { value, fault } = attempt(() => execute(request, id))
    const said = fault
      ? faultAnswer(id, fault)
      : { requestId: id, status: 200, body: JSON.stringify(value, undefined, 2) }
    if (key !== undefined && !fault?.refusedParameters) idempotency.keep(key, shape, said)
    return { said, replayed: false }
  }

  function execute(request: ApiRequest, id: string): unknown {
    account.request = { id, idempotencyKey: request.idempotencyKey ?? null }
    try {
      return dispatch(account, request)
    } finally {
      account.request = null
    }
  }

  return { requests, answer }
}

interface Settled {
  readonly said: KeptAnswer
  readonly replayed: boolean
}

function attempt<T>(action: () => T): { readonly value?: T; readonly fault?: StripeFault } {
  try {
    return { value: action() }
  } catch (error) {
    if (error instanceof StripeFault) return { fault: error }
    throw error
  }
}

function faultAnswer(id: string, fault: StripeFault): KeptAnswer {
  const { code } = fault.fields
  const doc = code === undefined ? {} : { doc_url: `https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}` }
  const body = JSON.stringify({ error: { ...fault.fields, ...doc, request_log_url: `local:${id}` } }, undefined, 2)
  return { requestId: id, status: fault.status, body }
}

/** `Bearer sk_…`, or the key as the user of Basic. */
function checkKey(authorization: string | undefined, secretKey: string): void {
  const [scheme, credentials = ''] = authorization?.split(' ') ?? []
  const key = scheme === 'Basic' ? Buffer.from(credentials, 'base64').toString().split(':')[0] : credentials
  if (!key) {
    throw new StripeFault(401, {
      type: 'invalid_request_error',
      message:
        "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
    })
  }
  if (key === secretKey) return
  const shown = `${key.slice(0, 8)}${'*'.repeat(Math.max(0, key.length - 12))}${key.slice(-4)}`
  throw new StripeFault(401, { type: 'invalid_request_error', message: `Invalid API Key provided: ${shown}` })
}

function checkVersion(version: string | undefined): void {
  if (version === undefined || /^\d{4}-\d{2}-\d{2}(\.[a-z]+)?$/.test(version)) return
  throw new StripeFault(400, { type: 'invalid_request_error', message: `Invalid Stripe API version: ${version}` })
}

function dispatch(account: Account, { method, path, form, contentType }: ApiRequest): unknown {
  for (const route of routes) {
    const match = route.method === method ? route.path.exec(path) : null
    if (!match) continue
    if (method === 'POST' && form !== '' && !contentType?.startsWith('application/x-www-form-urlencoded')) {
      throw new StripeFault(400, {
        type: 'invalid_request_error',
        message: 'The content type of a request to this API must be application/x-www-form-urlencoded.',
      })
    }
    return route.handle(account, decodeURIComponent(match[1] ?? ''), parseForm(form))
  }
  throw new StripeFault(404, {
    type: 'invalid_request_error',
    message: `Unrecognized request URL (${method}: ${path}).`,
  })
}

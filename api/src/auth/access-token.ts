import jwt from '@fastify/jwt'
import { AppError } from '@sath/core'
import type { FastifyInstance } from 'fastify'

interface Claims {
  /** User id. */
  readonly sub: string
  /** Sign-in: the family of refresh tokens. */
  readonly sid: string
}

declare module '@fastify/jwt' {
  interface FastifyJWT {
    payload: Claims
    user: Claims & { readonly exp: number }
  }
}

export interface AccessTokens {
  sign(userId: string, sessionId: string): string
  /** @throws AppError unauthenticated */
  verify(token: string): Claims & { readonly exp: number }
}

/** JSON Web Tokens, HS256; no other algorithm is accepted. */
export function registerAccessTokens(
  app: FastifyInstance,
  { secret, seconds }: { readonly secret: string; readonly seconds: number },
): AccessTokens {
  app.register(jwt, {
    secret,
    sign: { algorithm: 'HS256', expiresIn: `${seconds}s`, iss: 'sath' },
    verify: { algorithms: ['HS256'], allowedIss: 'sath', requiredClaims: ['sub', 'sid', 'exp'] },
  })
  return {
    sign: (sub, sid) => app.jwt.sign({ sub, sid }),
    verify(token) {
      try {
        return app.jwt.verify(token)
      } catch {
        throw new AppError('unauthenticated', 'Sign in first.')
      }
    },
  }
}

import { z } from 'zod'
import { Id, Time } from './common.js'

/** Lower-cased; at most as long as a mailbox may be (RFC 5321). */
export const Email = z.email().max(254).toLowerCase()
/** Long enough for a sentence, short enough that hashing it stays cheap. */
const AnyPassword = z.string().min(1).max(200)
const Country = z.string().regex(/^[A-Z]{2}$/, 'must be an ISO 3166 code such as ES')
const Locale = z.string().regex(/^[a-z]{2}(-[A-Z]{2})?$/, 'must be a locale such as es or es-AR')
const Name = z.string().trim().min(1).max(100)
const Token = z.string().min(1).max(200)

export const roles = ['subscriber', 'support', 'admin', 'superadmin'] as const
export const Role = z.enum(roles)

export const RegisterBody = z.strictObject({
  email: Email,
  password: AnyPassword,
  name: Name.optional(),
  country: Country.optional(),
  locale: Locale.optional(),
})
export const Registered = z.object({ status: z.literal('verification-sent') })
export const VerifyEmailBody = z.strictObject({ token: Token })
export const LoginBody = z.strictObject({ email: Email, password: AnyPassword, cookie: z.boolean().optional() })
export const RefreshBody = z.strictObject({ refreshToken: Token.optional() }).nullish()
export const ForgotPasswordBody = z.strictObject({ email: Email })
export const ResetPasswordBody = z.strictObject({ token: Token, password: AnyPassword })
export const Accepted = z.object({ status: z.literal('accepted') })

export const Session = z.object({
  accessToken: z.string(),
  /** Absent when it went into the cookie. */
  refreshToken: z.string().optional(),
  /** Seconds until the access token ends. */
  expiresIn: z.int(),
  user: z.object({ id: Id, email: z.string(), name: z.string().nullable(), role: Role, locale: z.string() }),
})

export const Profile = z.object({
  id: Id,
  email: z.string(),
  name: z.string().nullable(),
  country: z.string().nullable(),
  locale: z.string(),
  role: Role,
  createdAt: Time,
  plan: z.object({ id: z.string(), name: z.string(), until: Time.nullable() }),
})
export const ProfileBody = z.strictObject({
  name: Name.nullable().optional(),
  country: Country.nullable().optional(),
  locale: Locale.optional(),
})
export const Deleting = z.object({ status: z.literal('deleting') })

export const OutboxQuery = z.strictObject({ to: Email.optional() })
export const OutboxView = z.object({
  items: z.array(
    z.object({
      to: z.string(),
      subject: z.string(),
      text: z.string(),
      html: z.string().optional(),
      links: z.array(z.string()),
      token: z.string().optional(),
      sentAt: Time,
    }),
  ),
})

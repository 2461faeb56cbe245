import type { NewMail } from '@sath/db'

/** Hours that the link in a mail works. */
export const verifyHours = 24
export const resetHours = 1

export function verifyMail(to: string, token: string, publicUrl: string): NewMail {
  const link = `${publicUrl}/verify-email?token=${token}`
  return {
    to,
    subject: 'Confirm your address',
    text: `Welcome to Sath.\n\nConfirm that this address is yours:\n${link}\n\nThe link works for ${verifyHours} hours. If you did not sign up, ignore this mail.\n`,
    links: [link],
    token,
  }
}

export function resetMail(to: string, token: string, publicUrl: string): NewMail {
  const link = `${publicUrl}/reset-password?token=${token}`
  return {
    to,
    subject: 'Choose a new password',
    text: `Somebody asked for a new password for your account at Sath.\n\nChoose it here:\n${link}\n\nThe link works for ${resetHours} hour. If it was not you, ignore this mail; your password stays.\n`,
    links: [link],
    token,
  }
}

/** Tells the owner of an address what the one who typed it in must not learn. */
export function alreadyRegisteredMail(to: string, publicUrl: string): NewMail {
  const link = `${publicUrl}/`
  return {
    to,
    subject: 'You have an account already',
    text: `Somebody tried to sign up at Sath with your address. You have an account already; sign in, or ask for a new password:\n${link}\n\nIf it was not you, nothing has changed.\n`,
    links: [link],
  }
}

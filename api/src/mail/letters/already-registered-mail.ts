import { mailOf } from '../mail-of.js'

/** Tells the owner of an address what the one who typed it in must not learn. */
export const alreadyRegisteredMail = mailOf<Record<never, never>>((_, { publicUrl }) => ({
  subject: { en: 'You have an account already', es: 'Ya tienes una cuenta' },
  preheader: {
    en: 'Somebody tried to sign up with your address.',
    es: 'Alguien ha intentado registrarse con tu dirección.',
  },
  body: [
    {
      en: 'Somebody tried to sign up at Sath with your address. You have an account already: sign in, or ask for a new password.',
      es: 'Alguien ha intentado registrarse en Sath con tu dirección. Ya tienes una cuenta: entra o pide una contraseña nueva.',
    },
  ],
  button: { text: { en: 'Sign in', es: 'Entrar' }, url: `${publicUrl}/` },
  note: { en: 'If it was not you, nothing has changed.', es: 'Si no has sido tú, nada ha cambiado.' },
  askedFor: true,
}))

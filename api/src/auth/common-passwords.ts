/** What people choose again and again: the stems of the usual leaked lists, and the tails they put behind them. */
const stems =
  `password passwort passw0rd contrasena contraseña motdepasse senha parola qwerty qwertz azerty qwertyuiop qwertzuiop azertyuiop
asdfgh asdfghjkl asdfghjklö zxcvbn zxcvbnm yxcvbnm qazwsx qazwsxedc 1q2w3e 1q2w3e4r 1q2w3e4r5t 1qaz2wsx 1qaz2wsx3edc zaq12wsx q1w2e3r4
abc abcd abcde abcdef abcdefg abcdefgh abcdefghij abc123 a1b2c3 a1b2c3d4 aaa aaaa letmein welcome bienvenido bienvenue willkommen
admin administrator administrador root toor guest test tester testing demo user usuario login default changeme change secret
secreto geheim master hello hola hallo bonjour iloveyou ilove loveyou love teamo tequiero amor amore princess princesa sunshine
monkey dragon football futbol fussball baseball basketball hockey soccer superman batman spiderman pokemon starwars naruto
michael jennifer jordan michelle charlie andrew daniel david jessica ashley robert thomas george william matthew anthony
maria jose juan carlos alejandro nicole sophia samantha shadow killer trustno trustnoone freedom whatever computer internet
google facebook samsung iphone apple android windows microsoft linux server database oracle mysql postgres network access
chelsea arsenal liverpool barcelona realmadrid madrid juventus boca riverplate messi ronaldo ferrari porsche mercedes yamaha harley
summer winter spring autumn verano invierno january february march april june july august september october november december
monday tuesday wednesday thursday friday saturday sunday cookie chocolate banana orange cheese coffee pepper ginger flower
butterfly tiger lion eagle wolf bear panda kitty bitcoin crypto binance ethereum trading trader forex money dinero million
dollar bank banco gold silver invest investor lambo satoshi doge hodl sath company empresa office family familia mother father
mommy daddy baby angel jesus christ heaven peace matrix hunter ranger soldier warrior knight wizard merlin phoenix thunder
lightning storm diamond crystal star stars moon sun blue red green black white purple yellow pink rainbow`.split(/\s+/)
const tails =
  ` 1 2 7 11 12 13 21 22 23 69 77 88 99 00 01 007 100 111 123 222 321 333 420 456 555 666 777 789 888 999 000 1234 4321 12345 54321
123456 654321 1234567 12345678 123456789 1234567890 abc xyz qwerty ! !! !!! !1 1! 12! 123! 1234! 12345! 123456! ? . @ # * $ @1 @12 @123 @1234
#1 #123 _1 _123 -1 -123`.split(/ |\n/)
const years = Array.from({ length: 71 }, (_, index) => String(1960 + index))
const digits = '01234567890123456789'
const rows = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm', 'qwertzuiop', 'azertyuiop', 'abcdefghijklmnopqrstuvwxyz']

/** Lower-case, at least 10 characters long: shorter ones are refused anyway. */
export const commonPasswords: ReadonlySet<string> = new Set(candidates().filter((text) => text.length >= 10))

function candidates(): string[] {
  const endings = [...tails, ...years, ...years.map((year) => `${year}!`)]
  return [
    ...stems.flatMap((stem) => endings.flatMap((end) => [stem + end, end + stem])),
    ...stems.flatMap((stem) => [stem + stem, stem + stem + stem, [...stem].reverse().join('')]),
    ...rows.flatMap((row) => [row, row + row, [...row].reverse().join('')]),
    ...rows.flatMap((row) => tails.map((tail) => row + tail)),
    ...Array.from({ length: 10 }, (_, start) => digits.slice(start, start + 10)),
    ...Array.from({ length: 10 }, (_, start) =>
      [...digits]
        .reverse()
        .join('')
        .slice(start, start + 10),
    ),
  ]
}

/** Texts as people write them, for everything that reads: mails, invoices, an article, two versions of a contract. */

/** A billing mail with headers, an invoice number and two questions. */
export const chargedTwice = `From: Anna Weber <anna.weber@example.com>
To: support@acme.test
Subject: Charged twice for March

Hi team,

I was charged twice for my subscription in March: two payments of €49.00 on 2026-03-02 left my credit card. My invoice number is INV-2026-0311.
Could you refund the second payment? And when will I see the money on my account?

This is quite urgent because my card is now overdrawn.

Best regards,
Anna Weber`

/** A technical complaint that is in no hurry. */
export const appCrashes = `Hello,

since yesterday's update the mobile app crashes every time I open the reports page. I get error 500 and then a blank screen. I reinstalled it, but it still does not work on my Pixel 8. No rush, but I need the reports by the end of the month.

Thanks, Tom`

/** German, about a delivery. */
export const parcelMissing = `Guten Tag,

mein Paket mit der Bestellnummer 4711-220 ist seit zwei Wochen nicht angekommen. Laut Sendungsverfolgung liegt es noch im Lager. Können Sie bitte nachsehen, wo es bleibt? Wenn es verloren ist, möchte ich mein Geld zurück.

Freundliche Grüße
Katharina Vogel`

/** French, about access, on one line. */
export const lockedOut = `Bonjour, je n'arrive plus à me connecter à mon compte depuis hier. Le mot de passe est refusé et je ne reçois pas le lien. Pouvez-vous m'aider ? Merci d'avance, Camille Laurent`

/** Spanish, about an invoice. */
export const invoiceMissing = `Hola, compré dos licencias la semana pasada y todavía no he recibido la factura. ¿Podrían enviármela por correo? El importe fue de 120,00 €. Gracias, Lucía`

/** Italian, about an order. */
export const whereIsMyOrder = `Buongiorno, vorrei sapere quando arriva il mio ordine. Ho pagato la settimana scorsa ma non ho ancora ricevuto la conferma. Grazie mille, Giulia`

/** Portuguese, a cancellation. */
export const cancelPlease = `Olá, gostaria de cancelar a minha assinatura porque já não uso o serviço. Podem confirmar por e-mail quando estiver feito? Obrigado, João`

/** Dutch, about a delivery. */
export const pakketKwijt = `Hallo, ik heb vorige week een bestelling geplaatst maar het pakket is nog niet aangekomen. Kunt u nakijken waar het is? Met vriendelijke groeten, Sander`

/** An English invoice with a table of positions. */
export const invoiceTable = `Nordlicht Software GmbH
Hafenstraße 12, 20457 Hamburg

INVOICE

Invoice number: NL-2026-0142
Invoice date: 12 March 2026
Due date: 11 April 2026
Bill to: Brightwater Ltd, 4 Quay Street, Bristol

Description                Qty    Unit price    Amount
Team licence (12 months)   5      €120.00       €600.00
Onboarding workshop        2      €350.00       €700.00
Support hours              3      €90.00        €270.00

Subtotal: €1,570.00
VAT 19%: €298.30
Total due: €1,868.30

Please pay by bank transfer to IBAN DE89 3704 0044 0532 0130 00.
VAT ID: DE123456789
billing@nordlicht.example`

/** A German invoice with positions as sentences. */
export const rechnung = `Rechnung Nr. RE-2026-118
Lieferant: Müller Bürobedarf KG
Rechnungsdatum: 03.02.2026
Fällig am: 17.02.2026

10 x Kopierpapier A4 @ 4,90 € = 49,00 €
2 x Tonerkartusche @ 89,50 € = 179,00 €

Zwischensumme: 228,00 €
MwSt. 19 %: 43,32 €
Gesamtbetrag: 271,32 €`

/** A newspaper article. */
export const tramArticle = `City council approves new tram line

The city council voted on Tuesday to build a new tram line between the harbour and the university. Construction will begin in 2027 and is expected to take four years. The line will cost 240 million euros, of which the state pays half. 

Supporters say the tram will carry 35,000 passengers a day and replace three crowded bus routes. "This is the most important transport decision in a generation," said mayor Helga Brandt. Critics fear that shops along Market Street will lose customers during construction. The council promised a fund of five million euros to compensate shop owners.

A first proposal for a tram was rejected by voters in 2011. Since then, traffic in the city centre has grown by a quarter. Environmental groups welcomed the vote and said that the tram would save 8,000 tonnes of carbon dioxide a year. The opposition announced that it would seek a referendum. The weather on the day of the vote was mild.`

/** A contract, before. */
export const contractOld = `The contract runs for two years. The monthly fee is 400 euros. Either side may cancel with three months' notice. Support is included on working days.`

/** The same contract, after: one term changed, one gone, one new. */
export const contractNew = `The contract runs for three years. The monthly fee is 400 euros. Support is included on working days. The customer may audit the supplier once a year.`

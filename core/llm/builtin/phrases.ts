import type { TopicName } from "./lexicon.ts"

/** The fixed parts of a reply in one language. `{…}` is filled in. */
export type Phrases = {
  hello: string
  helloNobody: string
  thanks: string
  thanksAbout: string
  sorry: string
  glad: string
  asked: string
  answer: string
  noted: string
  next: string
  urgent: string
  close: string
  signature: string
  topics: Partial<Record<TopicName, { about: string; next: string }>>
}

const en: Phrases = {
  hello: "Hello {name},",
  helloNobody: "Hello,",
  thanks: "thank you for your message.",
  thanksAbout: "thank you for your message about {topic}.",
  sorry: "I am sorry for the trouble this has caused you.",
  glad: "We are glad to read this.",
  asked: "You asked:",
  answer: "[answer]",
  noted: "What we have noted from your message:",
  next: "As a next step, {next}",
  urgent: "We see that this is urgent and handle it first.",
  close: "Kind regards,",
  signature: "[your name]",
  topics: {
    billing: {
      about: "a payment or invoice",
      next: "we will check the payment in question and write to you with the result.",
    },
    refund: {
      about: "a return or refund",
      next: "we will check your return and write to you about the refund.",
    },
    technical: {
      about: "a technical problem",
      next: "our technicians will try to reproduce the problem and write to you with what they find.",
    },
    account: {
      about: "access to your account",
      next: "we will check the state of your account; please never send us your password.",
    },
    shipping: {
      about: "a delivery",
      next: "we will ask the carrier where your delivery is and write to you.",
    },
    cancellation: {
      about: "a cancellation",
      next: "we will check your contract and confirm the cancellation in writing.",
    },
    sales: { about: "our offer and prices", next: "a colleague from sales will write to you with an offer." },
    feature: { about: "an idea for our product", next: "we will pass your suggestion to the product team." },
    complaint: { about: "a complaint", next: "we will look into what happened and write to you." },
    praise: { about: "your experience with us", next: "we will pass your words on to the team." },
    how_to: { about: "a question about our service", next: "we will answer your question in detail." },
  },
}

const de: Phrases = {
  hello: "Guten Tag {name},",
  helloNobody: "Guten Tag,",
  thanks: "vielen Dank für Ihre Nachricht.",
  thanksAbout: "vielen Dank für Ihre Nachricht zum Thema {topic}.",
  sorry: "Die Unannehmlichkeiten tun uns leid.",
  glad: "Das freut uns sehr.",
  asked: "Sie haben gefragt:",
  answer: "[Antwort]",
  noted: "Aus Ihrer Nachricht haben wir notiert:",
  next: "Als Nächstes {next}",
  urgent: "Wir sehen, dass es eilt, und kümmern uns zuerst darum.",
  close: "Freundliche Grüße",
  signature: "[Ihr Name]",
  topics: {
    billing: {
      about: "Rechnung und Zahlung",
      next: "prüfen wir die Zahlung und melden uns mit dem Ergebnis.",
    },
    refund: {
      about: "Rückgabe und Erstattung",
      next: "prüfen wir Ihre Rücksendung und melden uns wegen der Erstattung.",
    },
    technical: {
      about: "technische Störung",
      next: "versuchen unsere Techniker, den Fehler nachzustellen, und melden sich bei Ihnen.",
    },
    account: {
      about: "Zugang zu Ihrem Konto",
      next: "prüfen wir den Zustand Ihres Kontos; bitte senden Sie uns nie Ihr Passwort.",
    },
    shipping: { about: "Lieferung", next: "fragen wir beim Zusteller nach und melden uns bei Ihnen." },
    cancellation: {
      about: "Kündigung",
      next: "prüfen wir Ihren Vertrag und bestätigen die Kündigung schriftlich.",
    },
    sales: { about: "Angebot und Preise", next: "meldet sich unser Vertrieb mit einem Angebot." },
    feature: {
      about: "Verbesserungsvorschlag",
      next: "geben wir Ihren Vorschlag an die Produktentwicklung weiter.",
    },
    complaint: { about: "Beschwerde", next: "gehen wir der Sache nach und melden uns bei Ihnen." },
    praise: { about: "Ihre Erfahrung mit uns", next: "geben wir Ihre Worte an das Team weiter." },
    how_to: { about: "Ihre Frage zu unserem Angebot", next: "beantworten wir Ihre Frage ausführlich." },
  },
}

const fr: Phrases = {
  hello: "Bonjour {name},",
  helloNobody: "Bonjour,",
  thanks: "merci pour votre message.",
  thanksAbout: "merci pour votre message au sujet de {topic}.",
  sorry: "Nous sommes désolés pour ce désagrément.",
  glad: "Nous sommes ravis de vous lire.",
  asked: "Vous avez demandé :",
  answer: "[réponse]",
  noted: "Nous avons relevé dans votre message :",
  next: "Prochaine étape : {next}",
  urgent: "Nous voyons que c’est urgent et le traitons en premier.",
  close: "Cordialement,",
  signature: "[votre nom]",
  topics: {
    billing: {
      about: "votre paiement ou facture",
      next: "nous vérifions le paiement et vous écrivons le résultat.",
    },
    refund: {
      about: "votre retour ou remboursement",
      next: "nous vérifions votre retour et vous écrivons au sujet du remboursement.",
    },
    technical: {
      about: "ce problème technique",
      next: "nos techniciens essaient de reproduire le problème et vous écrivent.",
    },
    account: {
      about: "l’accès à votre compte",
      next: "nous vérifions l’état de votre compte ; ne nous envoyez jamais votre mot de passe.",
    },
    shipping: {
      about: "votre livraison",
      next: "nous demandons au transporteur où se trouve le colis et vous écrivons.",
    },
    cancellation: {
      about: "votre résiliation",
      next: "nous vérifions votre contrat et confirmons la résiliation par écrit.",
    },
    sales: {
      about: "notre offre et nos prix",
      next: "un collègue du service commercial vous enverra une offre.",
    },
    feature: { about: "votre suggestion", next: "nous transmettons votre suggestion à l’équipe produit." },
    complaint: { about: "votre réclamation", next: "nous examinons ce qui s’est passé et vous écrivons." },
    praise: { about: "votre expérience", next: "nous transmettons vos mots à l’équipe." },
    how_to: { about: "votre question", next: "nous répondons à votre question en détail." },
  },
}

const es: Phrases = {
  hello: "Hola, {name}:",
  helloNobody: "Hola:",
  thanks: "gracias por su mensaje.",
  thanksAbout: "gracias por su mensaje sobre {topic}.",
  sorry: "Lamentamos las molestias.",
  glad: "Nos alegra mucho leerlo.",
  asked: "Usted preguntó:",
  answer: "[respuesta]",
  noted: "De su mensaje hemos anotado:",
  next: "Como siguiente paso, {next}",
  urgent: "Vemos que es urgente y lo atendemos primero.",
  close: "Un saludo cordial,",
  signature: "[su nombre]",
  topics: {
    billing: {
      about: "un pago o una factura",
      next: "revisaremos el pago y le escribiremos con el resultado.",
    },
    refund: {
      about: "una devolución o un reembolso",
      next: "revisaremos su devolución y le escribiremos sobre el reembolso.",
    },
    technical: {
      about: "un problema técnico",
      next: "nuestros técnicos intentarán reproducir el problema y le escribirán.",
    },
    account: {
      about: "el acceso a su cuenta",
      next: "revisaremos el estado de su cuenta; nunca nos envíe su contraseña.",
    },
    shipping: {
      about: "una entrega",
      next: "preguntaremos al transportista dónde está su envío y le escribiremos.",
    },
    cancellation: {
      about: "una cancelación",
      next: "revisaremos su contrato y confirmaremos la cancelación por escrito.",
    },
    sales: { about: "nuestra oferta y precios", next: "un compañero de ventas le enviará una oferta." },
    feature: { about: "una sugerencia", next: "pasaremos su sugerencia al equipo de producto." },
    complaint: { about: "una queja", next: "averiguaremos qué ocurrió y le escribiremos." },
    praise: { about: "su experiencia", next: "pasaremos sus palabras al equipo." },
    how_to: { about: "una pregunta", next: "responderemos a su pregunta en detalle." },
  },
}

const all: Record<string, Phrases> = { en, de, fr, es }

/** The phrases of a language; English when it has none here. */
export const phrasesOf = (language: string): Phrases => (Object.hasOwn(all, language) ? all[language]! : en)

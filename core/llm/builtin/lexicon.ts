/**
 * What people write about in mails and articles: for each topic the names that a label may have, and words that speak for
 * it in English, German, French and Spanish. Words may be phrases; all are stemmed before use.
 */
export type Topic = { names: string; words: string }

export const topics = {
  billing: {
    names: "billing bill payment payments invoice invoices finance accounting charge charges",
    words:
      "invoice, charged, charge, charged twice, double charge, payment, paid, pay, bill, billing, credit card, card, subscription fee, price on my invoice, overcharged, amount, bank statement, vat, receipt, direct debit, transaction, " +
      "rechnung, abgebucht, bezahlt, zahlung, betrag, lastschrift, kreditkarte, mahnung, konto belastet, facture, facturé, paiement, prélèvement, payé, montant, factura, cobro, cobrado, pago, cargo, tarjeta, importe, fattura, pagamento, addebito, addebitato, pagato, importo, fatura, pagamento, cobrança, cobrado, valor, factuur, betaling, betaald, afgeschreven, bedrag",
  },
  refund: {
    names: "refund refunds return returns reimbursement money-back chargeback",
    words:
      "refund, refunded, money back, reimburse, return, send back, chargeback, credit note, " +
      "rückerstattung, erstattung, erstatten, geld zurück, zurückgeben, zurücksenden, rücksendung, retoure, remboursement, rembourser, retourner, retour, reembolso, reembolsar, devolución, devolver, rimborso, rimborsare, restituire, reso, reembolso, devolver, devolução, terugbetaling, terugbetalen, geld terug, retourneren",
  },
  technical: {
    names: "technical bug bugs error errors defect fault incident outage crash tech it troubleshooting",
    words:
      "error, bug, crash, crashes, crashed, not working, does not work, doesn't work, stopped working, broken, fails, failed, failing, freeze, frozen, blank page, white screen, 500, 404, stack trace, exception, timeout, slow, outage, down, unavailable, loading, update broke, install, sync, app, server, api, " +
      "fehler, fehlermeldung, funktioniert nicht, absturz, stürzt ab, kaputt, defekt, störung, ausfall, lädt nicht, langsam, erreur, ne fonctionne pas, ne marche pas, plante, panne, bogue, cassé, error, fallo, no funciona, se cierra, roto, caído, lento, errore, non funziona, si blocca, guasto, rotto, erro, não funciona, trava, avaria, quebrado, foutmelding, werkt niet, storing, kapot, traag",
  },
  account: {
    names: "account login access password authentication signin sign-in profile security",
    words:
      "password, log in, login, logged out, locked out, sign in, cannot access, reset link, two-factor, 2fa, verification code, username, account, profile, email address change, hacked, " +
      "passwort, anmelden, einloggen, anmeldung, zugang, gesperrt, konto, benutzerkonto, zugriff, mot de passe, connexion, me connecter, compte, bloqué, contraseña, iniciar sesión, acceso, cuenta, bloqueada, accedere, accesso, bloccato, entrar, iniciar sessão, palavra-passe, senha, acesso, conta, wachtwoord, inloggen, toegang, geblokkeerd",
  },
  shipping: {
    names: "shipping shipment delivery logistics order orders tracking parcel fulfilment fulfillment",
    words:
      "delivery, deliver, delivered, not arrived, has not arrived, never arrived, shipped, shipping, shipment, parcel, package, courier, tracking, tracking number, order, late delivery, damaged in transit, address, warehouse, customs, dispatch, " +
      "lieferung, geliefert, paket, versand, sendung, sendungsnummer, bestellung, nicht angekommen, zusteller, livraison, livré, colis, commande, suivi, pas arrivé, expédié, envío, entrega, paquete, pedido, no ha llegado, seguimiento, ordine, spedizione, spedito, consegna, pacco, corriere, encomenda, entrega, enviado, transportadora, bestelling, pakket, levering, geleverd, bezorgd, verzending, niet aangekomen",
  },
  cancellation: {
    names: "cancellation cancel churn termination unsubscribe retention",
    words:
      "cancel, cancel my subscription, cancellation, terminate, end my contract, unsubscribe, close my account, stop my plan, not renew, switch to another, " +
      "kündigen, kündigung, stornieren, abbestellen, vertrag beenden, résilier, résiliation, annuler, désabonner, cancelar, cancelación, dar de baja, anular, disdire, disdetta, annullare, recesso, cancelar, cancelamento, anular, opzeggen, opzegging, annuleren",
  },
  sales: {
    names: "sales pricing quote enquiry inquiry presales lead demo purchase buying",
    words:
      "price list, pricing, quote, offer, demo, trial, discount, plan, plans, licences, licenses, seats, buy, purchase, interested in, volume, enterprise plan, upgrade, reseller, budget, how much, " +
      "angebot, preis, preise, rabatt, kaufen, lizenzen, interesse, testversion, devis, tarif, prix, remise, acheter, licences, presupuesto, precio, precios, descuento, comprar, licencias",
  },
  feature: {
    names: "feature features idea ideas suggestion suggestions wish improvement enhancement product-feedback",
    words:
      "feature, would be great, would be nice, would love, could you add, please add, wish, suggestion, suggest, idea, improvement, support for, integrate with, integration, dark mode, export option, roadmap, missing, " +
      "funktion, wünschen, vorschlag, wäre schön, wäre toll, ergänzen, verbesserung, fonctionnalité, suggestion, ajouter, il serait, amélioration, función, sugerencia, añadir, sería genial, mejora",
  },
  complaint: {
    names: "complaint complaints dissatisfaction escalation escalations",
    words:
      "complaint, complain, unacceptable, disappointed, terrible, worst, angry, manager, rude, never again, fed up, frustrated, ridiculous, third time, still waiting, nobody answers, lawyer, consumer protection, " +
      "beschwerde, beschweren, inakzeptabel, unverschämt, enttäuscht, ärgerlich, anwalt, réclamation, plainte, inacceptable, déçu, scandaleux, queja, reclamación, inaceptable, decepcionado, indignado",
  },
  praise: {
    names: "praise compliment compliments thanks testimonial kudos appreciation",
    words:
      "thank you so much, great service, amazing, excellent, wonderful, love your, keep up, impressed, fantastic, well done, recommend, delighted, " +
      "großartig, ausgezeichnet, hervorragend, begeistert, weiterempfehlen, tolle arbeit, excellent, formidable, ravi, bravo, excelente, maravilloso, encantado, felicidades",
  },
  how_to: {
    names: "question questions how-to howto help usage general-question information documentation",
    words:
      "how do i, how can i, how to, where can i, where do i, is it possible, can you explain, what is the difference, question, wondering, documentation, guide, tutorial, help me understand, " +
      "wie kann ich, wo finde ich, frage, anleitung, ist es möglich, comment puis-je, où puis-je, question, est-il possible, cómo puedo, dónde puedo, pregunta, es posible",
  },
  spam: {
    names: "spam junk advertising phishing scam marketing",
    words:
      "winner, lottery, prize, congratulations you, click here, limited offer, act now, viagra, casino, bitcoin, crypto investment, free gift, earn money, work from home, seo services, backlinks, guest post, inheritance, claim your, guaranteed",
  },
  hr: {
    names: "hr people recruiting job jobs career careers application hiring",
    words:
      "application, apply, job, position, résumé, resume, cv, cover letter, interview, vacancy, salary, holiday, vacation, sick leave, payroll, onboarding, internship, bewerbung, stelle, lebenslauf, gehalt, urlaub, krank, candidature, poste, entretien, candidatura, puesto",
  },
  legal: {
    names: "legal law contract contracts compliance privacy gdpr court justice",
    words:
      "contract, clause, gdpr, privacy, data protection, lawyer, attorney, court, lawsuit, liability, terms, agreement, nda, compliance, judge, ruling, vertrag, datenschutz, dsgvo, anwalt, gericht, klage, contrat, avocat, tribunal, rgpd, contrato, abogado, demanda",
  },
  sports: {
    names: "sport sports football soccer tennis basketball athletics",
    words:
      "match, team, league, goal, goals, season, coach, player, players, tournament, championship, cup, final, won, scored, olympic, stadium, striker, referee, defender, race, medal",
  },
  politics: {
    names: "politics political government policy election elections world",
    words:
      "government, minister, parliament, election, vote, voters, president, party, senate, policy, campaign, law, bill, opposition, coalition, diplomat, treaty, sanctions, mayor, council",
  },
  technology: {
    names: "technology tech software computing computers ai internet gadgets",
    words:
      "software, computer, chip, ai, artificial intelligence, data, app, device, startup, developers, cloud, internet, smartphone, algorithm, code, robot, processor, cybersecurity, platform, open source",
  },
  business: {
    names: "business economy economics markets market finance companies money",
    words:
      "market, company, profit, revenue, shares, stock, investors, bank, economy, inflation, sales, quarter, growth, merger, ceo, interest rates, trade, industry, earnings, dividend",
  },
  health: {
    names: "health medicine medical healthcare wellness",
    words:
      "patients, doctor, hospital, disease, vaccine, treatment, health, symptoms, clinical, medicine, virus, cancer, therapy, drug, nurse, diet, exercise, blood, infection, surgery",
  },
  science: {
    names: "science research physics biology chemistry astronomy space",
    words:
      "researchers, scientists, study, experiment, species, planet, physics, telescope, molecule, cells, theory, galaxy, laboratory, discovery, fossil, evolution, atoms, spacecraft, observation",
  },
  entertainment: {
    names: "entertainment culture film movies music arts celebrity television",
    words:
      "film, movie, actor, actress, album, song, concert, singer, festival, series, director, theatre, novel, museum, exhibition, award, premiere, band, streaming, audience",
  },
  travel: {
    names: "travel tourism trips holiday holidays hotels",
    words:
      "flight, hotel, travel, trip, tourists, beach, airport, booking, itinerary, passport, luggage, cruise, destination, sightseeing, airline, train, resort, museum, check-in",
  },
  food: {
    names: "food cooking recipes recipe restaurant restaurants cuisine",
    words:
      "recipe, restaurant, dish, chef, cook, bake, flavour, flavor, sauce, ingredients, menu, dinner, taste, delicious, oven, butter, vegetables, wine, cheese, meal",
  },
  environment: {
    names: "environment climate weather nature energy sustainability",
    words:
      "climate, emissions, carbon, warming, renewable, solar, wind power, pollution, biodiversity, forest, drought, flood, wildlife, recycling, temperature, storm, ocean, electricity, heatwave",
  },
  education: {
    names: "education school university learning teaching students",
    words:
      "school, students, teacher, teachers, university, curriculum, exam, classroom, degree, campus, tuition, lecture, homework, pupils, professor, scholarship, course, graduates",
  },
} as const satisfies Record<string, Topic>

export type TopicName = keyof typeof topics

export const positiveWords =
  "good, great, excellent, amazing, awesome, love, loved, happy, pleased, perfect, perfectly, wonderful, fantastic, helpful, friendly, fast, easy, satisfied, recommend, thank, thanks, impressed, best, nice, enjoy, enjoyed, delighted, reliable, beautiful, brilliant, smooth, outstanding, worth, glad, superb, intuitive, quick, solved, works well, " +
  "gut, toll, super, großartig, zufrieden, perfekt, freundlich, schnell, begeistert, empfehlen, hilfreich, ausgezeichnet, klasse, hervorragend, bon, bonne, excellent, parfait, ravi, génial, rapide, satisfait, agréable, recommande, formidable, bueno, buena, excelente, perfecto, encanta, rápido, amable, satisfecho, recomiendo, genial, maravilloso, ottimo, eccellente, perfetto, gentile, veloce, soddisfatto, ótimo, excelente, perfeito, rápido, goed, geweldig, uitstekend, snel, tevreden, vriendelijk"
export const negativeWords =
  "bad, terrible, awful, horrible, worst, hate, hated, angry, disappointed, disappointing, unacceptable, broken, slow, poor, rude, useless, waste, frustrated, frustrating, annoying, fail, failed, fails, error, problem, problems, wrong, refund, complaint, never again, unhappy, upset, worse, ridiculous, scam, expensive, damaged, late, missing, buggy, crash, crashes, confusing, unreliable, cheap, disgusting, avoid, ignored, defective, dreadful, mediocre, overpriced, " +
  "schlecht, furchtbar, schrecklich, enttäuscht, enttäuschend, kaputt, langsam, unfreundlich, ärgerlich, defekt, problem, fehler, nie wieder, teuer, unverschämt, katastrophe, mauvais, mauvaise, terrible, déçu, décevant, lent, cassé, problème, horrible, inacceptable, cher, nul, impoli, malo, mala, terrible, horrible, decepcionado, lento, roto, problema, pésimo, caro, inaceptable, pessimo, terribile, deluso, lento, rotto, péssimo, ruim, decepcionado, slecht, verschrikkelijk, teleurgesteld, traag, kapot"
export const urgentWords =
  "urgent, urgently, asap, as soon as possible, immediately, emergency, critical, right now, right away, at once, outage, is down, are down, production down, production stopped, production is down, blocked, blocking, cannot work, can't work, all users, all customers, data loss, lost data, security breach, breach, hacked, leak, deadline, by today, until today, today at the latest, still today, within the hour, by tomorrow, before tomorrow, top priority, escalate, legal action, lawyer, stopped working completely, losing money, every minute, fire, injured, " +
  "dringend, sofort, umgehend, eilig, notfall, unverzüglich, schnellstmöglich, heute noch, produktion steht, ausfall, frist, urgence, immédiatement, tout de suite, au plus vite, dès aujourd'hui, urgente, inmediatamente, cuanto antes, emergencia, hoy mismo, lo antes posible, subito, immediatamente, imediatamente, spoed, onmiddellijk, zo snel mogelijk"
export const calmWords =
  "no rush, not urgent, no hurry, whenever you, when you have time, when you get a chance, at your convenience, just wondering, just curious, minor, cosmetic, typo, fyi, for your information, suggestion, would be nice, someday, nice to have, low priority, small question, feedback, " +
  "nicht dringend, keine eile, hat zeit, wenn sie zeit, bei gelegenheit, kleinigkeit, nicht eilig, pas urgent, pas pressé, quand vous aurez le temps, sans urgence, no es urgente, sin prisa, cuando pueda"
export const negators =
  "not no never none cannot can't don't doesn't didn't isn't wasn't aren't won't wouldn't couldn't hardly without nicht kein keine keinen nie ohne weder ne pas jamais sans aucun nunca sin ningún ninguna non mai senza não nem sem niet geen nooit zonder"

import type { Facts } from "./facts.ts"
import { looks } from "./looks.ts"
import type { Question, ReportKind } from "./report.ts"

type Template = { title: string; questions: readonly Question<Facts>[] }

/** Trust Services Criteria (AICPA TSP section 100, 2017 with the points of focus of 2022), as far as a workspace's data speaks to them. */
const soc2: Template = {
  title: "SOC 2: evidence for the Trust Services Criteria",
  questions: [
    {
      id: "CC5.2",
      title: "Controls over technology are selected and developed",
      looks: [looks.roles, looks.spend],
    },
    {
      id: "CC6.1",
      title: "Logical access is restricted to those who are authorised",
      looks: [looks.roles, looks.sessions, looks.passwords, looks.keysExpire, looks.encryption],
    },
    {
      id: "CC6.2",
      title: "Access is given to who is registered, and taken from who is not",
      looks: [looks.leavers, looks.keysUsed],
    },
    {
      id: "CC6.3",
      title: "Roles follow least privilege and separation of duties",
      looks: [looks.fewAdmins, looks.review],
    },
    {
      id: "CC6.5",
      title: "Data is disposed of when it is no longer needed",
      looks: [looks.retention, looks.erasures],
    },
    {
      id: "CC7.2",
      title: "Operation is watched for what is out of the ordinary",
      looks: [looks.audit, looks.operations],
    },
    {
      id: "CC7.3",
      title: "Events can be examined: the record cannot be changed unseen",
      looks: [looks.audit, looks.sealed],
    },
    { id: "CC8.1", title: "Changes are authorised, tested and approved", looks: [looks.review] },
    { id: "C1.2", title: "Confidential information is disposed of", looks: [looks.retention, looks.holds] },
    {
      id: "P4.2",
      title: "Personal information is kept no longer than needed",
      looks: [looks.retention, looks.minimised],
    },
    { id: "P5.1", title: "People have access to their personal information", looks: [looks.exports] },
  ],
}

/** ISO/IEC 27001:2022, Annex A, as far as a workspace's data speaks to it. */
const iso27001: Template = {
  title: "ISO/IEC 27001:2022: evidence for Annex A",
  questions: [
    { id: "A.5.3", title: "Segregation of duties", looks: [looks.fewAdmins, looks.review] },
    { id: "A.5.15", title: "Access control", looks: [looks.roles] },
    { id: "A.5.16", title: "Identity management", looks: [looks.leavers] },
    {
      id: "A.5.17",
      title: "Authentication information",
      looks: [looks.sessions, looks.passwords, looks.keysExpire],
    },
    { id: "A.5.18", title: "Access rights", looks: [looks.roles, looks.keysUsed] },
    { id: "A.5.33", title: "Protection of records", looks: [looks.sealed, looks.holds] },
    {
      id: "A.5.34",
      title: "Privacy and protection of personal data",
      looks: [looks.minimised, looks.exports, looks.erasures],
    },
    { id: "A.8.2", title: "Privileged access rights", looks: [looks.fewAdmins] },
    { id: "A.8.6", title: "Capacity management", looks: [looks.spend] },
    { id: "A.8.10", title: "Information deletion", looks: [looks.retention, looks.erasures] },
    { id: "A.8.11", title: "Data masking", looks: [looks.minimised] },
    { id: "A.8.15", title: "Logging", looks: [looks.audit, looks.sealed] },
    { id: "A.8.16", title: "Monitoring activities", looks: [looks.operations] },
    { id: "A.8.24", title: "Use of cryptography", looks: [looks.encryption, looks.keyAge] },
    { id: "A.8.32", title: "Change management", looks: [looks.review] },
  ],
}

/** Regulation (EU) 2016/679, as far as a workspace's data speaks to it. */
const gdpr: Template = {
  title: "GDPR: evidence for Regulation (EU) 2016/679",
  questions: [
    { id: "Art. 5(1)(c)", title: "Data minimisation", looks: [looks.minimised] },
    { id: "Art. 5(1)(e)", title: "Storage limitation", looks: [looks.retention, looks.holds] },
    { id: "Art. 5(2)", title: "Accountability", looks: [looks.audit, looks.sealed] },
    { id: "Art. 15, 20", title: "Access and portability", looks: [looks.exports] },
    { id: "Art. 17", title: "Erasure", looks: [looks.erasures] },
    { id: "Art. 22", title: "Decisions are not left to automation alone", looks: [looks.people] },
    {
      id: "Art. 25",
      title: "Data protection by design and by default",
      looks: [looks.minimised, looks.roles],
    },
    {
      id: "Art. 32",
      title: "Security of processing",
      looks: [looks.encryption, looks.sessions, looks.passwords, looks.keysExpire],
    },
  ],
}

export const templates: Record<ReportKind, Template> = { soc2, iso27001, gdpr }

/** What no report of this kind can say, and so says that it does not. */
export const limits = [
  "This is what the data of one workspace shows at one moment. It is no certificate, no audit opinion and no legal advice.",
  "Controls that are not listed, and everything outside this product, must be shown by other means.",
  "“Not shown” means that the data does not show it, not that it is not so.",
] as const

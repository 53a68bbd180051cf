import type { Language } from "../render.ts";

export const de: Language = {
  words: { approved: "genehmigt", rejected: "abgelehnt" },
  templates: {
    welcome: {
      subject: "Willkommen, {{firstName}}",
      text: "Hallo {{firstName}},\n\nwillkommen bei uns. Dein erster Tag ist der {{startOn|date}}.\n\n{{link}}",
    },
    "overtime-to-approve": {
      subject: "Überstunden von {{about}} warten auf dich",
      text: "Hallo {{firstName}},\n\n{{about}} hat am {{workdayOn|date}} {{minutes}} Minuten Überstunden ({{policy}}). Bitte genehmige sie oder lehne sie ab.\n\nAntrag {{requestId}}\n{{link}}",
    },
    "leave-to-approve": {
      subject: "Urlaub von {{about}} wartet auf dich",
      text: "Hallo {{firstName}},\n\n{{about}} beantragt Urlaub. {{summary}}. Bitte genehmige ihn oder lehne ihn ab.\n\nAntrag {{requestId}}\n{{link}}",
    },
    "correction-to-approve": {
      subject: "Eine Korrektur wartet auf dich",
      text: "Hallo {{firstName}},\n\nkorrigierte Buchungen von {{people}} Personen warten auf deine Entscheidung: {{summary}}.\n\nAntrag {{requestId}}\n{{link}}",
    },
    "pay-run-to-approve": {
      subject: "Der Lohnlauf {{periodId}} wartet auf Freigabe",
      text: "Hallo {{firstName}},\n\n{{summary}}. Bitte prüfe ihn und gib ihn frei oder weise ihn zurück.\n\nAntrag {{requestId}}\n{{link}}",
    },
    escalation: {
      subject: "Noch nicht entschieden: {{summary}}",
      text: "Hallo {{firstName}},\n\ndas wurde nicht rechtzeitig entschieden, jetzt darfst du es entscheiden: {{summary}}.\n\nAntrag {{requestId}}\n{{link}}",
    },
    "overtime-decided": {
      subject: "Deine Überstunden vom {{workdayOn|date}} wurden {{decision|word}}",
      text: "Hallo {{firstName}},\n\n{{minutes}} Minuten Überstunden am {{workdayOn|date}} ({{policy}}) wurden {{decision|word}}.\n\n{{note}}\n\n{{link}}",
    },
    "leave-decided": {
      subject: "Dein Urlaub wurde {{decision|word}}",
      text: "Hallo {{firstName}},\n\ndein Urlaubsantrag wurde {{decision|word}}.\n\n{{note}}\n\nUrlaub {{leaveId}}\n{{link}}",
    },
    "correction-decided": {
      subject: "Eine Korrektur deiner Buchungen wurde {{decision|word}}",
      text: "Hallo {{firstName}},\n\neine Korrektur deiner Buchungen wurde {{decision|word}}: {{summary}}.\n\n{{note}}\n\nAntrag {{requestId}}\n{{link}}",
    },
    "pay-estimated": {
      subject: "Dein Lohn für {{periodId}} hat sich bisher geändert",
      text: "Hallo {{firstName}},\n\nwas für {{periodId}} bisher zusammenkommt, hat sich geändert: {{because}}. Der Betrag steht in Clockleaf, nicht in dieser Nachricht.\n\n{{link}}",
    },
    "payslip-ready": {
      subject: "Deine Abrechnung für {{periodId}} ist da",
      text: "Hallo {{firstName}},\n\ndeine Abrechnung für {{periodId}} liegt in Clockleaf bereit.\n\nDokument {{documentId}}\n{{link}}",
    },
    "payment-sent": {
      subject: "Dein Lohn für {{periodId}} ist unterwegs",
      text: "Hallo {{firstName}},\n\ndein Lohn für {{periodId}} ist bei der Bank und soll am {{payOn|date}} eintreffen.\n\n{{link}}",
    },
    "gateway-alarm": {
      subject: "Alarm: {{alarm}} bei {{site}}/{{gateway}}",
      text: "Gateway {{gateway}} am Standort {{site}}: {{alarm}}.\n\n{{detail}}\n\n{{link}}",
    },
    "dead-letters": {
      subject: "Alarm: {{consumer}} konnte eine Nachricht nicht verarbeiten",
      text: "{{consumer}} hat eine Nachricht beiseitegelegt: {{code}}.\n\n{{reason}}\n\nJe Verbraucher kommt höchstens eine Mail in der Stunde; der Stream DLQ enthält alle.\n{{link}}",
    },
    "delivery-uncertain": {
      subject: "Alarm: eine Nachricht ging vielleicht hinaus, vielleicht nicht",
      text: "Nachricht {{notificationId}} ({{about}}, über {{sentBy}}) ging vielleicht hinaus, vielleicht nicht: {{reason}}.\n\nSie wird von selbst nicht noch einmal gesendet. Frag nach, oder sende sie erneut: POST /api/v1/notifications/{{notificationId}}/resend\n{{link}}",
    },
    "webhook-disabled": {
      subject: "Alarm: Webhook zu {{host}} wurde abgeschaltet",
      text: "An {{host}} wird nichts mehr gesendet ({{about}}): {{because}}.\n\ngone = die Gegenstelle antwortete 410; failing = sie hat seit Tagen nichts angenommen. Es geht nichts verloren: Wieder eingeschaltet macht der Webhook weiter, wo er aufhörte.\n\nPOST /api/v1/webhooks/{{webhookId}}/enable\n{{link}}",
    },
  },
};

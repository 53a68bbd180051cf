import type { Language } from "../render.ts";

export const en: Language = {
  words: { approved: "approved", rejected: "rejected" },
  templates: {
    welcome: {
      subject: "Welcome, {{firstName}}",
      text: "Hello {{firstName}},\n\nwelcome on board. Your first day is {{startOn|date}}.\n\n{{link}}",
    },
    "overtime-to-approve": {
      subject: "Overtime of {{about}} waits for you",
      text: "Hello {{firstName}},\n\n{{about}} has {{minutes}} minutes of overtime on {{workdayOn|date}} ({{policy}}). Please approve or reject it.\n\nRequest {{requestId}}\n{{link}}",
    },
    "leave-to-approve": {
      subject: "Leave of {{about}} waits for you",
      text: "Hello {{firstName}},\n\n{{about}} asks for leave. {{summary}}. Please approve or reject it.\n\nRequest {{requestId}}\n{{link}}",
    },
    "correction-to-approve": {
      subject: "A correction waits for you",
      text: "Hello {{firstName}},\n\ncorrected punches of {{people}} people wait for your decision: {{summary}}.\n\nRequest {{requestId}}\n{{link}}",
    },
    "pay-run-to-approve": {
      subject: "The pay run of {{periodId}} waits for approval",
      text: "Hello {{firstName}},\n\n{{summary}}. Please look at it and approve or reject it.\n\nRequest {{requestId}}\n{{link}}",
    },
    escalation: {
      subject: "Nobody has decided yet: {{summary}}",
      text: "Hello {{firstName}},\n\nthis was not decided in time, and you may decide it now: {{summary}}.\n\nRequest {{requestId}}\n{{link}}",
    },
    "overtime-decided": {
      subject: "Your overtime of {{workdayOn|date}} was {{decision|word}}",
      text: "Hello {{firstName}},\n\n{{minutes}} minutes of overtime on {{workdayOn|date}} ({{policy}}) were {{decision|word}}.\n\n{{note}}\n\n{{link}}",
    },
    "leave-decided": {
      subject: "Your leave was {{decision|word}}",
      text: "Hello {{firstName}},\n\nyour request for leave was {{decision|word}}.\n\n{{note}}\n\nLeave {{leaveId}}\n{{link}}",
    },
    "correction-decided": {
      subject: "A correction of your punches was {{decision|word}}",
      text: "Hello {{firstName}},\n\na correction of your punches was {{decision|word}}: {{summary}}.\n\n{{note}}\n\nRequest {{requestId}}\n{{link}}",
    },
    "pay-estimated": {
      subject: "Your pay for {{periodId}} so far has changed",
      text: "Hello {{firstName}},\n\nwhat {{periodId}} comes to by now has changed: {{because}}. The figure is in Clockleaf, not in this message.\n\n{{link}}",
    },
    "payslip-ready": {
      subject: "Your payslip for {{periodId}} is ready",
      text: "Hello {{firstName}},\n\nyour payslip for {{periodId}} is ready in Clockleaf.\n\nDocument {{documentId}}\n{{link}}",
    },
    "payment-sent": {
      subject: "Your pay for {{periodId}} is on its way",
      text: "Hello {{firstName}},\n\nyour pay for {{periodId}} was handed to the bank, to arrive on {{payOn|date}}.\n\n{{link}}",
    },
    "gateway-alarm": {
      subject: "Alarm: {{alarm}} at {{site}}/{{gateway}}",
      text: "Gateway {{gateway}} at site {{site}}: {{alarm}}.\n\n{{detail}}\n\n{{link}}",
    },
    "dead-letters": {
      subject: "Alarm: {{consumer}} could not process a message",
      text: "{{consumer}} put a message aside as a dead letter: {{code}}.\n\n{{reason}}\n\nAt most one mail an hour is sent for each consumer; the stream DLQ holds all of them.\n{{link}}",
    },
    "delivery-uncertain": {
      subject: "Alarm: a message may or may not have been sent",
      text: "Message {{notificationId}} ({{about}}, by {{sentBy}}) may or may not have been sent: {{reason}}.\n\nIt is not sent again by itself. Ask the recipient, or send it again: POST /api/v1/notifications/{{notificationId}}/resend\n{{link}}",
    },
    "webhook-disabled": {
      subject: "Alarm: webhook to {{host}} was switched off",
      text: "Nothing is sent to {{host}} any more ({{about}}): {{because}}.\n\ngone = it answered 410; failing = it has taken nothing for days. Nothing is lost: once it is mended, switch it on again and it goes on where it stopped.\n\nPOST /api/v1/webhooks/{{webhookId}}/enable\n{{link}}",
    },
  },
};

// Refusals in words. Codes are stable; what is not named here falls back to what the server says.
import { i18n } from "@lingui/core";

type Refusal = { code: string; status: number; detail?: string | null; title?: string };

const WORDS: Record<string, () => string> = {
  wrong_credentials: () => i18n.t("This name and password do not fit together. Check both."),
  suspended: () => i18n.t("This account is suspended. Ask your administrator."),
  too_many_attempts: () => i18n.t("Too many attempts. Wait a few minutes, then try again."),
  rate_limited: () => i18n.t("Too many requests. Wait a moment, then try again."),
  username_taken: () => i18n.t("This user name is taken."),
  username_length: () => i18n.t("Use 3 to 30 characters."),
  username_characters: () =>
    i18n.t("Use 3 to 30 letters, digits, dots, dashes or underscores, beginning with a letter or digit."),
  username_reserved: () => i18n.t("This user name is reserved. Choose another."),
  email_taken: () => i18n.t("There is already an account with this email address."),
  email_invalid: () => i18n.t("This does not look like an email address."),
  domain_not_allowed: () => i18n.t("This server does not accept addresses of this domain."),
  email_not_verified: () => i18n.t("Confirm your email address first: follow the link in the mail we sent."),
  password_too_short: () => i18n.t("Use at least 10 characters."),
  password_too_long: () => i18n.t("Use at most 200 characters."),
  password_too_weak: () => i18n.t("This password is easy to guess. Add another word or two."),
  wrong_password: () => i18n.t("That password is not right."),
  invitation_invalid: () => i18n.t("This invitation is used up or out of date. Ask for a new one."),
  invitation_required: () => i18n.t("You need an invitation to register here."),
  registration_closed: () => i18n.t("This server does not take new accounts."),
  token_invalid: () => i18n.t("This link is used up or out of date. Ask for a new one."),
  already_set_up: () => i18n.t("This server has an administrator already. Sign in instead."),
  last_admin: () => i18n.t("This is the last administrator. Make somebody else administrator first."),
  last_owner: () => i18n.t("You own this group. Make somebody else the owner before you leave."),
  too_late: () => i18n.t("It is too late to delete this message for everyone."),
  too_many_reactions: () => i18n.t("This message has as many different reactions as it can carry."),
  too_long: () => i18n.t("This is too long. Shorten it."),
  body_too_long: () => i18n.t("This is too long. Shorten it."),
  body_empty: () => i18n.t("Write something first."),
  reply_not_found: () => i18n.t("The message you reply to is not there any more. Send it without the quote."),
  message_deleted: () => i18n.t("This message was deleted in the meantime."),
  too_many_members: () => i18n.t("A group can have up to 1,000 members."),
  title_empty: () => i18n.t("Give the group a name."),
  conversation_not_found: () => i18n.t("You are not in this conversation any more."),
  message_not_found: () => i18n.t("This message is not there any more."),
  not_enough_money: () => i18n.t("There is too little in the wallet. Top it up, then try again."),
  no_payment_provider: () => i18n.t("Real money comes from an administrator of this server."),
  amount_invalid: () => i18n.t("This amount is not possible."),
  owes_more: () => i18n.t("More than that is owed already."),
  opted_out: () => i18n.t("They replied STOP. You can write again when they send START."),
  suppressed: () => i18n.t("An administrator of this server keeps this number from being texted. Ask them."),
  fictional_number: () => i18n.t("This number exists in films only. Check it."),
  cannot_be_answered: () => i18n.t("A name cannot be answered."),
  number_released: () => i18n.t("This number is not yours any more. Text from another one."),
  number_unpaid: () => i18n.t("This number is not paid for. Renew it, then write again; until then it still receives."),
  number_without_texts: () => i18n.t("This number cannot send texts. Use another one."),
  price_too_high: () => i18n.t("It costs more than it did. Look at the price again; nothing was charged."),
  text_too_long: () => i18n.t("A text can have up to 10 segments. Shorten it."),
  already_sent: () => i18n.t("It is on its way already and cannot be taken back."),
  readers_only_read: () => i18n.t("This number is shared with you to read."),
  not_a_number: () => i18n.t("This is not a phone number. Write it with + and the country's code."),
  own_number: () => i18n.t("This is your own number. Text somebody else."),
  number_gone: () => i18n.t("Somebody else has it. Choose another one; nothing was charged."),
  too_many_numbers: () => i18n.t("You own as many numbers as one can. Release one first."),
  paid_far_ahead: () => i18n.t("It is paid for a year ahead already."),
  too_many_shares: () => i18n.t("A number is shared with up to 100 people."),
  airplane_mode: () => i18n.t("Airplane mode is on. Switch it off, then send again."),
  not_acquainted: () => i18n.t("A handset texts your own numbers only, and those shared with you."),
  too_many_handsets: () => i18n.t("You have as many handsets as one can. Delete one first."),
  no_numbers: () => i18n.t("There are no handsets left in this country. Choose another one."),
  picture_too_large: () => i18n.t("This picture is too large. Use one of up to 5 MB."),
  picture_invalid: () => i18n.t("This picture cannot be read. Use a PNG, JPEG or WebP file."),
};

function isRefusal(error: unknown): error is { problem: Refusal } {
  return typeof error === "object" && error !== null && "problem" in error;
}

export function codeText(code: string, fallback?: string | null): string {
  return WORDS[code]?.() ?? (fallback || i18n.t("The server refused this."));
}

/** A sentence for any failure of a request. */
export function problemText(error: unknown): string {
  if (!isRefusal(error)) return i18n.t("The server did not answer. Check your connection and try again.");
  const { code, status, detail, title } = error.problem;
  if (WORDS[code]) return codeText(code);
  if (status >= 500) return i18n.t("The server could not do this right now. Try again in a moment.");
  return codeText(code, detail || title);
}

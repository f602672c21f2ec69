// The objects of the HTTP interface, from its description. `schema.d.ts` is generated and never edited.
import type { components } from "./schema";

type Schemas = components["schemas"];

/** The server always sends every field; what has no value is null. */
type Sent<T> = T extends (infer Item)[]
  ? Sent<Item>[]
  : T extends object
    ? { [Key in keyof T]-?: Sent<Exclude<T[Key], undefined>> }
    : T;

export type Role = Schemas["Role"];
export type MemberRole = Schemas["MemberRole"];
export type User = Sent<Schemas["User"]>;
export type Me = Sent<Schemas["Me"]>;
export type Reaction = Sent<Schemas["Reaction"]>;
export type SystemEventName = Schemas["SystemEvent"];
export type SystemLine = Sent<Schemas["SystemLine"]>;
export type Delivery = Sent<Schemas["Delivery"]>;
export type DeliveryState = Schemas["DeliveryState"];
export type Message = Sent<Schemas["Message"]>;
export type Line = Sent<Schemas["Line"]>;
export type Lowest = Sent<Schemas["Lowest"]>;
export type Member = Sent<Schemas["Member"]>;
export type Mine = Sent<Schemas["Mine"]>;
export type ConversationFacts = Sent<Schemas["ConversationSummary"]>;
export type Conversation = Sent<Schemas["Conversation"]>;
export type ConversationView = Sent<Schemas["ConversationView"]>;
export type ConversationPage = Sent<Schemas["ConversationPage"]>;
export type MemberPage = Sent<Schemas["MemberPage"]>;
export type MessagePage = Sent<Schemas["MessagePage"]>;
export type Changes = Sent<Schemas["Changes"]>;
export type Head = Sent<Schemas["Head"]>;
export type Heads = Sent<Schemas["Heads"]>;
export type Edit = Sent<Schemas["MessageEdit"]>;
export type ReceiptAt = Sent<Schemas["ReceiptAt"]>;
export type Receipts = Sent<Schemas["MessageReceipts"]>;
export type AuthOptions = Sent<Schemas["AuthOptions"]>;
export type UsernameCheck = Sent<Schemas["UsernameAnswer"]>;
export type PasswordCheck = Sent<Schemas["PasswordAnswer"]>;
export type InvitationCheck = Sent<Schemas["InvitationAnswer"]>;
export type LoginSession = Sent<Schemas["SessionInfo"]>;
export type AdminUser = Sent<Schemas["AdminUser"]>;
export type AdminUserPage = Sent<Schemas["AdminUserList"]>;
export type Invitation = Sent<Schemas["Invitation"]>;
export type Mail = Sent<Schemas["Mail"]>;
export type MailPage = Sent<Schemas["MailList"]>;
export type AdminCarrier = Sent<Schemas["AdminCarrier"]>;
export type CarrierSettings = Schemas["CarrierSettings"];
export type WalletMode = Schemas["Mode"];
export type Wallet = Sent<Schemas["Wallet"]>;
export type WalletList = Sent<Schemas["WalletList"]>;
export type Transfer = Sent<Schemas["Transferred"]>;
export type TransferPage = Sent<Schemas["TransferList"]>;
export type PhoneNumber = Sent<Schemas["PhoneNumber"]>;
export type NumberList = Sent<Schemas["NumberList"]>;
export type HandsetMessage = Sent<Schemas["HandsetMessage"]>;
/** What one segment to the other side of a conversation costs. */
export type TextPrice = { segment_micros: number; currency: string; mode: WalletMode };
export type NumberCountry = Sent<Schemas["CountryOfNumbers"]>;
export type NumberOffer = Sent<Schemas["NumberOffer"]>;
export type OfferPage = Sent<Schemas["OfferList"]>;
export type NumberRole = Schemas["NumberRole"];
export type NumberShares = Sent<Schemas["ShareList"]>;
export type NumberUse = Sent<Schemas["NumberUse"]>;
export type DayOfUse = Sent<Schemas["DayOfUse"]>;
export type Handset = Sent<Schemas["Handset"]>;
export type Verification = Sent<Schemas["ServiceVerification"]>;
export type VerificationPage = Sent<Schemas["VerificationList"]>;
export type VerificationStatus = Schemas["VerificationStatus"];
export type VerificationText = Sent<Schemas["VerificationText"]>;
export type VerificationFigures = Sent<Schemas["VerificationFigures"]>;
export type Figures = Sent<Schemas["Figures"]>;
export type ServiceList = Sent<Schemas["ServiceList"]>;
export type FailedJob = Sent<Schemas["FailedJob"]>;
export type Dashboard = Sent<Schemas["Dashboard"]>;
export type Warning = Sent<Schemas["Warning"]>;
export type Activity = Sent<Schemas["Activity"]>;
export type ActivityPage = Sent<Schemas["ActivityList"]>;
export type SystemHealth = Sent<Schemas["SystemHealth"]>;
export type CarrierHealth = Sent<Schemas["CarrierHealth"]>;
export type Suppression = Sent<Schemas["Suppression"]>;
export type SuppressionPage = Sent<Schemas["SuppressionList"]>;
export type Suppressed = Sent<Schemas["Suppressed"]>;
export type UnknownText = Sent<Schemas["UnknownText"]>;
export type UnknownTextPage = Sent<Schemas["UnknownTextList"]>;

/** Without the refresh token, which a browser gets as a cookie. */
export type Session = Omit<Schemas["Session"], "user"> & { user: Me };

/** A refusal; what is not known is left out. */
export type Problem = Schemas["Problem"];

/** How far somebody has come; part of the live protocol, which the description does not cover. */
export type Position = Pick<Member, "user_id" | "delivered_seq" | "read_seq">;

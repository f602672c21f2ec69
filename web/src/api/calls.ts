// Every call of the HTTP interface that the client makes, one function each, named as the operation.
// Written by hand over `fetch`: renewing a token, time limits and problems need a layer of our own anyway, and the
// shapes are checked all the same, because they come from the generated schema.
import { type Query, request } from "./client";
import type { Draft } from "./events";
import type * as T from "./types";

const open = { anonymous: true } as const;
const id = encodeURIComponent;
type Signal = { signal?: AbortSignal };

// Accounts
export const authOptions = () => request<T.AuthOptions>("GET", "/auth/options", open);
export const setup = (body: {
  token: string;
  username: string;
  email: string;
  password: string;
  full_name?: string;
  language: string;
}) => request<T.Session>("POST", "/setup", { ...open, body: { ...body, cookie: true } });
export const checkUsername = (username: string, { signal }: Signal = {}) =>
  request<T.UsernameCheck>("POST", "/auth/check-username", { ...open, body: { username }, signal });
export const checkPassword = (body: { password: string; username?: string; email?: string }, { signal }: Signal = {}) =>
  request<T.PasswordCheck>("POST", "/auth/check-password", { ...open, body, signal });
export type Registration = {
  email: string;
  username: string;
  password: string;
  full_name?: string;
  /** Of the mails to this person. */
  language: string;
  invitation?: string;
};
export const register = (body: Registration) =>
  request<T.Session | { status: "check_mail" }>("POST", "/auth/register", { ...open, body: { ...body, cookie: true } });
export const verifyEmail = (body: { token: string; password: string }) =>
  request<T.Session>("POST", "/auth/verify-email", { ...open, body: { ...body, cookie: true } });
export const resendVerification = (email: string) =>
  request<unknown>("POST", "/auth/resend-verification", { ...open, body: { email } });
export const login = (body: { login: string; password: string }) =>
  request<T.Session>("POST", "/auth/login", { ...open, body: { ...body, cookie: true } });
export const refresh = () => request<T.Session>("POST", "/auth/refresh", { ...open, body: { cookie: true } });
/** The token is given for a session that is not the one in use. */
export const logout = (token?: string) => request<void>("POST", "/auth/logout", { token });
export const forgotPassword = (email: string) =>
  request<unknown>("POST", "/auth/forgot-password", { ...open, body: { email } });
export const resetPassword = (token: string, password: string) =>
  request<void>("POST", "/auth/reset-password", { ...open, body: { token, password } });
export const checkInvitation = (token: string) =>
  request<T.InvitationCheck>("POST", "/invitations/check", { ...open, body: { token } });

// Me
export const getMe = () => request<T.Me>("GET", "/users/me");
export type ProfileChange = Partial<
  Pick<T.Me, "username" | "full_name" | "about" | "phone" | "time_zone" | "language">
>;
export const updateMe = (body: ProfileChange) => request<T.Me>("PUT", "/users/me", { body });
export const putAvatar = (body: Blob) => request<T.Me>("PUT", "/user/avatar", { body });
export const deleteAvatar = () => request<T.Me>("DELETE", "/user/avatar");
export const changePassword = (body: { current_password: string; new_password: string }) =>
  request<void>("POST", "/user/change-password", { body });
export const listSessions = () => request<{ sessions: T.LoginSession[] }>("GET", "/user/sessions");
export const endSession = (session: string) => request<void>("DELETE", `/user/sessions/${id(session)}`);
export const endOtherSessions = () => request<void>("DELETE", "/user/sessions");
export const findUsers = (search: string, { signal }: Signal = {}) =>
  request<{ users: T.User[] }>("GET", "/users", { query: { search, limit: 20 }, signal });
export const getUser = (user: string) => request<T.User>("GET", `/users/${id(user)}`);

// Administration
export const createInvitation = (body: { max_uses?: number; expires_in_secs?: number }) =>
  request<T.Invitation>("POST", "/invitations", { body });
export const listInvitations = () => request<{ invitations: T.Invitation[] }>("GET", "/invitations");
export const revokeInvitation = (invitation: string) => request<void>("DELETE", `/invitations/${id(invitation)}`);
export const listAccounts = (query: Query) => request<T.AdminUserPage>("GET", "/admin/users", { query });
export const setRole = (user: string, role: T.Role) =>
  request<T.AdminUser>("PUT", `/admin/users/${id(user)}/role`, { body: { role } });
export const suspendUser = (user: string) => request<T.AdminUser>("POST", `/admin/users/${id(user)}/suspend`);
export const restoreUser = (user: string) => request<T.AdminUser>("POST", `/admin/users/${id(user)}/restore`);
export const listMails = (query: Query) => request<T.MailPage>("GET", "/admin/mails", { query });
export const listFailedJobs = () => request<{ jobs: T.FailedJob[] }>("GET", "/admin/jobs");
export const retryParkedJob = (job: string) => request<void>("POST", `/admin/jobs/${id(job)}/retry`);
export const getSystemHealth = () => request<T.SystemHealth>("GET", "/admin/health");
export const listSuppressions = (query: Query, { signal }: Signal = {}) =>
  request<T.SuppressionPage>("GET", "/admin/suppressions", { query, signal });
export const suppressNumbers = (body: { numbers: string[]; country?: string; reason: string }) =>
  request<T.Suppressed>("POST", "/admin/suppressions", { body });
export const unsuppressNumber = (number: string) => request<void>("DELETE", `/admin/suppressions/${id(number)}`);
export const listUnknownTexts = (query: Query) => request<T.UnknownTextPage>("GET", "/admin/texts/unknown", { query });
export const closeText = (text: string) => request<void>("POST", `/admin/texts/${id(text)}/close`);

// At a glance
export const getDashboard = () => request<T.Dashboard>("GET", "/user/dashboard");
export const listActivity = (query: Query) => request<T.ActivityPage>("GET", "/user/activity", { query });

export const listCarriers = () => request<{ carriers: T.AdminCarrier[] }>("GET", "/admin/carriers");
export const saveCarrier = (name: string, body: T.CarrierSettings) =>
  request<T.AdminCarrier>("PUT", `/admin/carriers/${id(name)}`, { body });
export const deleteCarrier = (name: string) => request<void>("DELETE", `/admin/carriers/${id(name)}`);
export type NewNumber = { carrier: string; number: string; user_id: string; monthly_micros: number; label: string };
export const enterNumber = (wish: string, body: NewNumber) =>
  request<T.PhoneNumber>("POST", "/admin/numbers", { body, wish });

// Money. `wish` is sent as the idempotency key: the same wish again costs nothing again.
export const listWallets = () => request<T.WalletList>("GET", "/wallets");
export const listTransfers = (mode: T.WalletMode, query: Query) =>
  request<T.TransferPage>("GET", `/wallets/${mode}/transfers`, { query });
export const topUp = (mode: T.WalletMode, wish: string, amount_micros: number) =>
  request<T.Transfer>("POST", `/wallets/${mode}/top-ups`, { body: { amount_micros }, wish });
export const listWalletsOf = (user: string) => request<T.WalletList>("GET", `/admin/users/${id(user)}/wallets`);
export const adjustWallet = (
  user: string,
  mode: T.WalletMode,
  wish: string,
  body: { amount_micros: number; reason: string },
) => request<T.Transfer>("POST", `/admin/users/${id(user)}/wallets/${mode}/adjustments`, { body, wish });
export const setCreditLimit = (user: string, mode: T.WalletMode, credit_limit_micros: number) =>
  request<T.Wallet>("PUT", `/admin/users/${id(user)}/wallets/${mode}`, { body: { credit_limit_micros } });

// Phone numbers
export const listNumberCountries = () => request<{ countries: T.NumberCountry[] }>("GET", "/numbers/countries");
export const listOffers = (country: string, query: Query, { signal }: Signal = {}) =>
  request<T.OfferPage>("GET", `/numbers/available/${id(country)}`, { query, signal });
export const buyNumber = (wish: string, body: { number: string; carrier: string; max_price_micros: number }) =>
  request<T.PhoneNumber>("POST", "/numbers/purchase", { body, wish });
export const listNumbers = () => request<T.NumberList>("GET", "/numbers/owned");
const num = (number: string, rest = "") => `/numbers/${id(number)}${rest}`;
export const getNumber = (number: string) => request<T.PhoneNumber>("GET", num(number));
export type NumberChange = { label?: string; auto_renew?: boolean; cancelled?: boolean };
export const updateNumber = (number: string, body: NumberChange) =>
  request<T.PhoneNumber>("PATCH", num(number), { body });
export const renewNumber = (number: string, wish: string) =>
  request<T.PhoneNumber>("PUT", num(number, "/renew"), { wish });
export const releaseNumber = (number: string) => request<void>("DELETE", num(number));
export const numberUsage = (number: string, query: { from?: string; to?: string }) =>
  request<T.NumberUse>("GET", num(number, "/usage"), { query });
export const listShares = (number: string) => request<T.NumberShares>("GET", num(number, "/shares"));
export const shareNumber = (number: string, user: string, role: T.NumberRole) =>
  request<void>("PUT", num(number, `/shares/${id(user)}`), { body: { role } });
export const unshareNumber = (number: string, user: string) =>
  request<void>("DELETE", num(number, `/shares/${id(user)}`));

// Verifications: waiting for the code of a service
export const listServices = () => request<T.ServiceList>("GET", "/verifications/services");
export type NewVerification = { service: string; minutes: number } & (
  | { number_id: string }
  | { country: string; carrier: string; max_price_micros: number }
);
export const createVerification = (wish: string, body: NewVerification) =>
  request<T.Verification>("POST", "/verifications/create", { body, wish });
export const listVerifications = (query: Query) => request<T.VerificationPage>("GET", "/verifications", { query });
export const listCodes = (verification: string) =>
  request<{ codes: T.VerificationText[] }>("GET", `/verifications/${id(verification)}/codes`);
export const cancelVerification = (verification: string) =>
  request<void>("DELETE", `/verifications/${id(verification)}`);
export const exportVerifications = (query: Query) =>
  request<string>("GET", "/verifications/export", { query, text: true });
export const verificationFigures = (query: Query) =>
  request<T.VerificationFigures>("GET", "/verifications/stats", { query });
/** Lets the simulated service text its code. */
export const sendSimulatedCode = (verification: string, wish: string, language: string) =>
  request<{ code: string }>("POST", `/simulator/verifications/${id(verification)}/send-code`, {
    body: { language },
    wish,
  });

// Handsets of the simulated world
export const listHandsets = () => request<{ handsets: T.Handset[] }>("GET", "/handsets");
export const createHandset = (body: { country: string; label: string }) =>
  request<T.Handset>("POST", "/handsets", { body });
const hs = (handset: string, rest = "") => `/handsets/${id(handset)}${rest}`;
export type HandsetChange = Partial<Pick<T.Handset, "label" | "airplane" | "latency_ms" | "loss_percent">>;
export const updateHandset = (handset: string, body: HandsetChange) =>
  request<T.Handset>("PATCH", hs(handset), { body });
export const deleteHandset = (handset: string) => request<void>("DELETE", hs(handset));
export const listHandsetMessages = (handset: string, query: { before?: number | null; limit: number }) =>
  request<{ messages: T.HandsetMessage[] }>("GET", hs(handset, "/messages"), { query });
export const sendFromHandset = (handset: string, body: { client_id: string; to: string; text: string }) =>
  request<T.HandsetMessage>("POST", hs(handset, "/messages"), { body });

// Conversations
const conv = (conversation: string, rest = "") => `/conversations/${id(conversation)}${rest}`;
export const listConversations = (query: { archived: boolean; cursor?: string | null; limit?: number }) =>
  request<T.ConversationPage>("GET", "/conversations", { query });
export type NewConversation =
  | { kind: "direct"; participant_ids: [string] }
  | { kind: "group"; title: string; description?: string; participant_ids: string[]; client_id: string }
  | { kind: "sms"; number_id: string; to: string };
export const createConversation = (body: NewConversation) =>
  request<T.ConversationView>("POST", "/conversations", { body });
export const getConversation = (conversation: string) => request<T.ConversationView>("GET", conv(conversation));
export type ConversationChange = { title?: string; description?: string; show_past?: boolean };
export const updateConversation = (conversation: string, body: ConversationChange) =>
  request<T.ConversationView>("PATCH", conv(conversation), { body });
export const putPicture = (conversation: string, body: Blob) =>
  request<T.ConversationView>("PUT", conv(conversation, "/picture"), { body });
export const deletePicture = (conversation: string) =>
  request<T.ConversationView>("DELETE", conv(conversation, "/picture"));
export type MineChange = { muted_until?: string | null; archived?: boolean; pinned?: boolean; marked_unread?: boolean };
export const updateMine = (conversation: string, body: MineChange) =>
  request<T.Mine>("PUT", conv(conversation, "/mine"), { body });
export const listMembers = (conversation: string, cursor?: string | null) =>
  request<T.MemberPage>("GET", conv(conversation, "/members"), { query: { cursor, limit: 100 } });
export const addMembers = (conversation: string, user_ids: string[]) =>
  request<T.ConversationView>("POST", conv(conversation, "/members"), { body: { user_ids } });
export const setMemberRole = (conversation: string, user: string, role: T.MemberRole) =>
  request<T.ConversationView>("PUT", conv(conversation, `/members/${id(user)}`), { body: { role } });
export const removeMember = (conversation: string, user: string) =>
  request<void>("DELETE", conv(conversation, `/members/${id(user)}`));
export const getChanges = (conversation: string, query: { version: number; last_seq: number; mine_version: number }) =>
  request<T.Changes>("GET", conv(conversation, "/changes"), { query });
export const getHeads = (cursor?: string | null) => request<T.Heads>("GET", "/sync", { query: { cursor } });

export const getTextPrice = (conversation: string) => request<T.TextPrice>("GET", conv(conversation, "/text-price"));

// Messages
export type Place = { before?: number; after?: number; around?: number };
export const listMessages = (conversation: string, place: Place, limit: number) =>
  request<T.MessagePage>("GET", conv(conversation, "/messages"), { query: { ...place, limit } });
export const sendMessage = (conversation: string, body: Draft) =>
  request<T.Message>("POST", conv(conversation, "/messages"), { body });
const msg = (conversation: string, seq: number, rest = "") => conv(conversation, `/messages/${seq}${rest}`);
export const getMessage = (conversation: string, seq: number) => request<T.Message>("GET", msg(conversation, seq));
export const editMessage = (conversation: string, seq: number, body: string) =>
  request<T.Message>("PATCH", msg(conversation, seq), { body: { body } });
export const deleteMessage = (conversation: string, seq: number, whom: "me" | "everyone") =>
  request<void>("DELETE", msg(conversation, seq), { query: { for: whom } });
export const cancelMessage = (conversation: string, seq: number) =>
  request<T.Message>("POST", msg(conversation, seq, "/cancel"));
export const messageHistory = (conversation: string, seq: number) =>
  request<{ edits: T.Edit[] }>("GET", msg(conversation, seq, "/history"));
export const messageReceipts = (conversation: string, seq: number) =>
  request<T.Receipts>("GET", msg(conversation, seq, "/receipts"));
export const addReaction = (conversation: string, seq: number, emoji: string) =>
  request<T.Message>("PUT", msg(conversation, seq, `/reactions/${id(emoji)}`));
export const removeReaction = (conversation: string, seq: number, emoji: string) =>
  request<T.Message>("DELETE", msg(conversation, seq, `/reactions/${id(emoji)}`));
export const sendReceipt = (conversation: string, body: { delivered_seq?: number; read_seq?: number }) =>
  request<void>("POST", conv(conversation, "/receipt"), { body });

// Small people and conversations for tests.
import type { Conversation, DeliveryState, Member, Message, Mine, PhoneNumber, User } from "../api/types";
import { applyConversation, applyPage } from "../realtime/apply-answer";
import { type ChatState, emptyState } from "../realtime/state";

export const ME = "usr_me";
export const ANA = "usr_ana";
export const ID = "conv_1";
const AT = "2026-11-21T09:00:00.000000Z";

export const user = (id: string): User => ({
  id,
  username: id.slice(4),
  full_name: id.slice(4).toUpperCase(),
  about: "",
  avatar_url: null,
});

export const member = (user_id: string, over: Partial<Member> = {}): Member => ({
  user_id,
  role: "member",
  active: true,
  joined_at: AT,
  delivered_seq: 0,
  read_seq: 0,
  ...over,
});

export const mine = (over: Partial<Mine> = {}): Mine => ({
  conversation_id: ID,
  mine_version: 1,
  muted_until: null,
  archived_at: null,
  pinned_at: null,
  marked_unread: false,
  delivered_seq: 0,
  read_seq: 0,
  hidden_seqs: [],
  ...over,
});

export const message = (seq: number, over: Partial<Message> = {}): Message => ({
  conversation_id: ID,
  seq,
  version: seq,
  kind: "text",
  sender_id: ANA,
  client_id: `client-${seq}`,
  body: `message ${seq}`,
  system: null,
  reply_to_seq: null,
  reactions: [],
  created_at: AT,
  edited_at: null,
  deleted_at: null,
  delivery: null,
  ...over,
});

export const conversation = (over: Partial<Conversation> = {}): Conversation => ({
  id: ID,
  kind: "group",
  title: "Team",
  description: "",
  picture_url: null,
  line: null,
  show_past: false,
  member_count: 2,
  last_seq: 0,
  created_at: AT,
  version: 0,
  my_role: "member",
  members: [member(ME), member(ANA, { role: "owner" })],
  lowest: { delivered_seq: 0, read_seq: 0 },
  unread_count: 0,
  last_message: null,
  mine: mine(),
  ...over,
});

export const smsConversation = (over: Partial<Conversation> = {}): Conversation =>
  conversation({
    kind: "sms",
    title: null,
    line: { number_id: "num_1", number: "+12125550100", party: "+14155550142", opted_out_at: null },
    ...over,
  });

/** A text of ours; from the phone with `sender_id: null`. */
export const text = (seq: number, state: DeliveryState = "delivered", over: Partial<Message> = {}): Message =>
  message(seq, {
    sender_id: ME,
    delivery: { state, failure: null, segments: 1, price_micros: 7900, due_at: null },
    ...over,
  });

export const phoneNumber = (over: Partial<PhoneNumber> = {}): PhoneNumber => ({
  id: "num_1",
  number: "+12125550100",
  owner_id: ME,
  my_role: "owner",
  carrier: "simulator",
  mode: "test",
  country: "US",
  kind: "local",
  area_code: "212",
  place: null,
  operator: null,
  sms: true,
  mms: false,
  voice: true,
  monthly_micros: 1_150_000,
  state: "owned",
  label: "Support",
  auto_renew: true,
  created_at: AT,
  paid_until: "2999-01-01T00:00:00Z",
  grace_until: null,
  cancelled_at: null,
  version: 1,
  ...over,
});

/** A conversation with `count` messages of Ana, all loaded, nothing read. */
export function loadedState(count: number, over: Partial<Conversation> = {}): ChatState {
  const messages = Array.from({ length: count }, (_, index) => message(index + 1));
  const view = {
    conversation: conversation({
      version: count,
      last_seq: count,
      unread_count: count,
      last_message: messages.at(-1) ?? null,
      ...over,
    }),
    users: [user(ME), user(ANA)],
  };
  const { state } = applyConversation(emptyState(ME), view);
  const page = { version: count, last_seq: count, messages, users: [], has_before: false, has_after: false };
  return applyPage(state, ID, page, "replace");
}

// The objects of the HTTP interface and of the live protocol, named as the server names them.

export type Role = "user" | "admin";
export type MemberRole = "owner" | "admin" | "member";

export type User = { id: string; username: string; full_name: string; about: string; avatar_url: string | null };

export type Me = User & {
  email: string;
  email_verified: boolean;
  phone: string | null;
  role: Role;
  time_zone: string | null;
  language: string | null;
  created_at: string;
  user_version: number;
};

export type Session = {
  access_token: string;
  expires_in_secs: number;
  refresh_token?: string | null;
  session_id: string;
  user: Me;
};

export type Reaction = { emoji: string; user_ids: string[] };

export type SystemEventName =
  | "group_created"
  | "member_added"
  | "member_removed"
  | "member_left"
  | "role_changed"
  | "title_changed"
  | "description_changed"
  | "picture_changed"
  | "owner_changed"
  | "past_shown"
  | "past_hidden";

export type SystemLine = {
  event: SystemEventName;
  actor_id: string | null;
  user_ids: string[];
  text: string | null;
};

export type Message = {
  conversation_id: string;
  seq: number;
  version: number;
  kind: "text" | "system";
  sender_id: string | null;
  client_id: string | null;
  body: string;
  system: SystemLine | null;
  reply_to_seq: number | null;
  reactions: Reaction[];
  created_at: string;
  edited_at: string | null;
  deleted_at: string | null;
};

export type Position = { user_id: string; delivered_seq: number; read_seq: number };
export type Lowest = { delivered_seq: number; read_seq: number };

export type Member = Position & { role: MemberRole; active: boolean; joined_at: string };

export type Mine = {
  conversation_id: string;
  mine_version: number;
  muted_until: string | null;
  archived_at: string | null;
  pinned_at: string | null;
  marked_unread: boolean;
  delivered_seq: number;
  read_seq: number;
  hidden_seqs: number[];
};

/** What everyone in a conversation sees alike. */
export type ConversationFacts = {
  id: string;
  kind: "direct" | "group";
  title: string | null;
  description: string | null;
  picture_url: string | null;
  show_past: boolean;
  member_count: number;
  last_seq: number;
};

export type Conversation = ConversationFacts & {
  created_at: string;
  version: number;
  my_role: MemberRole;
  members: Member[] | null;
  lowest: Lowest;
  unread_count: number;
  last_message: Message | null;
  mine: Mine;
};

export type ConversationView = { conversation: Conversation; users: User[] };
export type ConversationPage = { conversations: Conversation[]; users: User[]; next_cursor: string | null };
export type MemberPage = { members: Member[]; users: User[]; next_cursor: string | null };

export type MessagePage = {
  version: number;
  last_seq: number;
  messages: Message[];
  users: User[];
  has_before: boolean;
  has_after: boolean;
};

export type Changes = {
  version: number;
  last_seq: number;
  reset: boolean;
  conversation: ConversationFacts;
  messages: Message[];
  members: Member[];
  users: User[];
  mine: Mine | null;
  unread_count: number;
  lowest: Lowest;
};

export type Head = {
  conversation_id: string;
  version: number;
  last_seq: number;
  mine_version: number;
  removed: boolean;
};
export type Heads = { heads: Head[]; user_version: number; next_cursor: string | null };

export type Edit = { body: string; replaced_at: string };
export type ReceiptAt = { user_id: string; at: string };
export type Receipts = { read: ReceiptAt[]; delivered: ReceiptAt[]; pending: string[]; users: User[] };

export type Problem = {
  type?: string;
  title: string;
  status: number;
  code: string;
  detail?: string | null;
  request_id?: string | null;
  field?: string | null;
};

export type AuthOptions = {
  registration: "open" | "domain" | "invitation" | "closed";
  domains: string[];
  mail: boolean;
  setup_required: boolean;
  languages: string[];
};
export type UsernameCheck = { available: boolean; code?: string | null };
export type PasswordCheck = { score: number; acceptable: boolean; code?: string | null; warning?: string | null };
export type InvitationCheck = { valid: boolean; invited_by?: string | null };

export type LoginSession = {
  id: string;
  current: boolean;
  user_agent: string | null;
  ip: string | null;
  created_at: string;
  last_used_at: string;
};

export type AdminUser = User & {
  email: string;
  email_verified: boolean;
  role: Role;
  suspended_at: string | null;
  created_at: string;
};
export type AdminUserPage = { users: AdminUser[]; next_cursor: string | null };

export type Invitation = {
  id: string;
  url?: string | null;
  expires_at: string;
  max_uses: number;
  uses: number;
  created_at?: string;
  revoked_at?: string | null;
};

export type Mail = { id: string; to: string; subject: string; text: string; created_at: string };
export type MailPage = { enabled: boolean; mails: Mail[]; next_cursor: string | null };

// The frames of the live protocol, as the server sends them.
import type {
  ConversationFacts,
  HandsetMessage,
  Heads,
  Lowest,
  Member,
  Message,
  Mine,
  PhoneNumber,
  Position,
  Problem,
  User,
  Verification,
  Wallet,
} from "./types";

export type Hello = {
  type: "hello";
  user_id: string;
  session_id: string;
  user_version: number;
  ping_secs: number;
  sync_secs: number;
};

/** What is sent, over either way. */
export type Draft = {
  client_id: string;
  body: string;
  reply_to_seq?: number;
  note?: boolean;
  due_in_ms?: number;
  max_price_micros?: number;
};

type Versioned = { conversation_id: string; version: number };

/** Events that take a place in a conversation's chain of versions. */
export type ChainEvent =
  | (Versioned & { type: "message.created"; message: Message; sender_position?: Position | null })
  | (Versioned & { type: "message.updated"; message: Message })
  | (Versioned & { type: "receipt.updated"; positions?: Position[] | null; lowest?: Lowest | null })
  | (Versioned & {
      type: "conversation.updated";
      conversation: ConversationFacts;
      members: Member[];
      users: User[];
    })
  | (Versioned & { type: "conversation.version" });

export type ServerEvent =
  | ChainEvent
  | (Versioned & { type: "conversation.created" })
  | { type: "conversation.removed"; conversation_id: string }
  | { type: "mine.updated"; conversation_id?: string; mine: Mine }
  | { type: "user.updated"; user_version: number }
  | { type: "wallet.updated"; wallet: Wallet }
  | { type: "number.updated"; number: PhoneNumber }
  | { type: "verification.updated"; verification: Verification }
  | { type: "handset.message"; message: HandsetMessage }
  | { type: "typing"; conversation_id: string; user_id: string }
  | { type: "sync" };

export type ControlFrame =
  | Hello
  | { type: "reconnect"; after_ms: number }
  | { type: "session.ended"; reason: string }
  | ({ type: "ok"; ref: string | number } & { message?: Message; repeated?: boolean } & Partial<Heads>)
  | { type: "error"; ref?: string | number | null; problem: Problem };

export type ServerFrame = ServerEvent | ControlFrame;

export type ClientFrame =
  | ({ type: "message.send"; conversation_id: string } & Draft)
  | { type: "message.edit"; conversation_id: string; seq: number; body: string }
  | { type: "receipt"; conversation_id: string; delivered_seq?: number; read_seq?: number }
  | { type: "typing"; conversation_id: string }
  | { type: "sync"; cursor?: string }
  | { type: "ping" };

-- Of two reactions of one person in the same moment none came first: everybody is told of them in one order all the same.

drop view messages_with_reactions;
create view messages_with_reactions as
select m.conversation_id, m.seq, m.version, m.changed, m.kind, m.sender_id, m.client_id, m.body, m.system, m.reply_to_seq,
       m.created_at, m.edited_at, m.deleted_at,
       (select json_group_array(json_array(r.emoji, lower(hex(r.user_id))) order by r.created_at, r.user_id, r.emoji)
          from reactions r where r.conversation_id = m.conversation_id and r.seq = m.seq) as reactions
  from messages m;

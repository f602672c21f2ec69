import { expect, it } from "vitest";
import { phoneNumber, smsConversation } from "../../../test/chat-fixtures";
import { obstacleOf } from "./may-text";

const NOW = Date.parse("2026-11-21T10:00:00Z");
const paid = phoneNumber({ paid_until: "2026-12-01T00:00:00Z" });
const line = (over: object) => ({ line: { ...smsConversation().line!, ...over } });

it("can be texted while the number is paid for and they have not said STOP", () => {
  expect(obstacleOf(smsConversation(), paid, NOW)).toBeNull();
  expect(obstacleOf(smsConversation(), undefined, NOW)).toBeNull();
});

it("cannot be texted for a reason that is told", () => {
  expect(obstacleOf(smsConversation({ my_role: "reader" }), paid, NOW)).toBe("reader");
  expect(obstacleOf(smsConversation(), null, NOW)).toBe("released");
  expect(obstacleOf(smsConversation(line({ party: "Acme Bank" })), paid, NOW)).toBe("name");
  expect(obstacleOf(smsConversation(line({ opted_out_at: "2026-05-03T09:00:00Z" })), paid, NOW)).toBe("opted_out");
  expect(obstacleOf(smsConversation(), phoneNumber({ paid_until: "2026-11-21T09:00:00Z" }), NOW)).toBe("unpaid");
  expect(obstacleOf(smsConversation(), { ...paid, sms: false }, NOW)).toBe("no_texts");
});

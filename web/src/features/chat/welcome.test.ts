import { expect, it } from "vitest";
import { ANA, conversation, ME, member, smsConversation } from "../../test/chat-fixtures";
import { isAlone } from "./conversations";

it("welcomes until one writes with a colleague, whatever phones write in between", () => {
  const notes = conversation({ kind: "direct", members: [member(ME)] });
  expect(isAlone([notes, smsConversation()], ME)).toBe(true);
  expect(isAlone([conversation({ kind: "direct", members: [member(ME), member(ANA)] })], ME)).toBe(false);
  expect(isAlone([conversation()], ME)).toBe(false);
});

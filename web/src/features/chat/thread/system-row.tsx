import type { Message } from "../../../api/types";
import { DeliveryMark } from "./delivery-mark";
import { networkState } from "./state-of";

/** What happened, in the middle; and below it what was answered to a phone by itself. */
export function SystemRow({ message, text }: { message: Message; text: string }) {
  const state = networkState(message);
  return (
    <div className="px-6 py-1.5 text-center text-xs text-balance text-muted">
      <p>{text}</p>
      {message.body && (
        <p className="mt-0.5">
          <q className="italic">{message.body}</q>{" "}
          {state && (
            <span className="align-[-0.15em]">
              <DeliveryMark state={state} size={13} />
            </span>
          )}
        </p>
      )}
    </div>
  );
}

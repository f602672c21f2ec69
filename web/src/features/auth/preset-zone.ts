// A new account begins in the time zone of the browser that made it.
import { updateMe } from "../../api/calls";
import { setMe } from "../../realtime/session";

/** Without it the account works as well, so nobody waits for it or hears of a failure. */
export const presetZone = () =>
  updateMe({ time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone })
    .then(setMe)
    .catch(() => undefined);

// Every address of the client is built here.
export const paths = {
  inbox: "/",
  archived: "/archived",
  conversation: (id: string) => `/c/${id}`,
  message: (id: string, seq: number) => `/c/${id}?m=${seq}`,
  login: "/login",
  register: "/register",
  forgot: "/forgot",
  numbers: "/numbers",
  market: "/numbers/market",
  handsets: "/numbers/handsets",
  number: (id: string) => `/numbers/${id}`,
  verifications: "/verifications",
  settings: "/settings",
  admin: "/admin",
} as const;

/**
 * What an address carries behind `#`: secrets stand there, because it is never sent to a server. Nothing, if a part of
 * it got lost on the way here.
 */
export function readFragment(): string {
  try {
    return decodeURIComponent(location.hash.replace(/^#/, ""));
  } catch {
    return "";
  }
}

/** Takes the secret out of the address bar, so that it does not stay in the history. */
export function clearFragment() {
  history.replaceState(history.state, "", location.pathname + location.search);
}

// Registering is a Trusted Types sink: without a policy that allows this one address it would never settle.
type Policy = { createScriptURL: (address: string) => string };
type Factory = { createPolicy: (name: string, rules: Policy) => Policy };

const ADDRESS = "/sw.js";

function trusted(): string {
  const factory = (window as { trustedTypes?: Factory }).trustedTypes;
  if (!factory) return ADDRESS;
  const policy = factory.createPolicy("convo", {
    createScriptURL: (address) => {
      if (address !== ADDRESS) throw new TypeError("only the service worker is a script");
      return address;
    },
  });
  return policy.createScriptURL(ADDRESS);
}

export function registerServiceWorker() {
  if (import.meta.env.DEV || !("serviceWorker" in navigator)) return;
  navigator.serviceWorker.register(trusted()).catch(() => {
    // Without it everything works, only not while offline.
  });
}

import { i18n } from "@lingui/core";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { activateLanguage, preferredLanguage } from "../lib/language";
import { followSystemTheme } from "../lib/theme";
import { startSession } from "../realtime/session";
import { App } from "./app";
import { followServer } from "./follow-server";
import { registerServiceWorker } from "./register-service-worker";
import "./styles.css";

followSystemTheme();
followServer();
const root = createRoot(document.getElementById("root") as HTMLElement);
const session = startSession();
await activateLanguage(preferredLanguage());

/** Words are looked up while rendering, so another language renders everything anew. */
function render() {
  root.render(
    <StrictMode>
      <App key={i18n.locale} />
    </StrictMode>,
  );
}
i18n.on("change", render);
render();
await session;
registerServiceWorker();

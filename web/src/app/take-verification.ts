// What happens on every screen when a verification moves: lists change, and whoever is elsewhere hears of its end.
import { i18n } from "@lingui/core";
import type { InfiniteData, QueryClient } from "@tanstack/react-query";
import type { Verification, VerificationPage } from "../api/types";
import { copyText } from "../ui/copy-button";
import { announce } from "../ui/live-region";
import { showToast } from "../ui/toast";
import type { AppRouter } from "./routes";

type Pages = InfiniteData<VerificationPage, string | null>;

/** What was said already: a late text moves a verification again, and changes nothing of its end. */
const told = new Set<string>();

export function takeVerification(client: QueryClient, router: AppRouter, changed: Verification) {
  client.setQueriesData<Pages>(
    { queryKey: ["verifications"] },
    (known) => known && { ...known, pages: known.pages.map((page) => withVerification(page, changed)) },
  );
  // What a filter shows, only the server knows.
  client.invalidateQueries({ queryKey: ["verifications"] });
  client.invalidateQueries({ queryKey: ["verification-codes", changed.id] });
  client.invalidateQueries({ queryKey: ["verification-figures"] });
  const news = `${changed.id} ${changed.status}`;
  if (!told.has(news)) tell(changed, router.state.location.pathname === "/verifications");
  told.add(news);
}

function withVerification(page: VerificationPage, changed: Verification): VerificationPage {
  const newer = (mine: Verification) => (mine.id === changed.id && mine.version < changed.version ? changed : mine);
  return { ...page, verifications: page.verifications.map(newer) };
}

function tell({ status, service_name: service, code }: Verification, isShown: boolean) {
  if (status === "completed" && code) {
    if (isShown) announce(i18n.t("{service}: code {code}", { service, code: [...code].join(" ") }));
    else
      showToast(i18n.t("{service}: code {code}", { service, code }), {
        action: { label: i18n.t("Copy"), run: () => copyText(code) },
      });
  }
  if (status === "expired") showToast(i18n.t("No code came from {service} in time. Nothing was charged.", { service }));
}

import { i18n } from "@lingui/core";
import { Link } from "@tanstack/react-router";
import { Compass } from "lucide-react";
import { Empty } from "../ui/empty";

export function NotFound() {
  return (
    <main className="h-full bg-canvas">
      <Empty page icon={Compass} text={i18n.t("There is nothing at this address.")}>
        <Link to="/" className="font-medium text-accent underline underline-offset-2">
          {i18n.t("Go to the inbox")}
        </Link>
      </Empty>
    </main>
  );
}

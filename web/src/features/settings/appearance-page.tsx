import { i18n } from "@lingui/core";
import { Monitor, Moon, Sun } from "lucide-react";
import { useState } from "react";
import { updateMe } from "../../api/calls";
import { lettersEnabled, setLettersEnabled } from "../../lib/keyboard";
import { activateLanguage, isLanguage, LANGUAGES } from "../../lib/language";
import { setTheme, type ThemeChoice, themeChoice } from "../../lib/theme";
import { setMe } from "../../realtime/session";
import { Select } from "../../ui/field";
import { Card, SectionPage } from "../../ui/section-layout";
import { Switch } from "../../ui/switch";

export function AppearancePage() {
  const [theme, chooseTheme] = useState(themeChoice);
  const [letters, setLetters] = useState(lettersEnabled);
  const themes = [
    { value: "system", icon: Monitor, label: i18n.t("System") },
    { value: "light", icon: Sun, label: i18n.t("Light") },
    { value: "dark", icon: Moon, label: i18n.t("Dark") },
  ] as const;
  const pickTheme = (choice: ThemeChoice) => {
    setTheme(choice);
    chooseTheme(choice);
  };
  const pickLanguage = async (language: string) => {
    if (!isLanguage(language)) return;
    await activateLanguage(language, true);
    // Mails come in this language too; that it was not told to the server does no harm here.
    updateMe({ language })
      .then(setMe)
      .catch(() => undefined);
  };
  return (
    <SectionPage title={i18n.t("Appearance and language")} hint={i18n.t("The look holds for this browser.")}>
      <Card>
        <fieldset>
          <legend className="mb-2 text-sm font-medium">{i18n.t("Theme")}</legend>
          <div className="grid grid-cols-3 gap-2">
            {themes.map(({ value, icon: Icon, label }) => (
              <label
                key={value}
                className="flex min-h-20 cursor-pointer flex-col items-center justify-center gap-1.5 rounded-card border border-control text-sm font-medium hover:bg-hover has-checked:border-accent has-checked:bg-selected has-checked:text-accent has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-info"
              >
                <input
                  type="radio"
                  name="theme"
                  value={value}
                  checked={theme === value}
                  onChange={() => pickTheme(value)}
                  className="sr-only"
                />
                <Icon size={20} aria-hidden />
                {label}
              </label>
            ))}
          </div>
        </fieldset>
        <div className="mt-5">
          <Select label={i18n.t("Language")} value={i18n.locale} onChange={(event) => pickLanguage(event.target.value)}>
            {Object.entries(LANGUAGES).map(([value, name]) => (
              <option key={value} value={value} lang={value}>
                {name}
              </option>
            ))}
          </Select>
        </div>
        <div className="mt-4 border-t border-line pt-3">
          <Switch
            label={i18n.t("Single-letter shortcuts")}
            hint={i18n.t("Press ? to see them. They never act while you type.")}
            checked={letters}
            onChange={(on) => {
              setLettersEnabled(on);
              setLetters(on);
            }}
          />
        </div>
      </Card>
    </SectionPage>
  );
}

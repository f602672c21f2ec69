// Light, dark, or as the system says. `theme.js` does the same before the first paint.
export type ThemeChoice = "system" | "light" | "dark";
const KEY = "convo.theme";
const dark = () => window.matchMedia("(prefers-color-scheme: dark)");

export function themeChoice(): ThemeChoice {
  try {
    const stored = localStorage.getItem(KEY);
    return stored === "light" || stored === "dark" ? stored : "system";
  } catch {
    return "system";
  }
}

function show(choice: ThemeChoice) {
  const isDark = choice === "dark" || (choice === "system" && dark().matches);
  document.documentElement.dataset.theme = isDark ? "dark" : "light";
  document.querySelector('meta[name="theme-color"]')?.setAttribute("content", isDark ? "#0f1114" : "#f6f7f8");
}

export function setTheme(choice: ThemeChoice) {
  try {
    localStorage.setItem(KEY, choice);
  } catch {
    // It then holds until the page is closed.
  }
  show(choice);
}

export function followSystemTheme() {
  dark().addEventListener("change", () => show(themeChoice()));
}

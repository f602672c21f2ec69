// Runs before the first paint, so that a dark screen never flashes white. A file, because inline scripts are refused.
(() => {
  let choice = "system";
  let language = "";
  try {
    choice = localStorage.getItem("convo.theme") || "system";
    language = localStorage.getItem("convo.language") || "";
  } catch {}
  const dark = choice === "dark" || (choice === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
  const root = document.documentElement;
  root.dataset.theme = dark ? "dark" : "light";
  if (language) root.lang = language;
  const color = document.querySelector('meta[name="theme-color"]');
  if (color) color.setAttribute("content", dark ? "#0f1114" : "#f6f7f8");
})();

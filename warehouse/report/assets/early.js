// Before the first paint: the reader's choice of light or dark, else the system's.
(() => {
  let chosen = null;
  try { chosen = localStorage.getItem("pledgeline-theme"); } catch { /* Storage may be shut off; then nothing was chosen. */ }
  const dark = chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = dark ? "dark" : "light";
})();

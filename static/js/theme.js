// Runs before the first paint: "follow the system" becomes light or dark, and follows when the system changes.
(function () {
  "use strict";
  const root = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  function apply() {
    if (root.dataset.theme === "auto") {
      root.setAttribute("data-bs-theme", dark.matches ? "dark" : "light");
    }
  }
  apply();
  dark.addEventListener("change", apply);
})();

// Runs before the first paint: "follow the system" becomes light or dark, and follows when the system changes.
// Style sheets that the first paint does not need (`data-late`) are turned on once the page is there.
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
  window.addEventListener("load", () => {
    document.querySelectorAll("link[data-late]").forEach((sheet) => (sheet.media = "all"));
  });
})();

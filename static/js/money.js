// Beside an amount: the same in 万 or 亿, as one types; the unit follows the form's currency. The server reads the amount.
(function () {
  "use strict";

  const WAN = 10000n;
  const YI = 100000000n;
  const HOME = "CNY";
  const CHINESE = document.documentElement.lang.startsWith("zh");

  function grouped(whole) {
    return whole.toString().replace(/\B(?=(\d{3})+$)/g, ",");
  }

  // Exact: fen as whole numbers, half up to `places` of the unit.
  function scaled(fen, unit, places) {
    const step = (unit * 100n) / 10n ** BigInt(places);
    const steps = (fen + step / 2n) / step;
    const base = 10n ** BigInt(places);
    return grouped(steps / base) + "." + (steps % base).toString().padStart(places, "0");
  }

  function words(text, code) {
    const clean = text.replace(/[,，\s]/g, "");
    if (!/^\d{1,16}(\.\d{0,2})?$/.test(clean)) return "";
    const [whole, part] = clean.split(".");
    const fen = BigInt(whole) * 100n + BigInt((part || "").padEnd(2, "0"));
    const big = fen >= YI * 100n;
    const figure = big ? scaled(fen, YI, 4) : scaled(fen, WAN, 2);
    if (!CHINESE) return figure + (big ? " × 100m " : " × 10k ") + (code === HOME ? "yuan" : code);
    return figure + (big ? " 亿" : " 万") + (code === HOME ? "元" : " " + code);
  }

  function dress(input) {
    if (input.dataset.wan) return;
    input.dataset.wan = "shown";
    const out = document.createElement("output");
    out.className = "wan";
    out.htmlFor = input.id;
    const frame = input.closest(".f-unit");
    (frame || input).after(out);
    const unit = frame && frame.querySelector(".unit");
    const yuan = unit && unit.textContent;
    const currency = input.form.elements.currency;
    const show = () => {
      const code = currency ? currency.value : HOME;
      out.textContent = words(input.value, code);
      if (unit) unit.textContent = code === HOME ? yuan : code;
    };
    input.addEventListener("input", show);
    if (currency) currency.addEventListener("change", show);
    show();
  }

  document.querySelectorAll("input[data-wan]").forEach(dress);
  document.addEventListener("htmx:load", (event) => event.target.querySelectorAll("input[data-wan]").forEach(dress));
})();

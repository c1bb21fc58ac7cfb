// Beside an amount in yuan: the same in 万元 or 亿元, as one types. Text only; the server reads the yuan.
(function () {
  "use strict";

  const WAN = 10000n;
  const YI = 100000000n;

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

  function words(text) {
    const clean = text.replace(/[,，\s]/g, "");
    if (!/^\d{1,16}(\.\d{0,2})?$/.test(clean)) return "";
    const [whole, part] = clean.split(".");
    const fen = BigInt(whole) * 100n + BigInt((part || "").padEnd(2, "0"));
    return fen < YI * 100n ? scaled(fen, WAN, 2) + " 万元" : scaled(fen, YI, 4) + " 亿元";
  }

  document.querySelectorAll("input[data-wan]").forEach((input) => {
    const out = document.createElement("output");
    out.className = "wan";
    out.htmlFor = input.id;
    const place = input.closest(".f-unit") || input;
    place.after(out);
    const show = () => (out.textContent = words(input.value));
    input.addEventListener("input", show);
    show();
  });
})();

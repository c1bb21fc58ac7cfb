// An entry grid: pastes a block of cells, computes totals as one types, moves by key.
(function () {
  "use strict";

  const PLACES = 6;
  const SCALE = 10n ** BigInt(PLACES);

  // A typed figure as a whole number of millionths; null for an empty or unreadable cell.
  function read(text) {
    let plain = text.normalize("NFKC").replace(/[\s,¥]/g, "").replace(/[−‐]/g, "-");
    if (/^\(.*\)$/.test(plain)) plain = "-" + plain.slice(1, -1);
    const found = /^([-+]?)(\d*)(?:\.(\d*))?$/.exec(plain);
    if (!found || !(found[2] || found[3])) return null;
    const whole = BigInt(found[2] || "0") * SCALE + BigInt((found[3] || "").slice(0, PLACES).padEnd(PLACES, "0"));
    return found[1] === "-" ? -whole : whole;
  }

  function write(value) {
    const size = value < 0n ? -value : value;
    const whole = (size / SCALE).toString().replace(/\B(?=(\d{3})+$)/g, ",");
    const part = (size % SCALE).toString().padStart(PLACES, "0").replace(/0{1,4}$/, "");
    return (value < 0n ? "−" : "") + whole + "." + part;
  }

  const form = document.querySelector("[data-grid]") && document.querySelector("[data-grid]").closest("form");
  if (!form) return;
  const cells = Array.from(form.querySelectorAll("input[data-code]"));
  const byName = new Map(cells.map((cell) => [cell.name, cell]));
  const totals = cells.filter((cell) => cell.dataset.terms);

  // What counts as the value of a line: what was typed, else what its parts give.
  function value(code, column) {
    const cell = byName.get(code + "." + column);
    if (!cell) return null;
    const typed = read(cell.value);
    return typed === null && cell.dataset.terms ? sum(cell) : typed;
  }

  function sum(cell) {
    let total = null;
    cell.dataset.terms.split(" ").forEach((term) => {
      const sign = term.startsWith("-") ? -1n : 1n;
      const part = value(term.replace("-", ""), cell.dataset.column);
      if (part !== null) total = (total === null ? 0n : total) + sign * part;
    });
    return total;
  }

  function show(cell) {
    const note = cell.parentElement.querySelector("output");
    const given = sum(cell);
    const typed = read(cell.value);
    const other = cell.dataset.equals ? value(cell.dataset.equals, cell.dataset.column) : null;
    const stated = typed === null ? given : typed;
    let text = "";
    let off = false;
    if (given !== null && typed === null) text = note.dataset.text + " " + write(given);
    if (given !== null && typed !== null && typed !== given) {
      text = note.dataset.text + " " + write(given) + ", " + note.dataset.difference + " " + write(typed - given);
      off = true;
    }
    if (other !== null && stated !== null && other !== stated) {
      text += (text ? "; " : "") + cell.dataset.equals + " " + write(other) + ", ";
      text += note.dataset.difference + " " + write(stated - other);
      off = true;
    }
    note.textContent = text;
    note.classList.toggle("is-off", off);
  }

  let asked = 0;
  function showAll() {
    cancelAnimationFrame(asked);
    asked = requestAnimationFrame(() => totals.forEach(show));
  }

  // The cells of a grid as rows; the notes at the end have their own grid.
  function place(cell) {
    const row = cell.closest("tr");
    const rows = Array.from(row.parentElement.rows);
    return { rows, row: rows.indexOf(row), column: Array.from(row.querySelectorAll("input")).indexOf(cell) };
  }

  function at(found, down, right) {
    const row = found.rows[found.row + down];
    return row && row.querySelectorAll("input")[found.column + right];
  }

  form.addEventListener("paste", (event) => {
    const cell = event.target.closest("input[data-code]");
    const text = event.clipboardData && event.clipboardData.getData("text/plain");
    if (!cell || !text || !/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    const found = place(cell);
    text.replace(/\r/g, "").replace(/\n+$/, "").split("\n").forEach((line, down) => {
      line.split("\t").forEach((part, right) => {
        const target = at(found, down, right);
        if (target) target.value = part.trim();
      });
    });
    cell.dispatchEvent(new Event("input", { bubbles: true }));
  });

  form.addEventListener("keydown", (event) => {
    const cell = event.target.closest("input[data-code]");
    if (!cell || event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    const step = { Enter: event.shiftKey ? -1 : 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = at(place(cell), step, 0);
    if (next) {
      next.focus();
      next.select();
    }
  });

  form.addEventListener("input", showAll);
  showAll();
})();

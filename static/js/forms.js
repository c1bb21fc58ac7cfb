// What forms gain from a script: searching pickers (pickers.js), drafts (drafts.js), rows to add and remove, parts that depend on a choice.
(function () {
  "use strict";

  const $ = (selector, root) => (root || document).querySelector(selector);
  const $$ = (selector, root) => Array.from((root || document).querySelectorAll(selector));

  // ---- rows: <div data-formset="prefix"> with rows [data-row], a <template> and a button [data-add]
  function formset(box) {
    const total = $('[name="' + box.dataset.formset + '-TOTAL_FORMS"]', box);
    const shape = $("template", box);
    const place = $("[data-rows-here]", box) || box;
    box.addEventListener("click", (event) => {
      if (event.target.closest("[data-add]")) {
        const number = Number(total.value);
        const holder = document.createElement("template");
        holder.innerHTML = shape.innerHTML.replaceAll("__prefix__", number);
        const row = holder.content.firstElementChild;
        place.append(row);
        total.value = number + 1;
        dress(row);
        const first = $("input:not([type=hidden]), textarea, select", row);
        if (first) first.focus();
      }
      const drop = event.target.closest("[data-drop]");
      if (drop) {
        const row = drop.closest("[data-row]");
        const mark = $('[name$="-DELETE"]', row);
        if (mark) mark.checked = true;
        row.classList.add("gone");
        // A hidden row may not hold up the form.
        $$("input, textarea, select", row).forEach((input) => (input.required = false));
      }
    });
  }

  // ---- parts that depend on a choice: data-show-if="verb=return,reject"; hidden parts are not sent
  function follow(part) {
    const [name, values] = part.dataset.showIf.split("=");
    const wanted = values.split(",");
    const form = part.closest("form");
    const update = () => {
      const chosen = $$('[name="' + name + '"]', form).filter((input) => input.type !== "radio" || input.checked);
      const shown = chosen.some((input) => wanted.includes(input.value));
      part.hidden = !shown;
      if ("disabled" in part) part.disabled = !shown;
    };
    form.addEventListener("change", update);
    update();
  }

  // ---- the button says what will happen: radios carry data-act="Submit: approve", the button data-act-label
  function actLabel(button) {
    const form = button.form;
    const label = $(".label", button) || button;
    const update = () => {
      const chosen = $("[data-act]:checked", form);
      if (chosen) label.textContent = chosen.dataset.act;
    };
    form.addEventListener("change", update);
    update();
  }

  // ---- filters: what was left empty does not stand in the address
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if ((form.getAttribute("method") || "get").toLowerCase() !== "get") return;
    const empty = $$("input, select", form).filter((input) => !input.value && !input.disabled);
    empty.forEach((input) => (input.disabled = true));
    setTimeout(() => empty.forEach((input) => (input.disabled = false)), 0);
  });

  // ---- a form is sent once: the second click of a double click does nothing
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-once]")) return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "yes";
  });
  // Coming back with the browser's "back" brings the page as it was left.
  window.addEventListener("pageshow", () => $$("[data-sent]").forEach((form) => delete form.dataset.sent));

  function dress(root) {
    const within = (selector) => (root.matches && root.matches(selector) ? [root] : []).concat($$(selector, root));
    within("select[data-picker-url]").forEach(window.dressPicker);
    within("[data-formset]").forEach(formset);
    within("[data-show-if]").forEach(follow);
    within("[data-act-label]").forEach(actLabel);
    within("form").filter(window.drafts.wants).forEach(window.drafts.dress);
    within("[data-focus]").forEach((element) => element.focus());
  }

  dress(document);
  document.addEventListener("htmx:load", (event) => event.target !== document.body && dress(event.target));
})();

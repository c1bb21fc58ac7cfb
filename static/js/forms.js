// What forms gain from a script: searching pickers, rows to add and remove, drafts, parts that depend on a choice.
(function () {
  "use strict";

  const $ = (selector, root) => (root || document).querySelector(selector);
  const $$ = (selector, root) => Array.from((root || document).querySelectorAll(selector));

  // ---- pickers: the server searches, `?q=` -> {"results": [{"id", "text", "hint"}]}
  function draw(item, escape) {
    const hint = item.hint ? '<span class="hint">' + escape(item.hint) + "</span>" : "";
    return '<div class="option">' + escape(item.text) + hint + "</div>";
  }

  function picker(element) {
    if (element.tomselect || !window.TomSelect) return;
    const address = new URL(element.dataset.pickerUrl, window.location.href);
    // The list behind the picker is out of sight and reach; the label names the picker's own box.
    element.setAttribute("aria-hidden", "true");
    new window.TomSelect(element, {
      valueField: "id",
      labelField: "text",
      searchField: [],
      maxOptions: 50,
      preload: "focus",
      plugins: element.multiple ? ["remove_button"] : ["clear_button"],
      placeholder: element.dataset.placeholder || "",
      load(query, done) {
        address.searchParams.set("q", query);
        fetch(address, { headers: { Accept: "application/json" } })
          .then((answer) => (answer.ok ? answer.json() : { results: [] }))
          .then((found) => done(found.results))
          .catch(() => done());
      },
      // The server has chosen and ordered: what was loaded for another query is not offered.
      onType() {
        this.clearOptions((option) => this.items.includes(String(option.id)));
      },
      render: {
        option: draw,
        item: (item, escape) => "<div>" + escape(item.text) + "</div>",
        no_results: () => '<div class="no-results">' + document.body.dataset.nothing + "</div>",
      },
    });
  }

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

  // ---- drafts: kept on this device until the form is sent
  function draft(form) {
    const key = "draft:" + form.dataset.draft;
    const note = $("[data-draft-note]", form);
    const skip = new Set(["csrfmiddlewaretoken", "version"]);
    const fields = () => $$("input, textarea, select", form).filter(
      (input) => input.name && !skip.has(input.name) && !["file", "password", "hidden"].includes(input.type)
    );
    const kept = JSON.parse(window.localStorage.getItem(key) || "null");
    if (kept && !form.querySelector(".f-bad, .form-errors")) {
      fields().forEach((input) => {
        if (!(input.name in kept.values) || input.dataset.pickerUrl) return;
        if (["radio", "checkbox"].includes(input.type)) input.checked = kept.values[input.name].includes(input.value);
        else if (!input.value) input.value = kept.values[input.name][0] || "";
      });
      if (note) note.textContent = note.dataset.restored + " " + kept.at;
    }
    let timer = null;
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        const values = {};
        fields().forEach((input) => {
          const counts = !["radio", "checkbox"].includes(input.type) || input.checked;
          values[input.name] = (values[input.name] || []).concat(counts ? [input.value] : []);
        });
        const at = new Date().toTimeString().slice(0, 5);
        window.localStorage.setItem(key, JSON.stringify({ at, values }));
        if (note) note.textContent = note.dataset.saved + " " + at;
      }, 600);
    });
    form.addEventListener("submit", () => {
      clearTimeout(timer);
      window.localStorage.removeItem(key);
    });
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
    within("select[data-picker-url]").forEach(picker);
    within("[data-formset]").forEach(formset);
    within("[data-show-if]").forEach(follow);
    within("[data-act-label]").forEach(actLabel);
    within("form[data-draft]").forEach(draft);
    within("[data-focus]").forEach((element) => element.focus());
  }

  dress(document);
  document.addEventListener("htmx:load", (event) => event.target !== document.body && dress(event.target));
})();

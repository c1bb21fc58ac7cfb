// Searching pickers: the server searches, `?q=` -> {"results": [{"id", "text", "hint"}]}.
// A choice is always one the person saw: from the first key of a search until its own answer is on the screen nothing
// can be chosen, and an answer to an earlier search is dropped.
(function () {
  "use strict";

  // Milliseconds without a key before the server is asked, and before Enter can mean what was just drawn.
  const PAUSE = 200;
  const SEEN = 150;

  function drawOption(item, escape) {
    const hint = item.hint ? '<span class="hint">' + escape(item.hint) + "</span>" : "";
    return '<div class="option">' + escape(item.text) + hint + "</div>";
  }

  function drawNote(text) {
    return '<div class="no-results">' + text + "</div>";
  }

  class Search {
    constructor(address) {
      this.address = address;
      this.number = 0;
      this.controller = null;
      this.timer = null;
    }

    // Ask for `query` after `pause`; `take` gets the rows unless another search began meanwhile.
    ask(query, pause, take) {
      this.stop();
      const number = this.number;
      const controller = (this.controller = new AbortController());
      const give = (rows) => number === this.number && take(rows);
      this.timer = setTimeout(() => {
        this.address.searchParams.set("q", query);
        fetch(this.address, { headers: { Accept: "application/json" }, signal: controller.signal })
          .then((answer) => (answer.ok ? answer.json() : { results: [] }))
          .then((found) => give(found.results), () => give([]));
      }, pause);
    }

    stop() {
      this.number += 1;
      clearTimeout(this.timer);
      if (this.controller) this.controller.abort();
    }
  }

  function dressPicker(element) {
    if (element.tomselect || !window.TomSelect) return;
    const search = new Search(new URL(element.dataset.pickerUrl, window.location.href));
    let found = new Set();
    let asked = null;
    let settled = false;
    let drawnAt = Infinity;

    // The list behind the picker is out of sight and reach; the label names the picker's own box.
    element.setAttribute("aria-hidden", "true");
    const tom = new window.TomSelect(element, {
      valueField: "id",
      labelField: "text",
      searchField: [],
      maxOptions: 50,
      refreshThrottle: 0,
      shouldLoad: () => true,
      plugins: element.multiple ? ["remove_button"] : ["clear_button"],
      placeholder: element.dataset.placeholder || "",
      render: {
        option: drawOption,
        item: (item, escape) => "<div>" + escape(item.text) + "</div>",
        no_results: () => drawNote(settled ? document.body.dataset.nothing : document.body.dataset.searching),
      },
    });

    // The chosen row stays in the picker's store; it is offered only where the server found it.
    const ownSearch = tom.search.bind(tom);
    tom.search = (query) => {
      const result = ownSearch(query);
      return { ...result, items: result.items.filter((item) => found.has(String(item.id))) };
    };

    const wasSeen = (event) => settled && event.timeStamp - drawnAt >= SEEN;
    const ownCanSelect = tom.canSelect.bind(tom);
    tom.canSelect = (option) => settled && ownCanSelect(option);
    const ownSelect = tom.onOptionSelect.bind(tom);
    tom.onOptionSelect = (event, option) => {
      if (wasSeen(event) && found.has(option.dataset.value)) ownSelect(event, option);
    };

    function redraw() {
      tom.clearActiveOption();
      tom.lastQuery = null;
      tom.refreshOptions(tom.isFocused);
    }

    function take(rows) {
      found = new Set(rows.map((row) => String(row.id)));
      tom.clearOptions((option) => tom.items.includes(String(option.id)));
      tom.addOptions(rows);
      settled = true;
      tom.wrapper.classList.remove("loading");
      redraw();
      // Twice: the first frame after this one has painted the rows.
      requestAnimationFrame(() => requestAnimationFrame((now) => (drawnAt = now)));
    }

    function begin(query, pause) {
      if (query === asked) return;
      asked = query;
      settled = false;
      drawnAt = Infinity;
      found = new Set();
      tom.wrapper.classList.add("loading");
      redraw();
      search.ask(query, pause, take);
    }

    // Before the picker's own listeners: Enter during a search neither chooses nor sends the form.
    tom.wrapper.addEventListener(
      "keydown",
      (event) => {
        if (event.key !== "Enter" || event.target !== tom.control_input || !tom.isOpen || wasSeen(event)) return;
        event.preventDefault();
        event.stopImmediatePropagation();
      },
      true
    );
    tom.control_input.addEventListener("input", () => begin(tom.inputValue(), PAUSE));
    tom.on("focus", () => begin(tom.inputValue(), 0));
    // What is typed goes with a choice or when one leaves the box; the next search begins afresh.
    tom.on("blur", () => {
      search.stop();
      asked = null;
      settled = false;
      found = new Set();
      tom.wrapper.classList.remove("loading");
      tom.setTextboxValue("");
    });
    tom.on("item_add", () => (asked = null));
  }

  window.dressPicker = dressPicker;
})();

// Input methods (pinyin and others): while a text is being composed nothing is sent, swapped, closed or submitted.
// One place for every box of every page. It is loaded before all other scripts, so its listeners run first; the other
// scripts never see a half-composed text, only the finished one as an ordinary "input".
(function () {
  "use strict";

  // The box in which a text is being composed.
  let box = null;
  // Elements whose request was held back meanwhile.
  let held = new Set();

  const isKeyOfInputMethod = (event) => event.isComposing || event.keyCode === 229;

  function begin(event) {
    box = event.target;
  }

  function end(event) {
    if (box !== event.target) return;
    box = null;
    const waiting = held;
    held = new Set();
    // The browser sends no "input" after a composition: the finished text is told here.
    event.target.dispatchEvent(new Event("input", { bubbles: true }));
    waiting.forEach((element) => window.htmx.trigger(element, "submit"));
  }

  function keepKey(event) {
    if (!isKeyOfInputMethod(event)) return;
    // Enter and Escape belong to the input method. Its own handling is no default action of the page and goes on.
    if (["Enter", "Escape"].includes(event.key)) event.preventDefault();
    event.stopImmediatePropagation();
  }

  function keepInput(event) {
    if (box && event.target === box) event.stopImmediatePropagation();
  }

  function refuse(event) {
    if (!box) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  window.addEventListener("compositionstart", begin, true);
  window.addEventListener("compositionend", end, true);
  // A box that leaves the page while a text is composed never tells the end.
  window.addEventListener("focusin", (event) => box && event.target !== box && end({ target: box }), true);
  ["keydown", "keypress", "keyup"].forEach((name) => window.addEventListener(name, keepKey, true));
  ["input", "change", "search"].forEach((name) => window.addEventListener(name, keepInput, true));
  ["submit", "cancel"].forEach((name) => window.addEventListener(name, refuse, true));

  // A search typed just before waits for the composition's end; an answer does not replace the box.
  document.addEventListener("htmx:beforeRequest", (event) => {
    const element = event.detail.elt;
    if (!box || !(element.contains(box) || element === box.form)) return;
    event.preventDefault();
    held.add(element);
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (box && event.detail.target.contains(box)) event.detail.shouldSwap = false;
  });
})();

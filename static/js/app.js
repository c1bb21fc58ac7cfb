// The shell's behaviour: keys, drop-downs, toasts, confirmations, copying, the progress line. Pages work without it.
(function () {
  "use strict";

  const $ = (selector, root) => (root || document).querySelector(selector);
  const $$ = (selector, root) => Array.from((root || document).querySelectorAll(selector));

  // ---- drop-downs: details that close when one looks elsewhere
  document.addEventListener("click", (event) => {
    $$("details[data-pop][open]").forEach((open) => {
      if (!open.contains(event.target)) open.open = false;
    });
  });

  // ---- toasts: rendered with the page, or sent by the server as the event "toast" after an htmx answer
  function fadeOut(toast) {
    setTimeout(() => toast.remove(), 10000);
  }

  function showToast(text, level) {
    const toast = $("#toast-shape").content.firstElementChild.cloneNode(true);
    toast.dataset.level = level || "info";
    $(".grow", toast).textContent = text;
    $("#toasts").append(toast);
    fadeOut(toast);
  }

  $$("#toasts [data-toast]").forEach(fadeOut);
  document.addEventListener("toast", (event) => {
    const sent = event.detail && (event.detail.value || event.detail);
    (Array.isArray(sent) ? sent : []).forEach((item) => showToast(item.text, item.level));
  });

  // ---- copying
  function copy(text, from) {
    navigator.clipboard.writeText(text).then(() => showToast(from.dataset.copied || document.body.dataset.copied, "success"));
  }

  // ---- asking once, with the consequence in words
  let allowed = null;

  function ask(element, go) {
    const dialog = $("#ask");
    const title = $("#ask-title");
    title.textContent = element.dataset.confirmTitle || title.dataset.default;
    $("#ask-text").textContent = element.dataset.confirm;
    $("#ask-yes").textContent = element.textContent.trim();
    dialog.returnValue = "";
    dialog.addEventListener("close", () => dialog.returnValue === "yes" && go(), { once: true });
    dialog.showModal();
  }

  document.addEventListener(
    "click",
    (event) => {
      const target = event.target.closest && event.target.closest("[data-confirm]");
      if (!target || target === allowed) return;
      // A form with gaps is told about them first, not asked whether it is sure.
      if (target.form && !target.form.noValidate && !target.form.reportValidity()) return event.preventDefault();
      event.preventDefault();
      event.stopImmediatePropagation();
      ask(target, () => {
        allowed = target;
        target.click();
        allowed = null;
      });
    },
    true
  );

  document.addEventListener("click", (event) => {
    const at = (selector) => event.target.closest && event.target.closest(selector);
    const close = at("[data-close]");
    if (close) close.closest("[data-toast]").remove();
    const code = at("[data-copy]");
    if (code) copy(code.dataset.copy, code);
    const address = at("[data-copy-address]");
    if (address) copy(window.location.href, address);
    if (at("[data-help]")) $("#keys").showModal();
    if (at("[data-back]")) window.history.back();
    if (at("[data-print]")) window.print();
  });

  if (window.history.length > 1) $$("[data-back]").forEach((button) => (button.hidden = false));

  // ---- progress: only what takes longer than 300 ms is shown
  let running = 0;
  let waiting = null;
  const line = $("#progress");

  document.addEventListener("htmx:beforeRequest", () => {
    running += 1;
    if (line && !waiting) waiting = setTimeout(() => line.classList.add("on"), 300);
  });
  document.addEventListener("htmx:afterRequest", () => {
    running = Math.max(0, running - 1);
    if (running || !line) return;
    clearTimeout(waiting);
    waiting = null;
    line.classList.remove("on");
  });
  document.addEventListener("htmx:sendError", () => showToast(document.body.dataset.offline, "error"));

  // ---- a list wider than its room scrolls in itself
  function measure() {
    $$(".tw").forEach((box) => {
      const table = $(".t", box);
      box.classList.toggle("wide", table !== null && table.offsetWidth > box.clientWidth);
    });
  }

  measure();
  document.fonts.ready.then(measure);
  window.addEventListener("resize", measure);
  document.addEventListener("htmx:afterSettle", measure);

  // ---- keys
  const GOES = { d: "home", c: "clients", p: "projects", r: "reviews" };
  let pending = "";

  function typing(target) {
    return target.closest("input, textarea, select, [contenteditable]") !== null;
  }

  function rows() {
    return $$("[data-rows] tbody tr, .work").filter((row) => row.offsetParent !== null && $("a", row));
  }

  function move(step) {
    const all = rows();
    if (!all.length) return;
    const now = all.findIndex((row) => row.getAttribute("aria-current") === "true");
    const next = all[Math.min(all.length - 1, Math.max(0, now + step))];
    all.forEach((row) => row.removeAttribute("aria-current"));
    next.setAttribute("aria-current", "true");
    next.scrollIntoView({ block: "nearest" });
  }

  function go(key) {
    const link = $("#count-" + GOES[key]);
    if (link) window.location.assign(link.closest("a").href);
  }

  function follow(selector) {
    const link = $(selector);
    if (link) window.location.assign(link.href);
  }

  function openNew() {
    const list = $("#new");
    const links = list ? $$("a", list) : [];
    if (links.length === 1) return window.location.assign(links[0].href);
    if (!list) return;
    list.open = true;
    links[0].focus();
  }

  const KEYS = {
    "/": () => ($("#list-search") || $("#search") || document.body).focus(),
    n: openNew,
    g: () => (pending = "g"),
    j: () => move(1),
    k: () => move(-1),
    "[": () => follow('a[rel="prev"]'),
    "]": () => follow('a[rel="next"]'),
    t: () => follow("a[data-today]"),
    "?": () => $("#keys") && $("#keys").showModal(),
    Enter: () => {
      const row = $('[aria-current="true"]', $("[data-rows]") || document);
      if (row && $("a", row)) $("a", row).click();
    },
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      $$("details[data-pop][open]").forEach((open) => {
        open.open = false;
        $("summary", open).focus();
      });
      if (typing(event.target)) event.target.blur();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || $("dialog[open]")) return;
    if (pending === "g" && GOES[event.key]) {
      pending = "";
      event.preventDefault();
      return go(event.key);
    }
    pending = "";
    if (event.key === "Enter" && document.activeElement !== document.body) return;
    const act = KEYS[event.key];
    if (!act) return;
    if (event.key !== "g") event.preventDefault();
    act();
  });
})();

// Forms are sent by this script, so that a refused form stays on its own page: the address in the bar, reload and the
// browser's Back lead to pages that can be opened again. Without the script the browser sends the form itself.
(function () {
  "use strict";

  const SELECTOR = "form[method=post][data-once]:not([hx-post])";

  function tell(text) {
    document.dispatchEvent(new CustomEvent("toast", { detail: [{ text, level: "error" }] }));
  }

  function go(address) {
    const target = new URL(address, window.location.href);
    const here = window.location;
    const isHere = target.pathname + target.search === here.pathname + here.search;
    // To a place on the same page the browser would only scroll.
    if (isHere && target.hash) {
      window.location.hash = target.hash;
      window.location.reload();
    } else window.location.assign(target);
  }

  function show(text, form) {
    const answer = new DOMParser().parseFromString(text, "text/html");
    // The admin's frame has both names, the pages' frame the second; a form of one may be answered in the other.
    const find = (page) => page.getElementById("content-start") || page.getElementById("content");
    const place = find(document);
    const part = find(answer);
    if (!part) return tell(document.body.dataset.failed);
    part.id = place.id;
    const same = Array.from(answer.querySelectorAll("form")).some(
      (other) => other.getAttribute("action") === form.getAttribute("action")
    );
    // An answer without the form is another page: Back returns to the form.
    if (!same) {
      window.history.pushState({ sent: true }, "", window.location.href);
      window.addEventListener("popstate", () => window.location.reload(), { once: true });
    }
    document.title = answer.title;
    place.replaceWith(document.adoptNode(part));
    if (window.htmx) window.htmx.process(part);
    part.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true, detail: { elt: part } }));
    const wrong = part.querySelector(".form-errors, .f-bad, [role=alert]");
    const first = part.querySelector(".f-bad input, .f-bad textarea, .f-bad select");
    if (first) first.focus({ preventScroll: true });
    (wrong || part).scrollIntoView({ block: wrong ? "center" : "start" });
  }

  function showToasts(answer) {
    const events = JSON.parse(answer.headers.get("HX-Trigger") || "{}");
    if (events.toast) document.dispatchEvent(new CustomEvent("toast", { detail: events.toast }));
  }

  async function send(form, submitter) {
    const data = new FormData(form, submitter);
    const isMultipart = form.enctype === "multipart/form-data";
    const body = isMultipart ? data : new URLSearchParams(data);
    const headers = { "HX-Request": "true", "HX-Boosted": "true", "HX-Current-URL": window.location.href };
    // What is typed from now on would be lost with the answer.
    form.inert = true;
    if (form.saveDraft) await form.saveDraft();
    const button = submitter && submitter.getAttribute("formaction");
    const address = button || form.getAttribute("action") || window.location.href;
    const answer = await fetch(address, { method: "POST", body, headers, credentials: "same-origin" });
    const target = answer.headers.get("HX-Redirect") || (answer.redirected && answer.url);
    const isTaken = answer.ok && !answer.redirected && !answer.headers.has("X-Sign-In");
    if (form.dropDraft && target && isTaken) form.dropDraft();
    if (target) return go(target);
    showToasts(answer);
    show(await answer.text(), form);
    if (window.drafts) window.drafts.settle(form, answer.status, false);
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.matches(SELECTOR) || form.target) return;
    event.preventDefault();
    send(form, event.submitter)
      .catch(() => tell(document.body.dataset.offline))
      .finally(() => {
        form.inert = false;
        delete form.dataset.sent;
      });
  });
})();

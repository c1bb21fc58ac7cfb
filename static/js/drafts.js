// Drafts: what is typed into a form marked `data-draft` is kept on this device until the server has taken it.
// It is encrypted with a key that the server gives to the signed-in account alone: after the session's end nobody can
// read it without signing in again as the same person; signing out forgets it; another account's is removed at sight.
(function () {
  "use strict";

  const PREFIX = "draft:";
  const FORGOTTEN = "drafts-forgotten";
  const PAUSE = 600;
  const LONGEST = 12 * 3600 * 1000;
  const SKIPPED = new Set(["csrfmiddlewaretoken", "version"]);
  const $$ = (selector, root) => Array.from((root || document).querySelectorAll(selector));
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)));

  let forgotten = false;
  let key = null;

  function ownKey() {
    const given = document.body.dataset.draftKey;
    if (!given || !window.crypto.subtle) return null;
    key = key || window.crypto.subtle.importKey("raw", bytes(given), "AES-GCM", false, ["encrypt", "decrypt"]);
    return key;
  }

  async function write(name, draft) {
    const iv = window.crypto.getRandomValues(new Uint8Array(12));
    const plain = new TextEncoder().encode(JSON.stringify(draft));
    const data = await window.crypto.subtle.encrypt({ name: "AES-GCM", iv }, await ownKey(), plain);
    if (forgotten) return;
    let whole = "";
    new Uint8Array(data).forEach((byte) => (whole += String.fromCharCode(byte)));
    window.localStorage.setItem(name, JSON.stringify({ at: Date.now(), iv: text(iv), data: btoa(whole) }));
  }

  // The draft, or null; what is too old or not this account's is removed.
  async function read(name) {
    try {
      const kept = JSON.parse(window.localStorage.getItem(name));
      if (!kept) return null;
      if (Date.now() - kept.at > LONGEST) throw new Error("too old");
      const plain = await window.crypto.subtle.decrypt(
        { name: "AES-GCM", iv: bytes(kept.iv) },
        await ownKey(),
        bytes(kept.data)
      );
      return { ...JSON.parse(new TextDecoder().decode(plain)), at: new Date(kept.at) };
    } catch (_error) {
      window.localStorage.removeItem(name);
      return null;
    }
  }

  const names = () => Object.keys(window.localStorage).filter((name) => name.startsWith(PREFIX));

  function forget() {
    forgotten = true;
    names().forEach((name) => window.localStorage.removeItem(name));
    // Other tabs of this browser stop keeping drafts too.
    window.localStorage.setItem(FORGOTTEN, String(Date.now()));
  }

  window.addEventListener("storage", (event) => {
    if (event.key === FORGOTTEN) forgotten = true;
  });
  document.addEventListener("submit", (event) => event.target.matches("[data-forget-drafts]") && forget(), true);

  // ---- the values of a form: name -> {value, text}; `value` is the list of what is ticked, chosen or typed
  function fields(form) {
    return $$("input, textarea, select", form).filter(
      (input) => input.name && !SKIPPED.has(input.name) && !["file", "password", "hidden"].includes(input.type)
    );
  }

  function valuesOf(form) {
    const values = {};
    fields(form).forEach((input) => {
      const item = (values[input.name] = values[input.name] || { value: [] });
      if (["radio", "checkbox"].includes(input.type)) {
        if (input.checked) item.value.push(input.value);
      } else if (input.multiple) item.value.push(...Array.from(input.selectedOptions, (option) => option.value));
      else item.value.push(input.value);
      if (input.tomselect) item.text = Array.from(input.selectedOptions, (option) => option.textContent);
    });
    return values;
  }

  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

  function addRows(form, wanted) {
    $$("[data-formset]", form).forEach((box) => {
      const prefix = box.dataset.formset + "-";
      const total = form.querySelector('[name="' + prefix + 'TOTAL_FORMS"]');
      const add = box.querySelector("[data-add]");
      const rows = wanted.filter((name) => name.startsWith(prefix)).map((name) => parseInt(name.slice(prefix.length), 10));
      const last = Math.max(-1, ...rows.filter((row) => row >= 0));
      while (total && add && Number(total.value) <= last) add.click();
    });
  }

  function fill(inputs, item) {
    inputs.forEach((input, place) => {
      if (["radio", "checkbox"].includes(input.type)) input.checked = item.value.includes(input.value);
      else if (input.tomselect) {
        item.value.forEach((id, number) => input.tomselect.addOption({ id, text: (item.text || [])[number] || id }));
        input.tomselect.setValue(item.value.filter(Boolean), true);
      } else input.value = item.value[place] || "";
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }

  // ---- one form: what this page sends by script, where it says so or has a text of several lines
  function wantsDraft(form) {
    return form.matches("[data-draft]") || (form.matches("[data-once]") && form.querySelector("textarea") !== null);
  }

  async function dressDraft(form) {
    if (!ownKey()) return;
    const here = window.location;
    form.dataset.draft = form.dataset.draft || here.pathname + here.search + "|" + (form.getAttribute("action") || "");
    const name = PREFIX + form.dataset.draft;
    const note = form.querySelector("[data-draft-note]");
    const opened = valuesOf(form);
    let kept = await read(name);
    const tell = (words, at) => note && (note.textContent = words + " " + at.toTimeString().slice(0, 5));

    if (kept && !form.querySelector(".f-bad, .form-errors")) {
      addRows(form, Object.keys(kept.values));
      const now = valuesOf(form);
      let restored = 0;
      let left = 0;
      Object.entries(kept.values).forEach(([field, item]) => {
        if (!now[field] || same(now[field].value, item.value)) return;
        // What somebody else changed meanwhile is not overwritten unseen.
        if (opened[field] && !same(opened[field].value, item.base)) return (left += 1);
        fill(fields(form).filter((input) => input.name === field), item);
        restored += 1;
      });
      if (note && (restored || left)) tell(left ? note.dataset.partly : note.dataset.restored, kept.at);
    }

    let timer = null;
    form.saveDraft = async () => {
      clearTimeout(timer);
      const values = {};
      Object.entries(valuesOf(form)).forEach(([field, item]) => {
        const before = kept && kept.values[field];
        const base = before ? before.base : (opened[field] || { value: [""] }).value;
        if (before || !same(item.value, base)) values[field] = { ...item, base };
      });
      if (forgotten || !Object.keys(values).length) return;
      kept = { values };
      const at = new Date();
      await write(name, { values });
      if (note) tell(note.dataset.saved, at);
    };
    form.dropDraft = () => {
      clearTimeout(timer);
      kept = null;
      window.localStorage.removeItem(name);
    };
    const later = () => {
      clearTimeout(timer);
      timer = setTimeout(form.saveDraft, PAUSE);
    };
    form.addEventListener("input", later);
    form.addEventListener("change", later);
    form.addEventListener("submit", form.saveDraft);
  }

  // The server took the form: it answered with success, and not with the login or with the same form again.
  function settle(form, status, signIn) {
    if (!form.dropDraft || status < 200 || status >= 300 || signIn) return;
    const again = document.querySelector('form[data-draft="' + CSS.escape(form.dataset.draft) + '"]');
    if (status === 204 || !again) form.dropDraft();
  }

  document.addEventListener("htmx:afterSwap", (event) => {
    const form = event.detail.requestConfig && event.detail.requestConfig.elt;
    if (form && form.dropDraft) settle(form, event.detail.xhr.status, false);
  });
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const answer = event.detail.xhr;
    if (answer.status === 204 && event.detail.elt.dropDraft) {
      settle(event.detail.elt, 204, answer.getResponseHeader("X-Sign-In") !== null);
    }
  });

  if (ownKey()) names().forEach(read);
  window.drafts = { wants: wantsDraft, dress: dressDraft, settle };
})();

// The page is rendered by the server. This script renders nothing: it fetches the page anew
// when something has happened, swaps in what differs, and sends forms as JSON.
"use strict";

const $ = (id) => document.getElementById(id);
let shown = new Map(); // data-live name → the HTML it was last given

const remember = () => {
  for (const el of document.querySelectorAll("[data-live]")) shown.set(el.dataset.live, el.outerHTML);
};

/* Live: one fetch at a time, and one more if something happened meanwhile. Nothing is swapped
   under a finger: a button replaced between press and release would not be clicked. */
let fetching = false, again = false, pressed = false;

addEventListener("pointerdown", () => { pressed = true; }, true);
for (const name of ["pointerup", "pointercancel"]) addEventListener(name, () => setTimeout(release), true);
addEventListener("blur", (event) => { if (event.target === window) release(); });

function release() {
  pressed = false;
  if (again && !fetching) { again = false; refresh(); }
}

async function refresh() {
  if (fetching || pressed) { again = true; return; }
  fetching = true;
  try {
    const response = await fetch(location.href, { headers: { Accept: "text/html" } });
    const text = await response.text();
    if (pressed) again = true;
    else if (response.ok) swap(new DOMParser().parseFromString(text, "text/html"));
  } catch { /* the stream tells that the sandbox is gone */ }
  fetching = false;
  if (again && !pressed) { again = false; refresh(); }
}

function swap(fresh) {
  for (const next of fresh.querySelectorAll("[data-live]")) {
    const name = next.dataset.live;
    const now = document.querySelector(`[data-live="${name}"]`);
    if (!now || shown.get(name) === next.outerHTML) continue;
    shown.set(name, next.outerHTML);
    replace(now, document.importNode(next, true));
  }
}

// replace keeps what the person is in the middle of: focus, typed text, open details, the
// place they have scrolled to.
function replace(old, next) {
  const focus = document.activeElement && old.contains(document.activeElement) ? document.activeElement.id : "";
  const known = new Set([...old.querySelectorAll("[id]")].map((el) => el.id));
  const scrolls = [".thread", ".scroll", ".people", ".table"].map((s) => [s, old.querySelector(s)?.scrollTop ?? 0]);
  const thread = old.querySelector(".thread");
  const atEnd = !thread || thread.scrollHeight - thread.scrollTop - thread.clientHeight < 40;
  for (const was of old.querySelectorAll("input[id], select[id], details[id]")) {
    const is = next.querySelector("#" + CSS.escape(was.id));
    if (!is) continue;
    if (is.tagName === "DETAILS") is.open = was.open;
    else if (is.type === "radio" || is.type === "checkbox") is.checked = was.checked;
    else is.value = was.value;
  }
  old.replaceWith(next);
  for (const [s, top] of scrolls) { const el = next.querySelector(s); if (el) el.scrollTop = top; }
  if (atEnd) toEnd();
  if (focus) $(focus)?.focus({ preventScroll: true });
  for (const el of next.querySelectorAll(".msg")) if (!known.has(el.id)) el.classList.add("arrived");
  announce(old, next);
}

function announce(old, next) {
  const text = next.querySelector("#latest")?.dataset.text;
  if (text && text !== old.querySelector("#latest")?.dataset.text) say(text, true);
}

function toEnd() {
  const thread = $("thread");
  if (thread) thread.scrollTop = thread.scrollHeight;
}

function listen() {
  const stream = new EventSource("/_sandbox/events");
  let first = true;
  stream.onopen = () => link("live", "Live");
  stream.onmessage = () => { if (first) first = false; refresh(); };
  stream.onerror = () => link("gone", "Reconnecting");
  addEventListener("pagehide", () => stream.close());
}

function link(state, text) {
  const el = $("link");
  if (el.dataset.state === state) return;
  el.dataset.state = state;
  el.firstElementChild.textContent = text;
}

/* Forms: a button may name another address than its form. */
document.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target, button = event.submitter;
  const address = button?.dataset.post || form.dataset.post;
  if (!address) return;
  const method = form.dataset.method || "POST";
  const body = method === "POST" ? JSON.stringify(fields(form, button)) : undefined;
  form.setAttribute("aria-busy", "true");
  try {
    const response = await fetch(address, { method, body, headers: { "Content-Type": "application/json" } });
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.error || "It did not work.");
    if (form.hasAttribute("data-clear")) form.reset();
    const done = button?.dataset.done || form.dataset.done;
    if (done) say(done);
  } catch (problem) {
    say(problem.message, false, true);
  }
  form.removeAttribute("aria-busy");
  refresh();
});

function fields(form, button) {
  const out = {};
  for (const el of form.elements) {
    if (!el.name || el.tagName === "BUTTON" || el.tagName === "FIELDSET") continue;
    if (el.dataset.type === "switch") { out[el.name] = el.checked; continue; }
    if ((el.type === "radio" || el.type === "checkbox") && !el.checked) continue;
    const own = el.closest(".row")?.querySelector("button"); // what stands in a button's row is that button's
    if (!own || own === button) put(out, el);
  }
  if (button?.name) put(out, button);
  if (form.dataset.split) {
    const [where, what] = out[form.dataset.split].split("/");
    delete out[form.dataset.split];
    Object.assign(out, { where, what });
  }
  return out;
}

// put adds one field.
function put(out, el) {
  const value = el.value.trim();
  switch (el.dataset.type) {
    case "bool": out[el.name] = value === "true"; break;
    case "number": if (value) out[el.name] = Number(value); break;
    case "rupees": {
      const amount = value || el.placeholder;
      out[el.name] = Math.round(Number(amount.replace(/[₹,\s]/g, "")) * 100);
      break;
    }
    default: if (value) out[el.name] = el.value;
  }
}

/* One line of news, for eyes and for screen readers. */
let hide;
function say(text, onlyHeard, bad) {
  const toast = $("toast");
  toast.hidden = false;
  toast.className = "toast" + (onlyHeard ? " hear" : "") + (bad ? " bad" : "");
  toast.textContent = text;
  clearTimeout(hide);
  hide = setTimeout(() => { toast.hidden = true; }, 4000);
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.target.matches("input, select, textarea")) return;
  const sheet = document.querySelector('[data-sheet="picked"] [data-close]');
  if (sheet) location.assign(sheet.href);
});

remember();
toEnd();
listen();

import { foldEntries } from "./folding.js";

// A long list is drawn by the server when it is opened: from the state that the form was drawn from, and put into its place.
// Without an answer the list's own button is left, which sends the whole form.
const opening = new Map();
export function openPanel(form, closed) {
  if (!closed.dataset.panel || !closed.isConnected) return Promise.resolve();
  if (!opening.has(closed)) opening.set(closed, fetchPanel(form, closed).finally(() => opening.delete(closed)));
  return opening.get(closed);
}

async function fetchPanel(form, closed) {
  const wanted = new FormData();
  for (const name of ["csrfmiddlewaretoken", "_base"]) wanted.append(name, form.elements[name].value);
  wanted.append("_panel", closed.dataset.panel);
  wanted.append("_panel_only", "1");
  closed.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(location.href, { method: "POST", body: wanted });
    const drawn = document.createElement("template");
    drawn.innerHTML = answer.ok ? await answer.text() : "";
    const opened = drawn.content.getElementById(closed.id);
    if (!opened || opened.dataset.panel) return;
    closed.replaceWith(opened);
    startRows(opened);
    foldEntries(opened);
    form.dispatchEvent(new CustomEvent("panel-opened", { detail: { closed, opened } }));
  } catch (error) { /* offline: the button is there still */ } finally { closed.removeAttribute("aria-busy"); }
}

// What the admin's own scripts do once for the lists of the page.
function startRows(group) {
  const $ = django.jQuery;
  if (!group.dataset.inlineFormset) return;
  const { name, options } = JSON.parse(group.dataset.inlineFormset);
  const rows = `${name}-group .inline-related`;
  $(group).find(".admin-autocomplete").not("[name*=__prefix__]").djangoAdminSelect2();
  $(rows).stackedFormset(rows, options);
  if (window.DateTimeShortcuts) { $(".datetimeshortcuts").remove(); DateTimeShortcuts.init(); }
}

export function listenToButtons(form) {
  form.addEventListener("click", (event) => {
    const closed = event.target.name === "_panel" && event.target.closest("[data-panel]");
    if (!closed || opening.has(closed)) return;
    event.preventDefault();
    openPanel(form, closed).then(() => { if (closed.isConnected) event.target.form.requestSubmit(event.target); });
  });
}

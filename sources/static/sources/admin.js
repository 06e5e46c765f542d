/* Comforts of the editing screen: tabs, folding, "cite" beside each field, and presence.
   Everything also works without this file. */
"use strict";

document.addEventListener("DOMContentLoaded", function () {
  const form = document.querySelector("form[id$='_form']");
  if (!form) return;

  // Tabs: the record's own fields, then one for each list of parts.
  function makeTabs() {
    const panels = [];
    const own = [...form.querySelectorAll(":scope > div > fieldset.module")];
    if (own.length) panels.push({ name: gettextSafe("Record"), parts: own });
    form.querySelectorAll(":scope > div > .inline-group").forEach((group) => {
      const heading = group.querySelector("h2");
      const present = panels.find((panel) => panel.citations) && group.id.includes("citation");
      if (present) { panels.find((panel) => panel.citations).parts.push(group); return; }
      const count = Number(group.dataset.count || 0) || group.querySelectorAll(".inline-related.has_original, .present-citations tbody tr[data-part]").length;
      panels.push({ name: heading.textContent.trim() + (count ? ` (${count})` : ""), parts: [group], citations: group.id === "present-citations" });
    });
    if (panels.length < 2) return;
    const list = document.createElement("div");
    list.className = "tabs";
    list.setAttribute("role", "tablist");
    const buttons = panels.map((panel, index) => {
      const button = document.createElement("button");
      button.type = "button";
      button.setAttribute("role", "tab");
      button.textContent = panel.name;
      if (panel.parts.some((part) => part.querySelector(".errorlist"))) button.classList.add("has-errors");
      button.addEventListener("click", () => show(index));
      button.addEventListener("keydown", (event) => {
        const last = panels.length - 1;
        const next = { ArrowRight: index < last ? index + 1 : 0, ArrowLeft: index ? index - 1 : last, Home: 0, End: last }[event.key];
        if (next !== undefined) { show(next); buttons[next].focus(); event.preventDefault(); }
      });
      list.append(button);
      return button;
    });
    form.addEventListener("panel-opened", (event) => {
      const { closed, opened } = event.detail;
      for (const panel of panels) panel.parts = panel.parts.map((part) => part === closed ? opened : part);
      opened.hidden = closed.hidden;
    });
    function show(chosen) {
      panels[chosen].parts.forEach(openPanel);
      panels.forEach((panel, index) => {
        panel.parts.forEach((part) => { part.hidden = index !== chosen; });
        buttons[index].setAttribute("aria-selected", index === chosen);
        buttons[index].tabIndex = index === chosen ? 0 : -1;
      });
      form.dispatchEvent(new CustomEvent("tab-shown", { detail: panels[chosen].parts }));
      try { sessionStorage.setItem(tabKey, chosen); } catch (error) { /* private mode */ }
    }
    const tabKey = "tab " + location.pathname;
    own[0].before(list);
    const wrong = buttons.findIndex((button) => button.classList.contains("has-errors"));
    let last = 0;
    try { last = Number(sessionStorage.getItem(tabKey)) || 0; } catch (error) { /* private mode */ }
    show(wrong >= 0 ? wrong : Math.min(last, panels.length - 1));
    return { reveal: (element) => { const at = panels.findIndex((panel) => panel.parts.some((part) => part.contains(element))); if (at >= 0) show(at); } };
  }

  function gettextSafe(text) { return window.gettext ? window.gettext(text) : text; }

  // A long list is drawn by the server when it is opened: from the state that the form was drawn from, and put into its place.
  // Without an answer the list's own button is left, which sends the whole form.
  const opening = new Map();
  function openPanel(closed) {
    if (!closed.dataset.panel || !closed.isConnected) return Promise.resolve();
    if (!opening.has(closed)) opening.set(closed, fetchPanel(closed).finally(() => opening.delete(closed)));
    return opening.get(closed);
  }
  async function fetchPanel(closed) {
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
  function listenToButtons() {
    form.addEventListener("click", (event) => {
      const closed = event.target.name === "_panel" && event.target.closest("[data-panel]");
      if (!closed || opening.has(closed)) return;
      event.preventDefault();
      openPanel(closed).then(() => { if (closed.isConnected) event.target.form.requestSubmit(event.target); });
    });
  }

  // Entries that are there are folded to their heading.
  function foldEntries(group) {
    group.querySelectorAll(".inline-related.has_original").forEach((entry) => {
      if (entry.querySelector(".errorlist")) return;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "fold";
      const set = (folded) => { entry.classList.toggle("folded", folded); button.setAttribute("aria-expanded", !folded); button.textContent = gettextSafe(folded ? "Show" : "Hide"); };
      button.addEventListener("click", () => set(!entry.classList.contains("folded")));
      entry.querySelector("h3").append(button);
      set(true);
    });
  }

  // A button beside each field that can be cited: how many citations it has, and a way to add one. The empty citation form
  // comes to the field, and goes back to its own tab when that is opened.
  function offerCitations(tabs) {
    const data = document.getElementById("fact-states");
    const select = form.querySelector("select[id$='-0-facts']");
    if (!data || !select) return;
    const facts = JSON.parse(data.textContent);
    const rows = {};
    const panel = select.closest(".inline-related");
    const home = document.createComment("the empty citation form");
    panel.before(home);
    form.addEventListener("tab-shown", (event) => {
      if (event.detail.includes(home.parentElement.closest(".inline-group"))) { home.after(panel); panel.classList.remove("beside"); }
    });
    function offer(row, part, field) {
      const place = part + "|" + field;
      const label = row.querySelector("label");
      if (!facts[place] || !label) return;
      rows[place] = row;
      const { count, needed } = facts[place];
      const button = document.createElement("button");
      button.type = "button";
      button.className = "cite-here" + (needed && !count ? " none" : "");
      button.textContent = count + " · " + gettextSafe("cite");
      button.title = facts[place].label;
      button.addEventListener("click", () => cite(place));
      label.after(button);
    }
    const fieldOf = (row) => ([...row.classList].map((name) => name.match(/^field-(.+)$/)).find(Boolean) || [])[1];
    form.querySelectorAll(":scope > div > fieldset.module .form-row").forEach((row) => offer(row, "", fieldOf(row)));
    const offerIn = (group) => group.querySelectorAll(".inline-related.has_original").forEach((entry) => {
      const key = entry.querySelector("input[name$='-key']");
      if (!key || !key.value) return;
      const part = key.name.split("-")[0] + "/" + key.value;
      entry.querySelectorAll(".form-row").forEach((row) => offer(row, part, fieldOf(row)));
    });
    offerIn(form);
    form.addEventListener("panel-opened", (event) => offerIn(event.detail.opened));
    async function cite(place) {
      const closed = form.querySelector(`[data-panel="${CSS.escape(place.split("/")[0])}"]`);
      if (place.includes("/") && closed) await openPanel(closed);
      const known = [...select.options].some((option) => option.value === place);
      if (!known) select.add(new Option(facts[place].label, place));
      [...select.options].forEach((option) => { option.selected = option.value === place || option.selected && select.dataset.touched; });
      select.dataset.touched = "yes";
      offerLastSource();
      const row = rows[place];
      if (row) {
        const fold = row.closest(".inline-related")?.querySelector(".fold[aria-expanded='false']");
        if (fold) fold.click();
        if (tabs) tabs.reveal(row);
        row.after(panel);
        panel.classList.add("beside");
      } else if (tabs) tabs.reveal(select);
      (row || select).scrollIntoView({ block: "center" });
      const next = form.querySelector("[id$='-0-source']");
      (next && next.value ? form.querySelector("[id$='-0-locator']") : select).focus({ preventScroll: true });
    }
    document.querySelectorAll(".to-fact").forEach((link) => link.addEventListener("click", (event) => {
      if (!facts[link.dataset.place]) return;
      event.preventDefault();
      cite(link.dataset.place);
    }));
  }

  // A search box that is narrowed by another field of its row offers what belongs to the choice there.
  function narrowSearchBoxes() {
    const narrowing = (box) => box && box.dataset.narrowedBy && form.elements[box.name.replace(/[^-]+$/, box.dataset.narrowedBy)];
    django.jQuery.ajaxPrefilter((options) => {
      const open = document.querySelector(".select2-container--open");
      const box = open && open.previousElementSibling;
      const other = narrowing(box);
      if (other) options.data += `&${box.dataset.narrowedBy}=${encodeURIComponent(other.value)}`;
    });
    django.jQuery(form).on("select2:select", (event) => {
      form.querySelectorAll("select[data-narrowed-by]").forEach((box) => {
        if (narrowing(box) === event.target && box.value) django.jQuery(box).val(null).trigger("change");
      });
    });
  }

  // The source that this editor cited last, on this record or else on another, is offered again; the box stays free.
  function offerLastSource() {
    const box = form.querySelector("select[id$='-0-source']");
    const last = document.getElementById("last-source");
    const { value, label } = last ? JSON.parse(last.textContent) : {};
    if (!box || box.value || !value) return;
    box.add(new Option(label, value, true, true));
    box.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // Presence: this editor is still here; who else is?
  function reportPresence() {
    const box = document.querySelector("[data-presence]");
    const token = form.querySelector("[name=csrfmiddlewaretoken]");
    if (!box || !token) return;
    const report = async () => {
      try {
        const answer = await fetch(box.dataset.presence, { method: "POST", headers: { "X-CSRFToken": token.value } });
        if (!answer.ok) return;
        const { others } = await answer.json();
        box.textContent = others.length ? gettextSafe("Also open here: ") + others.join(", ") : "";
      } catch (error) { /* offline: nothing to report */ }
    };
    report();
    setInterval(report, 20000);
  }

  // A worklist leads to a fact on which sources differ: to its ruling, or to where one is made.
  async function openNamedFact(tabs) {
    const place = decodeURIComponent(location.hash.slice(1));
    const list = () => form.querySelector("[id^='sources-adjudication'][id$='-group']");
    if (!place.includes("|") || !list() || !tabs) return;
    await openPanel(list());
    const rulings = list();
    const ruling = [...rulings.querySelectorAll("select[name$='-fact']")].find((box) => box.value === place);
    const entry = ruling ? ruling.closest(".inline-related") : rulings;
    const fold = ruling && entry.querySelector(".fold[aria-expanded='false']");
    if (fold) fold.click();
    tabs.reveal(entry);
    entry.scrollIntoView({ block: "start" });
    if (ruling) ruling.focus();
  }

  const tabs = makeTabs();
  foldEntries(form);
  listenToButtons();
  offerCitations(tabs);
  if (window.django && django.jQuery) narrowSearchBoxes();
  reportPresence();
  openNamedFact(tabs);
});

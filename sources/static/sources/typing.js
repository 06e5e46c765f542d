/* Typing that is never lost: kept in the browser, with the state that the form was drawn from, until the server has taken it.
   What is brought back goes into a form drawn from that same state, so that the server can join it with what others saved.
   The words are in the template "kept-typing" of the page. */
"use strict";

document.addEventListener("DOMContentLoaded", function () {
  const PREFIX = "typing ";
  const NOT_TYPED = ["csrfmiddlewaretoken", "_base", "_kept"];

  // The server names what it has saved, on whatever page it answers with: that copy has served.
  document.querySelectorAll(".messagelist .saved").forEach((line) => {
    for (const word of line.classList) if (word.startsWith("kept-")) drop(word.slice("kept-".length));
  });

  // "Back" and "reload" lead to the form as it stands, and not to what was posted to draw this page.
  if (document.querySelector("[name=_kept]:not([value=''])")) history.replaceState(null, "", location.href);

  // Whoever types another text for a conflict has chosen it.
  document.querySelectorAll(".conflict [name^='text:']").forEach((box) => box.addEventListener("input", () => {
    box.closest(".conflict").querySelector("[type=radio][value=text]").checked = true;
  }));

  const form = document.querySelector("form[id$='_form']");
  const words = document.getElementById("kept-typing");
  if (!form || !words) return;
  // A browser that fills in the fields by itself after "back" would put old typing on a new state, by position.
  form.setAttribute("autocomplete", "off");

  const me = { user: words.dataset.user, name: words.dataset.name };
  // Another's proposal, edited at the record's own address, is a text of its own.
  const here = location.pathname + " " + (new URLSearchParams(location.search).get("proposal") || "");
  const base = form.querySelector("[name=_base]");
  const mark = form.querySelector("[name=_kept]");
  const isContinued = Boolean(mark.value);
  if (!isContinued) mark.value = newId();
  let changed = false;
  let timer = 0;

  function newId() {
    return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }
  function read(id) {
    try { return JSON.parse(localStorage.getItem(PREFIX + id) || "null"); } catch (error) { return null; }
  }
  function drop(id) {
    try { localStorage.removeItem(PREFIX + id); } catch (error) { /* private mode */ }
  }
  function all() {
    const found = [];
    try {
      for (let at = 0; at < localStorage.length; at += 1) {
        const name = localStorage.key(at);
        const kept = name.startsWith(PREFIX) && read(name.slice(PREFIX.length));
        if (kept) found.push({ ...kept, id: name.slice(PREFIX.length) });
      }
    } catch (error) { /* private mode */ }
    return found.sort((one, other) => other.at - one.at);
  }

  function whenReady(run) { if (window.django && django.jQuery) django.jQuery(run); else run(); }

  // Keeping

  function keep() {
    const values = {};
    for (const [name, value] of new FormData(form)) if (!NOT_TYPED.includes(name)) (values[name] ||= []).push(value);
    // A search box has only the options that were chosen in it; to choose them again takes their names.
    const labels = {};
    form.querySelectorAll("select.admin-autocomplete").forEach((box) => {
      for (const option of box.selectedOptions) if (option.value) (labels[box.name] ||= {})[option.value] = option.textContent;
    });
    const kept = { ...me, here, at: Date.now(), base: base ? base.value : "", values, labels };
    try { localStorage.setItem(PREFIX + mark.value, JSON.stringify(kept)); } catch (error) { sayOnce("full"); }
  }
  function noteChange() { changed = true; clearTimeout(timer); timer = setTimeout(keep, 800); }
  form.addEventListener("input", noteChange);
  // Choosing in a search box is an event of jQuery only.
  if (window.django && django.jQuery) django.jQuery(form).on("select2:select select2:unselect select2:clear", noteChange);
  form.addEventListener("submit", () => { clearTimeout(timer); keep(); changed = false; });
  window.addEventListener("pagehide", () => { if (changed) keep(); });
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });

  // Offering

  function say(part, kept) {
    const line = words.content.querySelector(`[data-part=${part}]`).cloneNode(true);
    if (kept) {
      line.querySelectorAll("[data-name]").forEach((place) => { place.textContent = kept.name; });
      line.querySelectorAll("time").forEach((place) => {
        place.textContent = new Date(kept.at).toLocaleString(document.documentElement.lang || undefined);
        place.dateTime = new Date(kept.at).toISOString();
      });
    }
    form.before(line);
    return line;
  }
  function sayOnce(part) { if (!document.querySelector(`.kept-typing[data-part=${part}]`)) say(part); }
  function offer(kept) {
    if (kept.user !== me.user) { say("other", kept); return; }
    const line = say("own", kept);
    line.querySelector("[data-when-changed]").hidden = isSameState(kept);
    const on = (act, run) => line.querySelector(`[data-act=${act}]`).addEventListener("click", run);
    const ask = (asking) => {
      line.querySelector("[data-asking]").hidden = !asking;
      line.querySelector("[data-offering]").hidden = asking;
      line.querySelector(asking ? "[data-act=drop-for-good]" : "[data-act=drop]").focus();
    };
    on("bring-back", () => { line.remove(); bringBack(kept); });
    on("drop", () => ask(true));
    on("keep", () => ask(false));
    on("drop-for-good", () => { drop(kept.id); line.remove(); });
  }
  // Whether the lists that were typed into are in the page: a long one is drawn when it is opened.
  function hasPanelsOf(kept) {
    const marks = Object.keys(kept.values).filter((name) => name.endsWith("-TOTAL_FORMS") || name === "remove-citation");
    return marks.every((name) => form.elements[name]);
  }
  function isSameState(kept) { return kept.base === (base ? base.value : ""); }

  // Bringing back

  function bringBack(kept) {
    if (isSameState(kept) && !changed && !isContinued && hasPanelsOf(kept)) {
      mark.value = kept.id;
      restore(kept);
      return;
    }
    if (changed) keep();
    changed = false;
    const values = { ...kept.values, _base: [kept.base], _kept: [kept.id], _bring_back: ["1"] };
    values.csrfmiddlewaretoken = [form.querySelector("[name=csrfmiddlewaretoken]").value];
    const errand = document.createElement("form");
    errand.method = "post";
    errand.hidden = true;
    for (const [name, list] of Object.entries(values)) {
      for (const value of list) {
        const field = document.createElement("textarea");
        field.name = name;
        field.value = value;
        errand.append(field);
      }
    }
    document.body.append(errand);
    errand.submit();
  }

  function restore(kept) {
    const places = rowPlaces(kept.values);
    const values = {}, labels = {}, homeless = [];
    for (const [name, list] of Object.entries(kept.values)) {
      if (/-(TOTAL|INITIAL|MIN_NUM|MAX_NUM)_FORMS$/.test(name)) continue;
      const now = placeNow(name, places);
      if (now === null) { if (list.some(Boolean) && !/-(key|DELETE)$/.test(name)) homeless.push([name, list]); }
      else { values[now] = list; labels[now] = kept.labels[name] || {}; }
    }
    for (const [name, list] of Object.entries(values)) {
      form.querySelectorAll(`[name="${CSS.escape(name)}"]`).forEach((field) => putBack(field, list, labels[name]));
    }
    // A box that nobody ticked, and a list in which nothing is chosen, are not in what was kept.
    // Nor is a list that was not in the page then.
    const wasThere = (name) => { const row = name.match(/^(.+?)-\d+-/); return !row || `${row[1]}-TOTAL_FORMS` in kept.values; };
    form.querySelectorAll("input[type=checkbox], select[multiple]").forEach((field) => {
      if (!(field.name in values) && !field.name.includes("__prefix__") && wasThere(field.name)) putBack(field, [], {});
    });
    say("brought-back", kept);
    if (homeless.length) {
      const list = say("homeless").querySelector("ul");
      for (const [name, texts] of homeless) {
        const line = document.createElement("li");
        line.textContent = name.replace(/^(.*)-\d+-/, "$1 ") + ": " + texts.join(", ");
        list.append(line);
      }
    }
    noteChange();
  }

  // A row that was there is found by its key, whatever its place now; a new one is new again. ``{prefix: {row: row now}}``
  function rowPlaces(values) {
    const places = {};
    for (const name of Object.keys(values).filter((name) => name.endsWith("-TOTAL_FORMS"))) {
      const prefix = name.slice(0, -"-TOTAL_FORMS".length);
      const total = form.querySelector(`[name="${CSS.escape(name)}"]`);
      const initial = form.querySelector(`[name="${CSS.escape(prefix + "-INITIAL_FORMS")}"]`);
      places[prefix] = {};
      if (!total || !initial) continue;
      const byKey = {};
      for (let row = 0; row < Number(initial.value); row += 1) byKey[fieldValue(`${prefix}-${row}-key`)] = row;
      let fresh = Number(initial.value);
      for (const row of rowsOf(prefix, values)) {
        const key = (values[`${prefix}-${row}-key`] || [""])[0];
        if (key) { if (key in byKey) places[prefix][row] = byKey[key]; }
        else { places[prefix][row] = fresh; fresh += 1; }
      }
      const add = form.querySelector(`#${CSS.escape(prefix + "-group")} .add-row :is(a, button)`);
      for (let more = fresh - Number(total.value); more > 0 && add; more -= 1) add.click();
      for (const row of Object.keys(places[prefix])) if (places[prefix][row] >= Number(total.value)) delete places[prefix][row];
    }
    return places;
  }
  function rowsOf(prefix, values) {
    const start = prefix + "-";
    const numbers = Object.keys(values).filter((name) => name.startsWith(start)).map((name) => name.slice(start.length).match(/^(\d+)-/));
    return [...new Set(numbers.filter(Boolean).map((found) => Number(found[1])))].sort((one, other) => one - other);
  }
  function fieldValue(name) {
    const field = form.querySelector(`[name="${CSS.escape(name)}"]`);
    return field ? field.value : "";
  }
  // The name that a field has now; null when its row is gone.
  function placeNow(name, places) {
    const found = name.match(/^(.+?)-(\d+)-(.+)$/);
    if (!found || !(found[1] in places)) return name;
    const row = places[found[1]][found[2]];
    return row === undefined ? null : `${found[1]}-${row}-${found[3]}`;
  }
  function putBack(field, list, labels) {
    if (field.type === "hidden" || field.disabled) return;
    const before = shown(field);
    if (field.type === "checkbox" || field.type === "radio") field.checked = list.includes(field.value);
    else if (field.tagName === "SELECT") {
      const known = new Set([...field.options].map((option) => option.value));
      list.filter((value) => value && !known.has(value)).forEach((value) => field.add(new Option(labels[value] || value, value)));
      [...field.options].forEach((option) => { option.selected = list.includes(option.value); });
    } else field.value = list[0];
    if (shown(field) === before) return;
    (field.closest(".form-row, td, .report") || field).classList.add("brought-back");
    if (field.tagName === "SELECT") field.dispatchEvent(new Event("change", { bubbles: true }));
  }
  function shown(field) {
    if (field.tagName === "SELECT") return JSON.stringify([...field.selectedOptions].map((option) => option.value));
    return field.type === "checkbox" || field.type === "radio" ? String(field.checked) : field.value;
  }

  const kept = all().filter((other) => other.here === here);
  kept.filter((other) => other.id !== mark.value).forEach(offer);
  if ("bringBack" in words.dataset) {
    const wanted = read(mark.value);
    // Rows can be added once the admin's own scripts have run.
    if (wanted) whenReady(() => restore(wanted));
  }
});

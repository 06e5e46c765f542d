import { openPanel } from "./panels.js";
import { translated } from "./words.js";

// A button beside each field that can be cited: how many citations it has, and a way to add one. The empty citation form
// comes to the field, and goes back to its own tab when that is opened.
export function offerCitations(form, tabs) {
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
    button.textContent = count + " · " + translated("cite");
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
    if (place.includes("/") && closed) await openPanel(form, closed);
    const known = [...select.options].some((option) => option.value === place);
    if (!known) select.add(new Option(facts[place].label, place));
    [...select.options].forEach((option) => { option.selected = option.value === place || option.selected && select.dataset.touched; });
    select.dataset.touched = "yes";
    offerLastSource(form);
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

// The source that this editor cited last, on this record or else on another, is offered again; the box stays free.
function offerLastSource(form) {
  const box = form.querySelector("select[id$='-0-source']");
  const last = document.getElementById("last-source");
  const { value, label } = last ? JSON.parse(last.textContent) : {};
  if (!box || box.value || !value) return;
  box.add(new Option(label, value, true, true));
  box.dispatchEvent(new Event("change", { bubbles: true }));
}

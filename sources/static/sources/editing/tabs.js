import { openPanel } from "./panels.js";
import { translated } from "./words.js";

// Tabs: the record's own fields, then one for each list of parts.
export function makeTabs(form) {
  const panels = [];
  const own = [...form.querySelectorAll(":scope > div > fieldset.module")];
  if (own.length) panels.push({ name: translated("Record"), parts: own });
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
    panels[chosen].parts.forEach((part) => openPanel(form, part));
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

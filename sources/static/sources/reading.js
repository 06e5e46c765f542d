// What pages for readers do with a script: suggestions while somebody types, and notes beside their numbers.

import { suggestWhileTyping } from "./suggesting.js";

suggestWhileTyping();

// Shows a footnote beside its number. Without this the number leads to the list of notes, and that works as well.

const card = document.createElement("div");
card.className = "notecard";
card.popover = "auto";

function showBeside(link, note) {
  card.replaceChildren(...[...note.childNodes].map((node) => node.cloneNode(true)));
  card.querySelectorAll("[id]").forEach((node) => node.removeAttribute("id"));
  const more = document.createElement("a");
  more.href = link.getAttribute("href");
  more.textContent = card.dataset.more;
  const line = document.createElement("p");
  line.className = "meta";
  line.append(more);
  card.append(line);
  link.after(card);
  card.showPopover();
  const spot = link.getBoundingClientRect();
  const left = Math.min(spot.left, document.documentElement.clientWidth - card.offsetWidth - 16);
  card.style.left = `${Math.max(left, 8) + window.scrollX}px`;
  card.style.top = `${spot.bottom + window.scrollY + 6}px`;
}

// Pages that notes were read from, by address: a short page keeps its notes on the page of the whole record.
const pages = new Map([[location.pathname, Promise.resolve(document)]]);

function pageOf(link) {
  if (!pages.has(link.pathname)) {
    const page = fetch(link.pathname).then((answer) => {
      if (!answer.ok) throw new Error(answer.statusText);
      return answer.text();
    });
    pages.set(link.pathname, page.then((text) => new DOMParser().parseFromString(text, "text/html")));
  }
  return pages.get(link.pathname);
}

document.addEventListener("click", async (event) => {
  const link = event.target.closest('a[role="doc-noteref"]');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !card.showPopover) return;
  event.preventDefault();
  const note = await pageOf(link).then((page) => page.getElementById(link.hash.slice(1)), () => null);
  if (!note) {
    location.assign(link.href);
    return;
  }
  card.dataset.more = document.body.dataset.noteMore;
  showBeside(link, note);
});

// An address made by a filter form names only what was asked for.
document.addEventListener("submit", (event) => {
  if (event.target.method !== "get") return;
  for (const field of event.target.elements) field.disabled ||= field.name !== "" && field.value === "";
});

// A browser that comes back to the page keeps fields disabled.
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form :disabled").forEach((field) => { field.disabled = false; });
});

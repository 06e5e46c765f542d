// Shows a footnote beside its number. Without this the number leads to the list of notes, and that works as well.

const card = document.createElement("div");
card.className = "notecard";
card.popover = "auto";

function showBeside(link, note) {
  card.replaceChildren(...[...note.childNodes].map((node) => node.cloneNode(true)));
  card.querySelectorAll("[id]").forEach((node) => node.removeAttribute("id"));
  const more = document.createElement("a");
  more.href = link.hash;
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

document.addEventListener("click", (event) => {
  const link = event.target.closest('a[role="doc-noteref"]');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !card.showPopover) return;
  const note = document.getElementById(link.hash.slice(1));
  if (!note) return;
  event.preventDefault();
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

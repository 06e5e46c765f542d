import { translated } from "./words.js";

// Entries that are there are folded to their heading.
export function foldEntries(group) {
  group.querySelectorAll(".inline-related.has_original").forEach((entry) => {
    if (entry.querySelector(".errorlist")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "fold";
    const set = (folded) => { entry.classList.toggle("folded", folded); button.setAttribute("aria-expanded", !folded); button.textContent = translated(folded ? "Show" : "Hide"); };
    button.addEventListener("click", () => set(!entry.classList.contains("folded")));
    entry.querySelector("h3").append(button);
    set(true);
  });
}

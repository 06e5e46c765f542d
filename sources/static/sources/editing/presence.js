import { translated } from "./words.js";

// Presence: this editor is still here; who else is?
export function reportPresence(form) {
  const box = document.querySelector("[data-presence]");
  const token = form.querySelector("[name=csrfmiddlewaretoken]");
  if (!box || !token) return;
  const report = async () => {
    try {
      const answer = await fetch(box.dataset.presence, { method: "POST", headers: { "X-CSRFToken": token.value } });
      if (!answer.ok) return;
      const { others } = await answer.json();
      box.textContent = others.length ? translated("Also open here: ") + others.join(", ") : "";
    } catch (error) { /* offline: nothing to report */ }
  };
  report();
  setInterval(report, 20000);
}

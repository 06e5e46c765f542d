import { openPanel } from "./panels.js";

// A worklist leads to a fact on which sources differ: to its ruling, or to where one is made.
export async function openNamedFact(form, tabs) {
  const place = decodeURIComponent(location.hash.slice(1));
  const list = () => form.querySelector("[id^='sources-adjudication'][id$='-group']");
  if (!place.includes("|") || !list() || !tabs) return;
  await openPanel(form, list());
  const rulings = list();
  const ruling = [...rulings.querySelectorAll("select[name$='-fact']")].find((box) => box.value === place);
  const entry = ruling ? ruling.closest(".inline-related") : rulings;
  const fold = ruling && entry.querySelector(".fold[aria-expanded='false']");
  if (fold) fold.click();
  tabs.reveal(entry);
  entry.scrollIntoView({ block: "start" });
  if (ruling) ruling.focus();
}

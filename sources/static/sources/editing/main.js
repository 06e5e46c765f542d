// Comforts of the editing screen: tabs, lists that open, folding, "cite" beside each field, and presence. Everything works without.

import { offerCitations } from "./citations.js";
import { foldEntries } from "./folding.js";
import { openNamedFact } from "./named_fact.js";
import { listenToButtons } from "./panels.js";
import { reportPresence } from "./presence.js";
import { narrowSearchBoxes } from "./search_boxes.js";
import { makeTabs } from "./tabs.js";

// The admin's own scripts start at the same event; a module is read before it.
document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("form[id$='_form']");
  if (!form) return;
  const tabs = makeTabs(form);
  foldEntries(form);
  listenToButtons(form);
  offerCitations(form, tabs);
  if (window.django && django.jQuery) narrowSearchBoxes(form);
  reportPresence(form);
  openNamedFact(form, tabs);
});

// Runs axe and gives the rules that are broken. What colours decide, nine tenths of the time, is measured on one element of
// each look: elements that are drawn alike, with all that surrounds them, cannot differ in it. What lies over others is looked
// at one by one. `coloursOnly` asks nothing else.
async ({ options, coloursOnly }) => {
  const BY_COLOUR = ["color-contrast", "link-in-text-block"];
  const DRAWN = [
    "color", "backgroundColor", "backgroundImage", "opacity", "filter", "mixBlendMode", "clipPath", "display", "fontFamily",
    "fontSize", "fontStyle", "fontWeight", "textShadow", "textDecorationLine", "textDecorationColor", "borderTopStyle",
    "borderBottomStyle", "borderBottomWidth", "borderBottomColor", "outlineStyle", "webkitTextFillColor",
    "webkitTextStrokeColor", "webkitTextStrokeWidth",
  ];
  const OVER_OTHERS = ["absolute", "fixed", "sticky"];
  const looksOf = new Map();

  function look(element) {
    if (!element) return "";
    if (!looksOf.has(element)) {
      const style = getComputedStyle(element);
      const own = OVER_OTHERS.includes(style.position) ? looksOf.size : "";
      looksOf.set(element, [look(element.parentElement), element.tagName, own, ...DRAWN.map((name) => style[name])].join("|"));
    }
    return looksOf.get(element);
  }

  function showsText(element) {
    const text = (node) => node.nodeType === Node.TEXT_NODE && node.data.trim();
    return element.checkVisibility() && (element.matches("a, input, select, textarea") || [...element.childNodes].some(text));
  }

  // A link among more words must be told from them; one that stands nearly alone need not. Lines of their own are not told apart here.
  function company(element) {
    if (!element.matches("a")) return "";
    let block = element.parentElement;
    while (getComputedStyle(block).display === "inline") block = block.parentElement;
    if (block.querySelector("br")) return looksOf.size;
    const length = (text) => text.replace(/\s+/g, "").length;
    const linked = [...block.querySelectorAll("a, button")].reduce((sum, one) => sum + length(one.textContent), 0);
    const others = length(block.textContent) - linked;
    // What axe asks is whether there are more other words. Where it is close, each is looked at.
    if (Math.abs(others - linked) * 5 < linked) return looksOf.size;
    return linked < others ? "among words" : "alone";
  }

  // Colours may be on their way from one scheme to the other.
  await Promise.all(document.getAnimations().map((animation) => animation.finished));
  const looks = new Map();
  for (const element of document.body.querySelectorAll("*")) {
    if (!showsText(element)) continue;
    const key = `${look(element)}|${company(element)}`;
    if (!looks.has(key)) looks.set(key, element);
  }
  for (const element of looks.values()) element.setAttribute("data-look", "");
  axe.configure({
    rules: [
      { id: "color-contrast", selector: "[data-look]" },
      { id: "link-in-text-block", selector: ":is(a[href], [role=link])[data-look]" },
    ],
  });
  const { violations } = await axe.run(coloursOnly ? { ...options, runOnly: BY_COLOUR } : options);
  for (const element of looks.values()) element.removeAttribute("data-look");
  return violations;
}

// What a machine can see to be wrong with the layout of the page as it stands: run in the browser, answers sentences.
() => {
  const found = [];
  const root = document.documentElement;
  const name = (element) => {
    const kind = element.className && element.className.baseVal === undefined ? "." + element.className.trim().split(/\s+/)[0] : "";
    return `${element.tagName.toLowerCase()}${kind === "." ? "" : kind}`;
  };
  const seen = (element) => {
    const box = element.getBoundingClientRect();
    // What is hidden for the eye and kept for readers is one pixel in size.
    return box.width > 2 && box.height > 2 && getComputedStyle(element).visibility !== "hidden";
  };
  if (root.scrollWidth > root.clientWidth) {
    const wide = Array.from(document.querySelectorAll("body *")).filter(
      (element) => seen(element) && element.getBoundingClientRect().right > root.clientWidth + 1,
    );
    const deepest = wide.filter((element) => !wide.some((other) => other !== element && element.contains(other)));
    found.push(`${root.scrollWidth - root.clientWidth} px too wide: ${deepest.slice(0, 3).map(name).join(", ")}`);
  }
  // A figure stays on one line.
  const FIGURE = /[−+¥]?\d[\d,]*(?:\.\d+)?/g;
  const walker = document.createTreeWalker(document.querySelector("main") || document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const holder = node.parentElement;
    if (!holder || !seen(holder) || holder.closest("textarea, option, .mono, code, pre")) continue;
    for (const match of node.data.matchAll(FIGURE)) {
      if (match[0].length < 3) continue;
      const range = document.createRange();
      range.setStart(node, match.index);
      range.setEnd(node, match.index + match[0].length);
      const lines = new Set(Array.from(range.getClientRects()).filter((box) => box.width > 0).map((box) => Math.round(box.top)));
      if (lines.size > 1) found.push(`figure broken: ${match[0]} in ${name(holder)}`);
    }
  }
  // Text cut at the edge of its box without an ellipsis; boxes that scroll by themselves show all of it.
  for (const element of document.querySelectorAll("main *")) {
    if (!seen(element) || element.matches("input, select, textarea, svg, svg *, progress, meter")) continue;
    const style = getComputedStyle(element);
    const cut = style.overflowX === "hidden" || style.overflowX === "clip";
    if (cut && style.textOverflow !== "ellipsis" && element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 2) {
      found.push(`cut by ${element.scrollWidth - element.clientWidth} px: ${name(element)}`);
    }
  }
  // A box for several lines is at least two lines high.
  for (const element of document.querySelectorAll("main textarea")) {
    const style = getComputedStyle(element);
    const room = element.clientHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom);
    if (seen(element) && element.rows > 1 && room < 1.6 * parseFloat(style.lineHeight)) {
      found.push(`one line high: textarea ${element.name}`);
    }
  }
  return Array.from(new Set(found)).slice(0, 8);
}
